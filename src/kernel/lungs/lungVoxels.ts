/** The voxels of the lungs as a list, with what decides their texture: interpolated probabilities, lobe and density. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import { gridWeights, interpolateLayer, sampleAt } from '../ct/geometry/resample.ts';
import { type Grid, type GridSize, type LabelMap, labelledVoxels } from '../ct/geometry/volume.ts';
import { cropGrid, labelledBox, type VoxelBox } from './lungBox.ts';

/** Room around the lungs in mm, so that the pleura is seen with what lies outside it. */
const MARGIN_MM = 10;

/** The part of a CT for which textures are computed; undefined where there is no lung. */
export function textureBox(lobes: LabelMap): VoxelBox | undefined {
  return labelledBox(lobes, MARGIN_MM);
}

/**
 * Calls `visit` for every lung voxel in z, y, x order, with its place in the CT and its probabilities (0–255),
 * interpolated linearly from `planes` on the model's `grid` over `box`. The array of probabilities is used again.
 */
export function forEachLungVoxel(
  planes: Uint8Array,
  grid: Grid,
  box: VoxelBox,
  lobes: LabelMap,
  visit: (index: number, probabilities: Float32Array) => void,
): void {
  const part = cropGrid(lobes, box);
  const [wx, wy, wz] = gridWeights(grid, part);
  const [mx, my, mz] = grid.size;
  const [px, py, pz] = part.size;
  const [nx, ny] = lobes.size;
  const { low } = box;
  const count = planes.length / (mx * my * mz);
  const volumes = Array.from({ length: count }, (_, c) => planes.subarray(c * mx * my * mz, (c + 1) * mx * my * mz));
  const slices = volumes.map(() => new Float32Array(mx * my));
  const rows = volumes.map(() => new Float32Array(mx));
  const probabilities = new Float32Array(count);
  for (let k = 0; k < pz; k++) {
    for (let c = 0; c < count; c++) interpolateLayer(volumes[c]!, slices[c]!, wz, k, mx * my);
    for (let j = 0; j < py; j++) {
      const start = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
      let ready = false;
      for (let i = 0; i < px; i++) {
        if (!lobes.labels[start + i]) continue;
        if (!ready) {
          for (let c = 0; c < count; c++) interpolateLayer(slices[c]!, rows[c]!, wy, j, mx);
          ready = true;
        }
        for (let c = 0; c < count; c++) probabilities[c] = sampleAt(rows[c]!, 0, wx, i);
        visit(start + i, probabilities);
      }
    }
  }
}

export interface LungVoxels {
  readonly size: GridSize;
  readonly affine: readonly number[];
  /** First voxel and length of each row of lung, in z, y, x order. */
  readonly runs: Int32Array;
  /** 1–5 in the order of LOBES, voxel by voxel. */
  readonly lobes: Uint8Array;
  /** 0–65535: those of all voxels for each class, in the order of TEXTURE_CLASSES. */
  readonly probabilities: Uint16Array;
  /** The most probable class, 1–6, or 0 where none of the six is: what most decisions leave as it is. */
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
  probabilities: Grid & { readonly bytes: Uint8Array },
  hu: Int16Array | undefined,
): LungVoxels {
  const box = textureBox(lobes);
  const count = labelledVoxels(lobes);
  const classes = TEXTURE_CLASSES.length;
  const gathered = {
    lobes: new Uint8Array(count),
    probabilities: new Uint16Array(count * classes),
    best: new Uint8Array(count),
    hu: new Int16Array(hu ? count : 0),
  };
  const runs: number[] = [];
  const [nx] = lobes.size;
  let n = 0;
  let end = -1;
  if (box)
    forEachLungVoxel(probabilities.bytes, probabilities, box, lobes, (index, p) => {
      if (index === end && index % nx) runs[runs.length - 1]!++;
      else runs.push(index, 1);
      end = index + 1;
      gathered.lobes[n] = lobes.labels[index]!;
      if (hu) gathered.hu[n] = hu[index]!;
      let most = 0;
      for (let c = 0; c < classes; c++) {
        gathered.probabilities[c * count + n] = p[c]! * PER_BYTE + 0.5;
        if (p[c]! > p[most]!) most = c;
      }
      gathered.best[n] = p[most]! >= (p[classes] ?? 0) ? most + 1 : 0;
      n++;
    });
  return { size: lobes.size, affine: lobes.affine, runs: Int32Array.from(runs), ...gathered };
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
