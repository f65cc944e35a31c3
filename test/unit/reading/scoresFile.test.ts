/** Files of scores: what is written is read again, and what is not whole is refused. */
import { describe, expect, it } from 'vitest';
import {
  formatScores,
  looksLikeScores,
  parseScores,
  ScoresFileError,
} from '../../../src/protocol/reading/scoresFile.ts';
import { caseRead, fileOf, given, planned, sessionOf } from './scores.ts';

const FILE = fileOf(
  sessionOf({
    ai: 'then',
    aiName: 'ai',
    read: [
      caseRead(1, [given('RLL', 'ggo', 2), given('RLL', 'ggo', 3, { ai: true, at: 2.5 }), given('LLL', 'ggo', null)]),
    ],
  }),
  sessionOf({
    session: 2,
    consensus: { readers: ['reader1', 'reader2'], beyond: 1 },
    cases: [planned(1, 'P "quoted"', { asks: ['RLL ggo'] }), planned(2, 'P03', { calibration: true, repeat: 2 })],
    form: {
      regions: ['total'],
      classes: ['ild'],
      scale: { kind: 'yes-no' },
      questions: [
        { name: 'pattern', answer: { kind: 'list', words: ['UIP', 'NSIP'] } },
        { name: 'comment', answer: { kind: 'text' } },
      ],
    },
    read: [caseRead(1, [given('total', 'comment', 'Line 1\nLine 2')])],
  }),
);

describe('a file of scores', () => {
  it('is read as it was written, and written again byte for byte', () => {
    const text = formatScores(FILE);
    expect(parseScores(text, 'x')).toEqual(FILE);
    expect(formatScores(parseScores(text, 'x'))).toBe(text);
    expect(looksLikeScores(text)).toBe(true);
  });

  it('has a line for each case, visit and answer, so that another answer changes no other line', () => {
    const before = formatScores(FILE).split('\n');
    const [first, ...others] = FILE.sessions;
    const [one] = first!.read;
    const edited = { ...one!, answers: [...one!.answers, given('LLL', 'ggo', 1)] };
    const after = formatScores(fileOf({ ...first!, read: [edited] }, ...others)).split('\n');
    const added = after.filter((line) => !before.includes(line));
    expect(added).toEqual([
      '            {"region": "LLL", "class": "ggo", "value": null, "ai": false, "visit": 1, "at": 1},',
      '            {"region": "LLL", "class": "ggo", "value": 1, "ai": false, "visit": 1, "at": 1}',
    ]);
  });

  it.each([
    ['newer', (text: string) => text.replace('"lungnb-scores": 1', '"lungnb-scores": 2'), 'version 2'],
    ['cut short', (text: string) => text.slice(0, -40), 'cut short'],
    ['foreign', () => '{"cells": []}', 'holds no scores'],
    ['in conflict', (text: string) => `<<<<<<< ours\n${text}`, 'merge conflicts'],
    ['off its scale', (text: string) => text.replace('"value": 2', '"value": 9'), 'case 1: ggo in RLL'],
    [
      'without a case',
      (text: string) => text.replace('"case": 2, "patient": "P01"', '"case": 3, "patient": "P01"'),
      'not in order',
    ],
    ['of another shape', (text: string) => text.replace('"seed": 1', '"seed": "one"'), 'seed'],
  ])('is refused where it is %s, and says so', (_, spoil, said) => {
    const read = () => parseScores(spoil(formatScores(FILE)), 'reader3.scores.json');
    expect(read).toThrow(ScoresFileError);
    expect(read).toThrow(said);
    expect(read).toThrow('reader3.scores.json');
  });
});
