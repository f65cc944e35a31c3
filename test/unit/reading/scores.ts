/** Sessions of reading for tests: their file as somebody would have filled it. */
import type {
  AnswerGiven,
  CaseRead,
  PlannedCase,
  ReadingSession,
  ScoresFile,
} from '../../../src/protocol/reading/scores.ts';

export function planned(place: number, patient: string, more: Partial<PlannedCase> = {}): PlannedCase {
  return { case: place, patient, series: 'series-1', calibration: false, repeat: 1, ...more };
}

export function given(
  region: string,
  asked: string,
  value: AnswerGiven['value'],
  more: Partial<AnswerGiven> = {},
): AnswerGiven {
  return { region, class: asked, value, ai: false, visit: 1, at: 1, ...more };
}

export function caseRead(place: number, answers: readonly AnswerGiven[], more: Partial<CaseRead> = {}): CaseRead {
  return { case: place, isDone: true, visits: [{ on: '2026-11-27', seconds: 30 }], answers, ...more };
}

export function sessionOf(more: Partial<ReadingSession>): ReadingSession {
  return {
    session: 1,
    software: 'LungNB 0.1.0',
    seed: 1,
    repeats: 0,
    ai: 'hidden',
    form: {
      regions: ['RLL', 'LLL'],
      classes: ['ggo'],
      scale: { kind: 'scale', low: 0, high: 4 },
      cutPoints: [1, 25, 50, 75],
      questions: [],
    },
    cases: [planned(1, 'P02'), planned(2, 'P01')],
    read: [],
    ...more,
  };
}

export function fileOf(...sessions: readonly ReadingSession[]): ScoresFile {
  return { reader: 'reader3', sessions };
}
