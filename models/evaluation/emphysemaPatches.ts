/** Real emphysema against real normal lung: patches of 31 × 31 pixels labelled by readers (Chest Imaging Platform). */
import { unattended } from '../../src/kernel/base/task.ts';
import type { Model } from '../../src/kernel/inference/model.ts';
import { probabilityBytes } from '../../src/kernel/inference/run.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { readCellArrays } from './matFile.ts';
import { areaUnderCurve, mean } from './metrics.ts';

/** A patch is mirrored at its edges to this many pixels, and stands for all context slices. */
const SIDE = 96;
const NORMAL = 'NT';
const EMPHYSEMA = TEXTURE_CLASSES.indexOf('emphysema');

/** What the labels stand for. */
const LABELS: Readonly<Record<string, string>> = {
  PS: 'paraseptal',
  PL: 'panlobular',
  CL1: 'mild centrilobular',
  CL2: 'moderate centrilobular',
  CL3: 'severe centrilobular',
};

export interface EmphysemaResult {
  readonly kind: string;
  readonly patches: number;
  /** How well the mean emphysema probability of a patch tells it from normal lung. */
  readonly auc: number;
}

export async function measureEmphysemaPatches(file: string, model: Model): Promise<EmphysemaResult[]> {
  const arrays = readCellArrays(file);
  const labels = arrays.get('classLabel')!.map(({ values }) => String.fromCharCode(...values));
  const scores = new Map<string, number[]>();
  for (const [n, { size, values }] of arrays.get('EmphyPatch')!.entries())
    scores.set(labels[n]!, await scorePatches(values, size as [number, number, number], model));
  const normal = scores.get(NORMAL)!;
  const kinds = [...scores].filter(([label]) => label !== NORMAL);
  const all = kinds.flatMap(([, values]) => values);
  return [
    ...kinds.map(([label, values]) => ({
      kind: LABELS[label] ?? label,
      patches: values.length,
      auc: areaUnderCurve(values, normal),
    })),
    { kind: 'all emphysema', patches: all.length, auc: areaUnderCurve(all, normal) },
  ];
}

/** The mean emphysema probability of each patch. */
async function scorePatches(
  values: ArrayLike<number>,
  [rows, columns, patches]: readonly [number, number, number],
  model: Model,
): Promise<number[]> {
  const scores: number[] = [];
  const area = SIDE * SIDE;
  const low = (SIDE - rows) >> 1;
  const at = Int32Array.from({ length: SIDE }, (_, n) => mirrored(n - low, rows));
  for (let patch = 0; patch < patches; patch++) {
    const slice = Float32Array.from({ length: area }, (_, p) => {
      const [i, j] = [at[p % SIDE]!, at[Math.floor(p / SIDE)]!];
      return values[(patch * columns + i) * rows + j]!;
    });
    const grid = { size: [SIDE, SIDE, 1] as const, hu: slice };
    const bytes = await probabilityBytes(model, grid, new Uint8Array(area).fill(1), unattended);
    const probabilities: number[] = [];
    for (let j = low; j < low + rows; j++)
      for (let i = low; i < low + columns; i++) probabilities.push(bytes[EMPHYSEMA * area + j * SIDE + i]! / 255);
    scores.push(mean(probabilities));
  }
  return scores;
}

/** An index mirrored at both ends of 0…length−1. */
function mirrored(index: number, length: number): number {
  const cycle = 2 * (length - 1);
  const place = ((index % cycle) + cycle) % cycle;
  return Math.min(place, cycle - place);
}
