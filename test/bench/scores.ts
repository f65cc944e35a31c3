/** Measurements and scores of many patients, made up, and the cells of a notebook that compares them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/kernel/base/random.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../src/protocol/names.ts';

export const PARAMETER = 'param cut = 25 in 0..100';
export const LOAD = ['load "ai.csv" as ai', 'load "reader.csv" as reader'];
export const FOLLOW = [
  'score ai at 1, cut, 50, 75 as scored',
  'agree scored with reader by region weights linear as ag',
  'plot ag as forest',
];

/** Writes `ai.csv` and `reader.csv`, 36 pairs of class and region each. */
export function writeScores(folder: string, patients: number): void {
  const random = createRandom('bench interact');
  const rows = (column: string, of: () => number) => [
    `patient,region,class,${column}`,
    ...Array.from({ length: patients }, (_, n) =>
      LOBAR_REGIONS.flatMap((region) => TEXTURE_CLASSES.map((name) => `P${n},${region},${name},${of()}`)),
    ).flat(),
  ];
  const percent = () => Math.min(100, Math.exp(random.normal() * 2));
  writeFileSync(join(folder, 'ai.csv'), rows('percent', percent).join('\n'));
  writeFileSync(join(folder, 'reader.csv'), rows('score', () => Math.floor(random() * 5)).join('\n'));
}
