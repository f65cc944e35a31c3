/** The simulated study: its tables are those that its builder writes, and its patients those of the published flow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { studyFiles } from '../../../samples/study/buildStudy.ts';
import { measuredRows, registry, studyPatients, truthRows } from '../../../samples/study/patients.ts';

const folder = join(import.meta.dirname, '../../../samples/study');
const files = studyFiles();

describe('the simulated study', () => {
  it.each(Object.keys(files))('has the %s that the builder writes (else: node samples/study/buildStudy.ts)', (name) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(files[name]);
  });

  it('has 402 patients, 277 with CT, 107 with disease', () => {
    const rows = registry();
    expect([
      rows.length,
      rows.filter(({ hrct }) => hrct === 'yes').length,
      rows.filter(({ ild }) => ild === 'yes').length,
    ]).toEqual([402, 277, 107]);
  });

  it('gives every region 100 % and the total the sum of its lobes', () => {
    for (const rows of [truthRows(studyPatients()[3]!), measuredRows(studyPatients()[3]!, 1)]) {
      const sum = (region: string, of: 'percent' | 'volumeMl') =>
        rows.filter((row) => row.region === region).reduce((total, row) => total + row[of], 0);
      for (const region of ['total', 'RUL', 'RML', 'RLL', 'LUL', 'LLL'])
        expect(sum(region, 'percent')).toBeCloseTo(100, 9);
      const lobes = ['RUL', 'RML', 'RLL', 'LUL', 'LLL'].reduce((total, lobe) => total + sum(lobe, 'volumeMl'), 0);
      expect(sum('total', 'volumeMl')).toBeCloseTo(lobes, 9);
      expect(Math.min(...rows.map(({ percent }) => percent))).toBeGreaterThanOrEqual(0);
    }
  });
});
