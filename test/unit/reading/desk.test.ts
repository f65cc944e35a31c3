/** The desk: what follows what, what may be answered when, and what of it the window is told. */
import { describe, expect, it } from 'vitest';
import { Desk } from '../../../src/extension/reading/desk.ts';
import type { PreparedReading } from '../../../src/protocol/reading/room.ts';
import { answersNow, type ReadingSession } from '../../../src/protocol/reading/scores.ts';
import { caseRead, given, planned, sessionOf } from './scores.ts';

function deskOf(session: ReadingSession, prepared: Partial<PreparedReading> = {}) {
  let ms = 0;
  const all = { reader: 'reader3', path: '/x', session, material: { pictures: {} }, truths: {}, said: {}, ...prepared };
  const desk = new Desk(all, session, { now: () => ms, today: () => '2026-11-27' });
  const wait = (seconds: number) => {
    ms += seconds * 1000;
  };
  return { desk, wait };
}

/** Answers a field of the case that is read. */
function say(desk: Desk, key: string, value: number | null): boolean {
  const { case: place, ai } = desk.at();
  return desk.answer({ case: place, ai, key, value });
}

describe('a session', () => {
  it('goes from case to case, and keeps every answer with its time and what it was before', () => {
    const { desk, wait } = deskOf(sessionOf({}));
    wait(2);
    say(desk, 'RLL ggo', 3);
    wait(1.5);
    say(desk, 'RLL ggo', 2);
    say(desk, 'LLL ggo', 0);
    say(desk, 'LLL ggo', null);
    wait(6.5);
    expect(desk.next()).toBe(true);
    expect(desk.at()).toMatchObject({ case: 2, of: 2, answers: {}, isDone: false });
    expect(desk.session().read[0]).toEqual(
      caseRead(
        1,
        [
          given('RLL', 'ggo', 3, { at: 2 }),
          given('RLL', 'ggo', 2, { at: 3.5 }),
          given('LLL', 'ggo', 0, { at: 3.5 }),
          given('LLL', 'ggo', null, { at: 3.5 }),
        ],
        { visits: [{ on: '2026-11-27', seconds: 10 }] },
      ),
    );
    expect(desk.next()).toBe(false);
    expect(desk.isOver).toBe(true);
  });

  it('begins again where it was left, with the answers of the open case', () => {
    const read = [caseRead(1, []), caseRead(2, [given('RLL', 'ggo', 4)], { isDone: false })];
    const { desk } = deskOf(sessionOf({ read }));
    expect(desk.at()).toMatchObject({ case: 2, answers: { 'RLL ggo': 4 } });
    say(desk, 'LLL ggo', 1);
    expect(desk.session().read[1]).toMatchObject({ visits: [{}, {}], answers: [{ visit: 1 }, { visit: 2 }] });
  });

  it('takes no answer that is none, or to a case that is not read', () => {
    const { desk } = deskOf(sessionOf({}));
    expect(say(desk, 'RLL ggo', 5)).toBe(false);
    expect(say(desk, 'RLL honeycombing', 1)).toBe(false);
    expect(desk.answer({ case: 2, ai: false, key: 'RLL ggo', value: 1 })).toBe(false);
    expect(desk.answer({ case: 1, ai: true, key: 'RLL ggo', value: 1 })).toBe(false);
    expect(desk.session().read[0]?.answers).toEqual([]);
  });

  it('goes back to what was seen, and never ahead', () => {
    const { desk } = deskOf(sessionOf({ cases: [planned(1, 'A'), planned(2, 'B'), planned(3, 'C')] }));
    expect(desk.goTo(3)).toBe(false);
    desk.next();
    expect(desk.goTo(1)).toBe(true);
    expect(desk.at()).toMatchObject({ case: 1, isDone: true });
    expect(desk.next()).toBe(true);
    expect(desk.at().case).toBe(2);
  });

  it('is looked through in its order once it is over', () => {
    const { desk } = deskOf(sessionOf({ read: [caseRead(1, []), caseRead(2, [])] }));
    expect(desk.isOver).toBe(true);
    desk.goTo(1);
    expect(desk.next()).toBe(true);
    expect(desk.at().case).toBe(2);
    expect(desk.next()).toBe(false);
  });

  it('counts the time on the screen alone', () => {
    const { desk, wait } = deskOf(sessionOf({}));
    wait(5);
    desk.setSeen(false);
    wait(1000);
    desk.setSeen(true);
    wait(2);
    desk.next();
    expect(desk.session().read[0]?.visits).toEqual([{ on: '2026-11-27', seconds: 7 }]);
  });

  it('tells the window no label, and nothing of other cases', () => {
    const { desk } = deskOf(sessionOf({}), { truths: { 2: { 'RLL ggo': 4 } }, said: { 2: {} } });
    expect(JSON.stringify(desk.at())).not.toMatch(/P0\d|series|truth|said/);
  });
});

