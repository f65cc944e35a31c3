/** What a column says of each patient: numbers, groups, or neither. */
import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { eventsIn, patientColumn, patientGroups } from '../../../src/kernel/tables/patientColumns.ts';

const of = (cells: readonly unknown[], patients = cells.map((_, n) => `P${n + 1}`)) => ({
  name: 'registry',
  table: table({ patient: patients, value: [...cells] }),
});
const words = (count: number) => Array.from({ length: count }, (_, n) => `word ${n}`);

describe('a column of patients', () => {
  it('is numbers where at least half of what it holds is', () => {
    const column = patientColumn(of([80, 'broken', '75', 'lost', undefined]), 'value');
    expect([column.kind, [...column.values]]).toEqual([
      'number',
      [
        ['P1', 80],
        ['P3', 75],
      ],
    ]);
    expect(column.remarks[0]!.message).toMatch(
      /^2 cells of `value` in `registry` are no numbers .*"broken" of P2, "lost" of P4/,
    );
    expect(patientColumn(of([80, 'broken', 'lost']), 'value').kind).toBe('category');
  });

  it('is groups with what stands for nothing first, truth values included', () => {
    expect(patientGroups(of(['MDA5', 'none', 'Jo-1']), 'value').levels).toEqual(['none', 'Jo-1', 'MDA5']);
    expect(patientGroups(of([true, false]), 'value').levels).toEqual(['no', 'yes']);
    expect(patientGroups(of([10, 9, 10]), 'value').levels).toEqual(['9', '10']);
  });

  it('is no groups with more than 20 texts', () => {
    expect(patientGroups(of(words(20)), 'value').levels).toHaveLength(20);
    expect(() => patientGroups(of(words(21)), 'value')).toThrow(/has 21 different texts/);
  });

  it('has one value of each patient', () => {
    expect(patientColumn(of([1, 1, 2], ['A', 'A', 'B']), 'value').values).toEqual(
      new Map([
        ['A', 1],
        ['B', 2],
      ]),
    );
    expect(() => patientColumn(of([1, 3, 2], ['A', 'A', 'B']), 'value')).toThrow(
      /The value of 1 patient \(A\) differs from row to row of `registry`/,
    );
  });

  it('tells events by yes and no, 1 and 0, and nothing else', () => {
    expect([...eventsIn(of([1, 0, undefined]), 'value').values()]).toEqual([true, false]);
    expect([...eventsIn(of(['died', 'alive']), 'value').values()]).toEqual([true, false]);
    expect(() => eventsIn(of([2, 1]), 'value')).toThrow(/"2" of P1 .* is neither yes nor no/);
  });
});
