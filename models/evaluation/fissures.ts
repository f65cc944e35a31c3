/**
 * How near a predicted border between two lobes lies to the fissure that the CT itself shows. No lobe contours are
 * needed: across a fissure the mean density has a narrow peak, and its distance from the border is the error.
 */
import { boxOf } from '../../samples/phantom/grid.ts';
import type { LabelMap, Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { LOBES, type Lobe } from '../../src/protocol/names.ts';
import { mean, median } from './metrics.ts';

/** The borders that are fissures: right oblique (in two parts), horizontal, left oblique. */
const FISSURES: readonly (readonly [Lobe, Lobe])[] = [
  ['RUL', 'RML'],
  ['RUL', 'RLL'],
  ['RML', 'RLL'],
  ['LUL', 'LLL'],
];

/** A border is judged in patches of about this size, each with its own mean profile. */
const PATCH_MM = 12;
const MIN_BORDER_VOXELS = 40;
/** Profiles reach this far to either side, in steps of STEP_MM. */
const REACH_MM = 8;
const STEP_MM = 0.5;
/** Denser than this is a vessel or the chest wall; clipped, so that it does not outweigh the fissure. */
const CLIP_HU = -600;
/** A peak rises above the lung beside it by at least this much. */
const MIN_PEAK_HU = 20;
/** Lung beside a peak begins this far from it. */
const PEAK_HALF_WIDTH_MM = 2.5;
/** The width of the lung on either side that it is compared with. */
const SIDE_MM = 2;
/** How near the peak has to be. */
const NEAR_MM = 2;

export interface FissureScore {
  readonly fissure: string;
  /** Share of the border's patches, by area, that show a peak at all: the fissure is visible there. */
  readonly visibleShare: number;
  /** Share of the visible area with the peak within 2 mm of the border, 0–1. */
  readonly nearShare: number | undefined;
  readonly medianMm: number | undefined;
}

export function scoreFissures(volume: Volume, lobes: LabelMap): FissureScore[] {
  const scored = FISSURES.map(([one, other]) => ({
    fissure: `${one} | ${other}`,
    patches: borderPatches(lobes, LOBES.indexOf(one) + 1, LOBES.indexOf(other) + 1).map((patch) => ({
      voxels: patch.length,
      peakMm: peakOf(meanProfile(volume, patch)),
    })),
  }));
  const all = { fissure: 'all', patches: scored.flatMap(({ patches }) => patches) };
  return [...scored, all].map(({ fissure, patches }) => {
    const visible = patches.flatMap(({ voxels, peakMm }) => (peakMm === undefined ? [] : [{ voxels, peakMm }]));
    const area = (list: readonly { voxels: number }[]) => list.reduce((sum, patch) => sum + patch.voxels, 0);
    const near = visible.filter(({ peakMm }) => Math.abs(peakMm) <= NEAR_MM);
    const distances = visible.flatMap(({ voxels, peakMm }) =>
      new Array<number>(Math.round(voxels / 10)).fill(Math.abs(peakMm)),
    );
    return {
      fissure,
      visibleShare: patches.length ? area(visible) / area(patches) : 0,
      nearShare: visible.length ? area(near) / area(visible) : undefined,
      medianMm: distances.length ? median(distances) : undefined,
    };
  });
}

/** A place on a border, in voxels, and the direction from the first lobe to the second, in mm. */
interface BorderPoint {
  readonly at: readonly [number, number, number];
  readonly normal: readonly [number, number, number];
}

function borderPatches({ labels, ...grid }: LabelMap, one: number, other: number): BorderPoint[][] {
  const { sizeVoxels, spacing } = boxOf(grid);
  const [nx, ny, nz] = sizeVoxels;
  const steps = [1, nx, nx * ny];
  const patches = new Map<string, BorderPoint[]>();
  const reach = spacing.map((mm) => Math.max(1, Math.round(4 / mm))) as [number, number, number];
  for (let k = reach[2]; k < nz - reach[2]; k++)
    for (let j = reach[1]; j < ny - reach[1]; j++)
      for (let i = reach[0]; i < nx - reach[0]; i++) {
        const index = (k * ny + j) * nx + i;
        if (labels[index] !== one) continue;
        const towards = steps.map((s) => Number(labels[index + s] === other) - Number(labels[index - s] === other));
        const normal = towards.some(Boolean) && normalAt(i, j, k);
        if (!normal) continue;
        const cell = [i * spacing[0], j * spacing[1], k * spacing[2]].map((mm) => Math.floor(mm / PATCH_MM)).join();
        const patch = patches.get(cell) ?? [];
        // Half a voxel on, where the two lobes meet.
        patch.push({ at: [i + towards[0]! / 2, j + towards[1]! / 2, k + towards[2]! / 2], normal });
        patches.set(cell, patch);
      }
  return [...patches.values()].filter((patch) => patch.length >= MIN_BORDER_VOXELS);

  /** From the mean place of one lobe to that of the other, in the few mm around. */
  function normalAt(i: number, j: number, k: number): [number, number, number] | undefined {
    const sum = [0, 0, 0];
    for (let dk = -reach[2]; dk <= reach[2]; dk++)
      for (let dj = -reach[1]; dj <= reach[1]; dj++)
        for (let di = -reach[0]; di <= reach[0]; di++) {
          const label = labels[((k + dk) * ny + j + dj) * nx + i + di];
          if (label !== one && label !== other) continue;
          const sign = label === other ? 1 : -1;
          sum[0]! += sign * di * spacing[0];
          sum[1]! += sign * dj * spacing[1];
          sum[2]! += sign * dk * spacing[2];
        }
    const length = Math.hypot(...sum);
    return length ? [sum[0]! / length, sum[1]! / length, sum[2]! / length] : undefined;
  }
}

/** Mean HU at −REACH_MM…REACH_MM across the border. */
function meanProfile(volume: Volume, patch: readonly BorderPoint[]): number[] {
  const { spacing } = boxOf(volume);
  return Array.from({ length: (2 * REACH_MM) / STEP_MM + 1 }, (_, n) => {
    const mm = n * STEP_MM - REACH_MM;
    let sum = 0;
    for (const { at, normal } of patch)
      sum += Math.min(
        CLIP_HU,
        huAt(volume, [0, 1, 2].map((a) => at[a]! + (normal[a]! * mm) / spacing[a]!) as [number, number, number]),
      );
    return sum / patch.length;
  });
}

/** HU between voxels, linear along each axis. */
function huAt({ hu, size }: Volume, [x, y, z]: readonly [number, number, number]): number {
  const [nx, ny, nz] = size;
  const clamp = (value: number, n: number) => Math.min(n - 1.001, Math.max(0, value));
  const [cx, cy, cz] = [clamp(x, nx), clamp(y, ny), clamp(z, nz)];
  const [i, j, k] = [Math.floor(cx), Math.floor(cy), Math.floor(cz)];
  const [fx, fy, fz] = [cx - i, cy - j, cz - k];
  const row = (index: number) => hu[index]! * (1 - fx) + hu[index + 1]! * fx;
  const layer = (index: number) => row(index) * (1 - fy) + row(index + nx) * fy;
  const index = (k * ny + j) * nx + i;
  return layer(index) * (1 - fz) + layer(index + nx * ny) * fz;
}

/** Where a profile has its highest peak, in mm from the border; undefined where none rises above the lung on both sides. */
function peakOf(profile: readonly number[]): number | undefined {
  const near = PEAK_HALF_WIDTH_MM / STEP_MM;
  const far = near + SIDE_MM / STEP_MM;
  let peak: number | undefined;
  let highest = MIN_PEAK_HU;
  for (let n = near; n < profile.length - near; n++) {
    const before = profile.slice(Math.max(0, n - far), n - near + 1);
    const after = profile.slice(n + near, n + far + 1);
    const rise = profile[n]! - Math.max(mean(before), mean(after));
    if (rise < highest) continue;
    highest = rise;
    peak = n * STEP_MM - REACH_MM;
  }
  return peak;
}
