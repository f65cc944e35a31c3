/** What the header of a volume file (NIfTI, NRRD, MetaImage) says, the same for all formats. */
import type { Remark } from '../../../protocol/remark.ts';
import { UserError } from '../../base/userError.ts';
import { cross, dot } from '../geometry/vector.ts';
import type { Affine, Grid, GridSize } from '../geometry/volume.ts';
import type { VoxelLayout } from './voxelStream.ts';

/** Size and affine are those of the file's own axis order, in LPS millimetres. */
export interface VolumeHeader extends Grid {
  /** Whether the file says how its axes lie in the patient. */
  readonly oriented: boolean;
  readonly layout: VoxelLayout;
  /** Hounsfield units are stored value · slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Names of the files that hold the voxels, in order, from the header's folder; none where they follow the header. */
  readonly files: readonly string[];
  /** It names labels: the voxels are a label map, however many they are. */
  readonly labelled?: true;
  /** Values of each voxel, one behind another, where overlapping segments lie in several layers (3D Slicer); else 1. */
  readonly layers?: number;
  /** What it says twice and not the same, or otherwise leaves in doubt. */
  readonly problems: readonly Remark[];
}

/** Makes the error of a header that cannot be read, from a reason in the middle of a sentence. */
export type Refusal = (reason: string) => UserError;

/** 1536 slices of 1024²: no chest CT is larger, and what claims to be is damaged. */
const MAX_VOXELS = 3 * 2 ** 29;
/** Names that a pattern may stand for. */
const MAX_FILES = 10_000;

export function refusalOf(format: string, name: string): Refusal {
  return (reason) => new UserError('volume-file', `${name} cannot be read as a CT in ${format}: ${reason}.`);
}

/** Sizes of a volume, all checked to be possible. */
export function sizeFrom(sizes: readonly number[], refuse: Refusal): GridSize {
  const [nx = 0, ny = 0, nz = 0] = sizes;
  const written = sizes.join(' × ');
  if (sizes.length < 3 || sizes.slice(3).some((n) => n > 1))
    throw refuse(`its size is ${written}, not one volume; write one file per volume, with three axes`);
  if (!sizes.every((n) => Number.isInteger(n) && n > 0)) throw refuse(`its size is ${written}, which cannot be`);
  if (nx * ny * nz > MAX_VOXELS) throw refuse(`it claims a size of ${written}, which no CT has; it is damaged`);
  return [nx, ny, nz];
}

/** The affine of axes given by their steps, as vectors in LPS mm. */
export function affineFrom(steps: readonly (readonly number[])[], origin: readonly number[], refuse: Refusal): Affine {
  const values = [0, 1, 2].flatMap((row) => [...[0, 1, 2].map((axis) => steps[axis]?.[row]), origin[row]]).map(Number);
  if (!values.every(Number.isFinite) || !spanVolume(steps))
    throw refuse('its axes, spacing or origin are missing or make no volume');
  return [...values, 0, 0, 0, 1];
}

/** Whether three steps are numbers, and lie neither in a line nor in a plane. */
export function spanVolume(steps: readonly (readonly number[])[]): boolean {
  const [x, y, z] = steps.map(([a = Number.NaN, b = Number.NaN, c = Number.NaN]) => [a, b, c] as const);
  return x !== undefined && y !== undefined && z !== undefined && Math.abs(dot(cross(x, y), z)) >= 1e-9;
}

/** The names of `pattern first last step`, where the pattern holds one C conversion of a whole number, as in `slice%03d.raw`. */
export function namesOfPattern(pattern: string, numbers: readonly number[], refuse: Refusal): string[] {
  const [first, last, step = 1] = numbers;
  const conversion = /%(0?)(\d*)[du]/.exec(pattern);
  const count = (last! - first!) / step + 1;
  if (!conversion || !(count >= 1 && count <= MAX_FILES))
    throw refuse(`its list of data files "${pattern} ${numbers.join(' ')}" cannot be followed`);
  const [written, zero, width = ''] = conversion;
  return Array.from({ length: Math.floor(count) }, (_, n) =>
    pattern.replace(written, String(first! + n * step).padStart(Number(width), zero ? '0' : ' ')),
  );
}

/**
 * Which of a header's axes are those of the volume, of `sizes` and with `directions` where it has them: those with a
 * direction, else the first three beside axes of one step. What is left over has to have one step, or it is refused later.
 */
export function spatialAxes(sizes: readonly number[], directions: readonly (readonly number[])[] = []): number[] {
  const all = sizes.map((_, axis) => axis);
  const directed = all.filter((axis) => directions[axis]?.length);
  const [axes, isLeftOut] =
    directed.length === 3
      ? [directed, (axis: number) => !directed.includes(axis)]
      : [all.slice(0, 3), (axis: number) => axis >= 3];
  return all.some((axis) => isLeftOut(axis) && sizes[axis] !== 1) ? all : axes;
}

/** Numbers in a text, however they are separated. */
export function numbersIn(text: string): number[] {
  return (text.match(/[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?(nan|inf)/gi) ?? []).map(Number);
}
