/** What notebooks keep of remarks, to the byte: notebooks of earlier versions have the same, and a run again changes none. */
import { expect, it } from 'vitest';
import { failure, info, warning } from '../../../src/kernel/base/remarks.ts';
import { UserError } from '../../../src/kernel/base/userError.ts';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import { problemOf } from '../../../src/kernel/session/cellProblems.ts';
import { flagsOf } from '../../../src/kernel/values/flags.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';
import { kept, messagesView } from '../../../src/kernel/views/messagesView.ts';

// SAFETY: a flag takes nothing of a series but its label.
const SERIES = { id: 'series-1' } as Series;

it('a remark on a statement has a severity and a text', () => {
  const remarks = [info('rows-written', 'Wrote 1 row.'), warning('zero-cut', 'A cut point of 0.')];
  expect(JSON.stringify(messagesView(remarks.map(kept), []))).toBe(
    '{"type":"messages","messages":[{"severity":"info","text":"Wrote 1 row."},{"severity":"warning","text":"A cut point of 0."}]}',
  );
});

it('a remark on a CT is a flag, which has all of it', () => {
  const flags = flagsOf('P01', SERIES, [failure('no-lung', 'Not measured.')]);
  expect(JSON.stringify(messagesView([], flags))).toBe(
    '{"type":"messages","messages":[],"flags":[{"patient":"P01","series":"series-1","severity":"error","code":"no-lung","message":"Not measured."}]}',
  );
});

it('nothing to say is no view', () => {
  expect(messagesView([], [])).toBeUndefined();
});

it('why a cell failed has a code, a message and a place, and no severity', () => {
  const span = { startLine: 0, startColumn: 1, endLine: 0, endColumn: 2 };
  const problem = problemOf(
    new UserError('no-rows', 'No row.', span, 'meant'),
    { cellId: '1', source: '' },
    { lastRun: () => undefined, verbs: VERBS },
  );
  expect(JSON.stringify(problem)).toBe(
    '{"code":"no-rows","message":"No row.","span":{"startLine":0,"startColumn":1,"endLine":0,"endColumn":2}}',
  );
});
