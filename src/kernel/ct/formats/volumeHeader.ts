/** What the header of a volume file (NIfTI, NRRD, MetaImage) says, the same for all formats. */
import { UserError } from '../../base/userError.ts';
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
}

/** Makes the error of a header that cannot be read, from a reason in the middle of a sentence. */
export type Refusal = (reason: string) => UserError;

/** 1024 slices of 1024²: no chest CT is larger, and what claims to be is damaged. */
const MAX_VOXELS = 2 ** 30;
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
  const [xx = 0, xy = 0, xz = 0, , yx = 0, yy = 0, yz = 0, , zx = 0, zy = 0, zz = 0] = values;
  const determinant = xx * (yy * zz - yz * zy) - xy * (yx * zz - yz * zx) + xz * (yx * zy - yy * zx);
  if (!values.every(Number.isFinite) || Math.abs(determinant) < 1e-9)
    throw refuse('its axes, spacing or origin are missing or make no volume');
  return [...values, 0, 0, 0, 1];
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

/** Numbers in a text, however they are separated. */
export function numbersIn(text: string): number[] {
  return (text.match(/[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?(nan|inf)/gi) ?? []).map(Number);
}
