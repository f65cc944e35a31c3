/**
 * All that the window of a reading room is told, with measurements after the first answers, practice cases and in a
 * consensus: cases by their numbers, and nothing of whose they are or of what others said.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Desk } from '../../../src/extension/reading/desk.ts';
import type { PreparedReading } from '../../../src/protocol/reading/room.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { chest, lobes, maskFile, textures } from '../masks/helpers.ts';

const PATIENTS = ['Roe-11', 'Roe-12'];
/** Of the CTs, of the tables of the study, and of what was said by whom. */
const HIDDEN = [...PATIENTS, 'series-', 'cohort/', 'lobes/', 'textures/', 'anna', 'bert', 'truth.csv', 'lungnb-'];

async function study(): Promise<TestSession> {
  const notebook = startSession();
  for (const patient of PATIENTS) writeSeries(join(notebook.folder, 'cohort', patient), chest(), patient);
  notebook.put('truth.csv', 'patient,region,class,percent\nRoe-12,total,ggo,30\n');
  notebook.put('anna.csv', 'patient,region,class,score\nRoe-11,total,ggo,0\nRoe-12,total,ggo,3\n');
  notebook.put('bert.csv', 'patient,region,class,score\nRoe-11,total,ggo,2\nRoe-12,total,ggo,1\n');
  await notebook.shown(
    'load "cohort" as cohort\nload "truth.csv" as truth\nload "anna.csv" as anna\nload "bert.csv" as bert',
  );
  return notebook;
}

async function preparedIn({ session }: TestSession, name: string): Promise<PreparedReading> {
  const reply = await session.reading({ name });
  if ('problem' in reply) throw new Error(reply.problem);
  return reply.reading;
}

/** What the window hears while a reader answers all cases: the form, where the reader is, and slices. Pictures say nothing in letters. */
async function heard({ session }: TestSession, prepared: PreparedReading): Promise<unknown[]> {
  const desk = new Desk(prepared, prepared.session, { now: () => 0, today: () => '2026-11-27' });
  const messages: unknown[] = [desk.form()];
  for (let goesOn = true; goesOn; goesOn = desk.next()) {
    const at = desk.at();
    const reply = await session.readingCase({ name: prepared.reader, case: at.case, ai: at.ai });
    messages.push(at, 'view' in reply ? { ...reply.view, slices: [] } : reply);
    const [key] = at.asks ?? ['total ggo'];
    desk.answer({ case: at.case, ai: at.ai, key: key!, value: 1 });
  }
  return messages;
}

function expectBlind(messages: readonly unknown[]): void {
  const text = JSON.stringify(messages);
  for (const hidden of HIDDEN) expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
}

it('with measurements and practice cases tells textures and right answers, and not whose they are', async () => {
  const notebook = await study();
  for (const patient of PATIENTS) {
    notebook.put(`lobes/${patient}.nii.gz`, maskFile(lobes()));
    notebook.put(`textures/${patient}.nii.gz`, maskFile(textures()));
  }
  await notebook.shown('load "lobes" labels 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL as l');
  await notebook.shown('load "textures" labels 1 normal, 2 ggo, 5 honeycombing as t');
  await notebook.shown('quantify cohort lobes from l textures from t as ai');
  await notebook.shown('read cohort for ggo calibrate "Roe-12" answers truth then ai as reader3');
  const messages = await heard(notebook, await preparedIn(notebook, 'reader3'));
  expectBlind(messages);
  // Case 1 without, with and with the right answer, then case 2 without and with.
  expect(messages).toMatchObject([
    { ai: 'then' },
    { case: 1, ai: false, calibration: true },
    { overlay: false },
    { case: 1, ai: true, isSecondLook: true },
    { overlay: true, report: expect.anything() },
    { case: 1, ai: true, truth: { 'total ggo': 2 } },
    { overlay: true },
    { case: 2, ai: false },
    { overlay: false },
    { case: 2, ai: true },
    { overlay: true },
  ]);
}, 60_000);

it('in a consensus tells what was said, and not by whom', async () => {
  const notebook = await study();
  await notebook.shown('read cohort for ggo consensus anna, bert beyond 1 as agreed');
  const messages = await heard(notebook, await preparedIn(notebook, 'agreed'));
  expectBlind(messages);
  expect(messages[0]).toMatchObject({ isConsensus: true });
  expect(JSON.stringify(messages)).toContain('Reader A');
});

it('tells nothing of a CT that cannot be read any more but its number', async () => {
  const notebook = await study();
  await notebook.shown('read cohort for ggo as reader3');
  await preparedIn(notebook, 'reader3');
  rmSync(join(notebook.folder, 'cohort'), { recursive: true });
  // The extension says so in words of its own, and keeps the reason for its log.
  await expect(notebook.session.readingCase({ name: 'reader3', case: 1, ai: false })).rejects.toThrow();
  const unknown = await notebook.session.readingCase({ name: 'reader3', case: 9, ai: false });
  expectBlind([unknown]);
  expect(unknown).toMatchObject({ problem: expect.stringContaining('case 9') });
});
