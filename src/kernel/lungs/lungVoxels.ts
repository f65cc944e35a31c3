/** The voxels of the lungs as a list, with what decides their texture: interpolated probabilities, lobe and density. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import { forEachLabelledRun } from '../ct/geometry/labelled.ts';
import {
  type AxisWeights,
  gridWeights,
  interpolateLayer,
  interpolateStretch,
  sampleRow,
} from '../ct/geometry/resample.ts';
import { type Grid, type GridSize, type LabelMap, labelledVoxels } from '../ct/geometry/volume.ts';
import { cropGrid, labelledBox, type VoxelBox } from './lungBox.ts';

/** Room around the lungs in mm, so that the pleura is seen with what lies outside it. */
const MARGIN_MM = 10;

/** The part of a CT for which textures are computed; undefined where there is no lung. */
export function textureBox(lobes: LabelMap): VoxelBox | undefined {
  return labelledBox(lobes, MARGIN_MM);
}

/** A plane of bytes for each name, 255 being certain, each in the grid's z, y, x order. */
export interface ProbabilityPlanes extends Grid {
  readonly bytes: Uint8Array;
  readonly ownClasses?: readonly string[];
}

/** A stretch of lung within a row of the CT: its first voxel and length there, and its first voxel in the part's row. */
export interface Run {
  readonly index: number;
  readonly length: number;
  readonly column: number;
}

/**
 * Rows of probabilities (0–255) of each plane on the model's columns, interpolated linearly at slice `k` and row `j` of a
 * part of the CT; they are used again.
 */
export function rowMaker(
  probabilities: ProbabilityPlanes,
  wy: AxisWeights,
  wz: AxisWeights,
): (k: number, j: number) => readonly Float32Array[] {
  const {
    bytes,
    size: [mx, my, mz],
  } = probabilities;
  const count = planesOf(probabilities);
  const volumes = Array.from({ length: count }, (_, c) => bytes.subarray(c * mx * my * mz, (c + 1) * mx * my * mz));
  const layers = volumes.map(() => new Float32Array(mx * my));
  const rows = volumes.map(() => new Float32Array(mx));
  /** Of each row of `layers`, the slice of the part that it was last made for, from 1 on. */
  const madeFor = new Int32Array(my);
  return (k, j) => {
    for (let row = wy.first[j]!; row < wy.first[j]! + wy.count[j]!; row++) {
      if (madeFor[row] === k + 1) continue;
      madeFor[row] = k + 1;
      for (let c = 0; c < count; c++)
        interpolateStretch(volumes[c]!, layers[c]!, wz, { index: k, from: row * mx, to: (row + 1) * mx });
    }
    for (let c = 0; c < count; c++) interpolateLayer(layers[c]!, rows[c]!, wy, j);
    return rows;
  };
}

/**
 * Calls `visit` for every run of lung in the box, in z, y, x order, with a row of probabilities (0–255) for each plane,
 * interpolated linearly from planes on the model's grid over `box` and valid along the run. The rows are used again.
 */
function forEachRun(
  probabilities: ProbabilityPlanes,
  box: VoxelBox,
  lobes: LabelMap,
  visit: (run: Run, probabilities: readonly Float32Array[]) => void,
): void {
  const part = cropGrid(lobes, box);
  const [wx, wy, wz] = gridWeights(probabilities, part);
  const makeRows = rowMaker(probabilities, wy, wz);
  const [px, py, pz] = part.size;
  const rows = Array.from({ length: planesOf(probabilities) }, () => new Float32Array(px));
  for (let k = 0; k < pz; k++)
    for (let j = 0; j < py; j++) {
      let coarse: readonly Float32Array[] | undefined;
      forEachRunOfRow(lobes, box, { k, j }, (run) => {
        coarse ??= makeRows(k, j);
        for (const [c, row] of coarse.entries())
          sampleRow(row, rows[c]!, wx, { from: run.column, to: run.column + run.length });
        visit(run, rows);
      });
    }
}

/** Of a row of the box, in the order of its columns. */
export function forEachRunOfRow(
  { labels, size: [nx, ny] }: LabelMap,
  { low, high }: VoxelBox,
  { k, j }: { readonly k: number; readonly j: number },
  visit: (run: Run) => void,
): void {
  const start = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
  const width = high[0] - low[0] + 1;
  for (let column = 0; column < width; column++) {
    if (!labels[start + column]) continue;
    let end = column + 1;
    while (end < width && labels[start + end]) end++;
    visit({ index: start + column, length: end - column, column });
    column = end;
  }
}

/** The number of planes: the classes, and one more where the model can say "none of them". */
export function planesOf({ bytes, size: [mx, my, mz] }: ProbabilityPlanes): number {
  return bytes.length / (mx * my * mz);
}

