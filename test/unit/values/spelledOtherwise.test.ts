/** How patients are named that two tables spell otherwise. */
import { expect, it } from 'vitest';
import { spelledOtherwise } from '../../../src/kernel/values/patientLabels.ts';

const upTo = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}0${n + 1}`);

it('names five of them, and counts the others', () => {
  const five = 'p01 for P01, p02 for P02, p03 for P03, p04 for P04, p05 for P05';
  expect(spelledOtherwise(upTo(5, 'P'), upTo(5, 'p'))).toBe(five);
  expect(spelledOtherwise(upTo(7, 'P'), upTo(7, 'p'))).toBe(`${five} and 2 more`);
});

it('names nobody where it cannot be told which stands for which', () => {
  expect(spelledOtherwise(['P01'], ['P02'])).toBeUndefined();
});