describe('measurements that are shown after the first answers', () => {
  it('are hidden until the case was answered, and both answers are kept, of which the first is not changed any more', () => {
    const { desk } = deskOf(sessionOf({ ai: 'then', aiName: 'ai' }));
    expect(desk.at().ai).toBe(false);
    say(desk, 'RLL ggo', 1);
    desk.next();
    expect(desk.at()).toMatchObject({ case: 1, ai: true, isSecondLook: true, answers: { 'RLL ggo': 1 } });
    expect(desk.answer({ case: 1, ai: false, key: 'RLL ggo', value: 4 })).toBe(false);
    say(desk, 'RLL ggo', 3);
    desk.next();
    const [one] = desk.session().read;
    expect(one).toMatchObject({ isDone: true, isAiSeen: true });
    expect(answersNow(one!, false).get('RLL ggo')).toBe(1);
    expect(answersNow(one!, true).get('RLL ggo')).toBe(3);
    desk.goTo(1);
    expect(desk.at().ai).toBe(true);
  });

  it('stay seen where the window was killed before anything was answered again', () => {
    const { desk } = deskOf(sessionOf({ ai: 'then' }));
    desk.next();
    const again = deskOf(desk.session());
    expect(again.desk.at()).toMatchObject({ case: 1, ai: true });
  });
});

describe('a calibration case', () => {
  it('is told the right answer when it was scored, and not before, and then is not changed any more', () => {
    const session = sessionOf({ cases: [planned(1, 'P01', { calibration: true }), planned(2, 'P02')] });
    const { desk } = deskOf(session, { truths: { 1: { 'RLL ggo': 2 } } });
    expect(desk.at().truth).toBeUndefined();
    say(desk, 'RLL ggo', 1);
    desk.next();
    expect(desk.at()).toMatchObject({ case: 1, truth: { 'RLL ggo': 2 }, isLocked: true, answers: { 'RLL ggo': 1 } });
    expect(say(desk, 'RLL ggo', 2)).toBe(false);
    desk.next();
    expect(desk.at()).toMatchObject({ case: 2, isLocked: false });
  });
});

describe('a consensus', () => {
  it('asks for the disputed fields alone, with what was said of them', () => {
    const session = sessionOf({ cases: [planned(1, 'P01', { asks: ['RLL ggo'] })] });
    const said = { 1: { 'RLL ggo': [{ by: 'Reader A', value: 1 }], 'LLL ggo': [{ by: 'Reader A', value: 2 }] } };
    const { desk } = deskOf(session, { said });
    expect(desk.at()).toMatchObject({ asks: ['RLL ggo'], said: { 'RLL ggo': [{ by: 'Reader A', value: 1 }] } });
    expect(Object.keys(desk.at().said!)).toEqual(['RLL ggo']);
    expect(say(desk, 'LLL ggo', 2)).toBe(false);
    expect(say(desk, 'RLL ggo', 2)).toBe(true);
  });
});