export interface LungVoxels {
  readonly size: GridSize;
  readonly affine: readonly number[];
  /** First voxel and length of each row of lung, in z, y, x order. */
  readonly runs: Int32Array;
  /** 1–5 in the order of LOBES, voxel by voxel. */
  readonly lobes: Uint8Array;
  /** TEXTURE_CLASSES, then the model's own. */
  readonly classes: readonly string[];
  /** 0–65535: those of all voxels for each class, in the order of `classes`; empty where nothing is to be decided by them. */
  readonly probabilities: Uint16Array;
  /** The most probable class, from 1 on, or 0 where none of them is: what most decisions leave as it is. */
  readonly best: Uint8Array;
  /** Hounsfield units; empty where they were not at hand. */
  readonly hu: Int16Array;
}

const PER_BYTE = 257;

/**
 * `hu` of the whole CT, or undefined where no decision needs it. A plane of probabilities after those of the classes is
 * for "none of them".
 */
export function gatherLungVoxels(
  lobes: LabelMap,
  probabilities: ProbabilityPlanes,
  hu: Int16Array | undefined,
): LungVoxels {
  const box = textureBox(lobes);
  const count = labelledVoxels(lobes);
  const classes = classesOf(probabilities);
  const gathered = {
    lobes: new Uint8Array(count),
    probabilities: new Uint16Array(count * classes.length),
    best: new Uint8Array(count),
    hu: new Int16Array(hu ? count : 0),
  };
  const probabilitiesOf = (c: number) => gathered.probabilities.subarray(c * count, (c + 1) * count);
  const runs: number[] = [];
  let first = 0;
  if (box)
    forEachRun(probabilities, box, lobes, ({ index, length, column }, rows) => {
      runs.push(index, length);
      gathered.lobes.set(lobes.labels.subarray(index, index + length), first);
      if (hu) gathered.hu.set(hu.subarray(index, index + length), first);
      for (let c = 0; c < classes.length; c++)
        inSixteenBits(rows[c]!, column, probabilitiesOf(c).subarray(first, first + length));
      mostProbable(rows, column, classes.length, gathered.best.subarray(first, first + length));
      first += length;
    });
  return { size: lobes.size, affine: lobes.affine, runs: Int32Array.from(runs), classes, ...gathered };
}

/** The classes that a model tells, in the order of its probabilities. */
export function classesOf({ ownClasses = [] }: Pick<ProbabilityPlanes, 'ownClasses'>): readonly string[] {
  return [...TEXTURE_CLASSES, ...ownClasses];
}

/** Voxels of lung whose textures are given, on the grid of the lobes: 0, or the place of one of `classes` from 1 on; they have no probabilities. */
export function lungVoxelsOfLabels(
  lobes: LabelMap,
  textures: Uint8Array,
  classes: readonly string[] = TEXTURE_CLASSES,
): LungVoxels {
  const count = labelledVoxels(lobes);
  const gathered = { lobes: new Uint8Array(count), best: new Uint8Array(count) };
  const runs: number[] = [];
  let first = 0;
  forEachLabelledRun(lobes.labels, lobes.size[0], (index, end) => {
    runs.push(index, end - index);
    gathered.lobes.set(lobes.labels.subarray(index, end), first);
    gathered.best.set(textures.subarray(index, end), first);
    first += end - index;
  });
  const none = { probabilities: new Uint16Array(0), hu: new Int16Array(0) };
  return { size: lobes.size, affine: lobes.affine, runs: Int32Array.from(runs), classes, ...gathered, ...none };
}

function inSixteenBits(row: Float32Array, column: number, to: Uint16Array): void {
  for (let n = 0; n < to.length; n++) to[n] = row[column + n]! * PER_BYTE + 0.5;
}

/** The class of each voxel of a run from `column` on: from 1 on, or 0 where the plane of "none of them" is above that of every class. */
function mostProbable(rows: readonly Float32Array[], column: number, classes: number, best: Uint8Array): void {
  const most = rows[0]!.slice(column, column + best.length);
  best.fill(1);
  for (let plane = 1; plane < rows.length; plane++) {
    const row = rows[plane]!;
    const label = plane < classes ? plane + 1 : 0;
    for (let n = 0; n < best.length; n++)
      if (row[column + n]! > most[n]!) {
        most[n] = row[column + n]!;
        best[n] = label;
      }
  }
}

/** Labels of the gathered voxels, one each, as a map on the CT's grid. */
export function onGrid({ size: [nx, ny, nz], runs }: LungVoxels, labels: Uint8Array): Uint8Array {
  const grid = new Uint8Array(nx * ny * nz);
  for (let r = 0, n = 0; r < runs.length; r += 2) {
    const length = runs[r + 1]!;
    grid.set(labels.subarray(n, n + length), runs[r]!);
    n += length;
  }
  return grid;
}
