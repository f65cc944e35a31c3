/** Signs that a segmentation failed, found without a person. Limits are wide: a flag asks to look, it does not exclude. */
import { LOBES } from '../../protocol/names.ts';
import type { LabelMap } from '../ct/volume.ts';
import { voxelMl } from '../ct/volume.ts';
import type { Flag } from './quantification.ts';

/** Total lung volumes on inspiratory CT outside this range are rare even in restrictive or obstructive disease. */
const PLAUSIBLE_LUNG_ML = [1200, 9500] as const;
/** The smaller lung holds at least this share of both; the left one has about 45 % in health. */
const SMALLEST_LUNG_SHARE = 0.35;
const SMALLEST_LOBE_SHARE = 0.02;
const FEWEST_SLICES = 20;
/** More than this share of a face's lung voxels against all lung voxels means that the field of view cuts the lung. */
const LARGEST_FACE_SHARE = 0.0015;

export function selfChecks(lobes: LabelMap): Flag[] {
  const counts = LOBES.map(() => 0);
  for (const label of lobes.labels) if (label) counts[label - 1]!++;
  const voxels = counts.reduce((a, b) => a + b, 0);
  const volumeMl = voxels * voxelMl(lobes);
  if (voxels === 0) return [{ code: 'no-lung', message: 'No lung was found.' }];
  const flags: Flag[] = [];
  if (volumeMl < PLAUSIBLE_LUNG_ML[0] || volumeMl > PLAUSIBLE_LUNG_ML[1])
    flags.push({
      code: 'implausible-volume',
      message: `The lungs measure ${Math.round(volumeMl)} ml; ${PLAUSIBLE_LUNG_ML[0]} to ${PLAUSIBLE_LUNG_ML[1]} ml is plausible.`,
    });
  for (const [n, lobe] of LOBES.entries())
    if (counts[n]! < SMALLEST_LOBE_SHARE * voxels)
      flags.push({
        code: 'lobe-missing',
        message: `${lobe} has ${((counts[n]! / voxels) * 100).toFixed(1)} % of the lungs: it may be missing.`,
      });
  const right = (counts[0]! + counts[1]! + counts[2]!) / voxels;
  if (right < SMALLEST_LUNG_SHARE || right > 1 - SMALLEST_LUNG_SHARE)
    flags.push({
      code: 'asymmetry',
      message: `The right lung has ${(right * 100).toFixed(0)} % of both: one lung may be only partly segmented.`,
    });
  const faces = cutFaces(lobes, voxels);
  if (faces.length)
    flags.push({
      code: 'cut-off',
      message: `The lungs touch the edge of the field of view (${faces.join(', ')}): a part may not be in the scan.`,
    });
  if (lobes.size[2] < FEWEST_SLICES)
    flags.push({ code: 'few-slices', message: `The scan has ${lobes.size[2]} slices: volumes are rough.` });
  return flags;
}

function cutFaces({ labels, size }: LabelMap, voxels: number): string[] {
  const [nx, ny, nz] = size;
  const count = (visit: (see: (i: number, j: number, k: number) => void) => void): number => {
    let found = 0;
    visit((i, j, k) => {
      if (labels[(k * ny + j) * nx + i]) found++;
    });
    return found;
  };
  const sagittal = (i: number) => count((see) => each(ny, nz, (j, k) => see(i, j, k)));
  const coronal = (j: number) => count((see) => each(nx, nz, (i, k) => see(i, j, k)));
  const axial = (k: number) => count((see) => each(nx, ny, (i, j) => see(i, j, k)));
  const faces: [string, number][] = [
    ['right', sagittal(0)],
    ['left', sagittal(nx - 1)],
    ['front', coronal(0)],
    ['back', coronal(ny - 1)],
    ['below', axial(0)],
    ['above', axial(nz - 1)],
  ];
  return faces.filter(([, found]) => found > LARGEST_FACE_SHARE * voxels).map(([name]) => name);
}

function each(a: number, b: number, visit: (first: number, second: number) => void): void {
  for (let n = 0; n < a; n++) for (let m = 0; m < b; m++) visit(n, m);
}
