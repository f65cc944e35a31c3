/** What keys answer. */
import { expect, it } from 'vitest';
import type { AnswerKind } from '../../../src/protocol/reading/form.ts';
import { typed } from '../../../src/webview/reading/roomKeys.ts';

/** The values that a row of keys gives a field, with a stop where it is whole. */
function keys(text: string, answer: AnswerKind): string {
  let before = '';
  return [...text]
    .map((key) => {
      const given = typed(key, answer, before);
      before = given && !given.isWhole ? String(given.value) : '';
      return given ? `${given.value}${given.isWhole ? '.' : ''}` : '-';
    })
    .join(' ');
}

it.each<[string, AnswerKind, string]>([
  ['035', { kind: 'scale', low: 0, high: 4 }, '0. 3. -'],
  ['0165', { kind: 'scale', low: 1, high: 5 }, '- 1. - 5.'],
  ['10', { kind: 'scale', low: 0, high: 10 }, '1 10.'],
  ['15', { kind: 'scale', low: 0, high: 10 }, '1 5.'],
  ['35', { kind: 'percent' }, '3 35.'],
  ['100', { kind: 'percent' }, '1 10 100.'],
  ['0', { kind: 'percent' }, '0.'],
  ['yN1', { kind: 'yes-no' }, '1. 0. 1.'],
  ['13', { kind: 'list', words: ['UIP', 'NSIP'] }, 'UIP. -'],
  ['1', { kind: 'text' }, '-'],
])('%s on %j', (text, answer, given) => {
  expect(keys(text, answer)).toBe(given);
});
