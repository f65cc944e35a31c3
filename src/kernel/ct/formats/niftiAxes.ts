/**
 * How the axes of a NIfTI file lie, which it may say three times: by the spacings of pixdim, by a rotation (qform) and by
 * any affine (sform). Where these disagree, one is taken as ITK takes it (itkNiftiImageIO), and that is said.
 */
import type { Remark } from '../../../protocol/remark.ts';
import { warning } from '../../base/remarks.ts';
import { impossibleSize } from '../geometry/possibleSize.ts';
import { cross, dot } from '../geometry/vector.ts';
import { type GridSize, perAxis } from '../geometry/volume.ts';
import { affineFrom, type Refusal, spanVolume, type VolumeHeader } from './volumeHeader.ts';

/** Three rows of four, from voxel indices to RAS, in the header's unit. */
interface Form {
  /** 1 is the scanner's own coordinates; others are those of another scan or of a template. */
  readonly code: number;
  readonly rows: readonly (readonly number[])[];
}

export interface NiftiForms {
  /** Undefined where its code is 0. */
  readonly sform: Form | undefined;
  readonly qform: Form | undefined;
  /** pixdim[1] to pixdim[3]. */
  readonly spacings: readonly number[];
  /** Millimetres in the header's unit. */
  readonly millimetres: number;
}

type Triple = readonly [number, number, number];

/** A form that makes a volume, in LPS mm. */
interface Axes {
  readonly code: number;
  readonly steps: readonly [Triple, Triple, Triple];
  readonly origin: Triple;
}

const OF_THE_SCANNER = 1;
/** Spacings that are written with few digits differ by less; so much makes 0.3 % of a volume. */
const SAME_SPACING = 1e-3;
/** Turned by less than this, axes differ by rounding. */
const SAME_AXES_DEGREES = 1;

/** Throws a UserError, made by `refuse`, where no form makes a volume. */
export function niftiAxes(
  { sform, qform, spacings, millimetres }: NiftiForms,
  size: GridSize,
  refuse: Refusal,
): Pick<VolumeHeader, 'affine' | 'oriented' | 'problems'> {
  const [affine, rotation] = [axesOf(sform, millimetres), axesOf(qform, millimetres)];
  const byPixdim = perAxis((axis) => Math.abs(spacings[axis] ?? Number.NaN) * millimetres);
  const chosen = preferred(affine, rotation);
  if (!chosen) {
    if (sform || qform) throw refuse('its axes, spacing or origin are missing or make no volume');
    return { ...unplaced(byPixdim, refuse), oriented: false, problems: [] };
  }
  const problems = affine && rotation ? turnedAgainst(affine, rotation, chosen === affine) : [];
  const result = (axes: Axes, more: readonly Remark[] = []) => ({
    affine: affineFrom(axes.steps, axes.origin, refuse),
    oriented: true,
    problems: [...more, ...problems],
  });
  // A qform has the spacings of pixdim by its definition.
  if (chosen !== affine || agree(affine, byPixdim)) return result(chosen);
  const bySform = lengthsOf(affine);
  // Spacings of 1 are what a program leaves that was told none.
  const isUnset = spacings.slice(0, 3).every((spacing) => spacing === 1);
  const isOdd = impossibleSize(size, byPixdim) !== undefined && impossibleSize(size, bySform) === undefined;
  if (isUnset || isOdd) return result(affine, [twoSpacings(bySform, byPixdim, 'sform')]);
  return result(rotation ?? withLengths(affine, byPixdim), [twoSpacings(bySform, byPixdim, 'pixdim')]);
}

/** Undefined where there is no form, or none that makes a volume, such as one of zeros. */
function axesOf(form: Form | undefined, millimetres: number): Axes | undefined {
  if (!form) return undefined;
  // NIfTI's x runs to the right and y to the front of the world: LPS is the negative of both.
  const signs = [-millimetres, -millimetres, millimetres];
  const column = (c: number) => perAxis((row) => signs[row]! * (form.rows[row]?.[c] ?? Number.NaN));
  const [steps, origin] = [perAxis(column), column(3)];
  return spanVolume(steps) && origin.every(Number.isFinite) ? { code: form.code, steps, origin } : undefined;
}

/** The sform, unless the qform alone is in the scanner's coordinates, as far as is known. */
function preferred(affine: Axes | undefined, rotation: Axes | undefined): Axes | undefined {
  return affine && (affine.code === OF_THE_SCANNER || !rotation) ? affine : rotation;
}

/** Axes that run as the world's do (nifti1.h, method 1). */
function unplaced([x, y, z]: Triple, refuse: Refusal): Pick<VolumeHeader, 'affine'> {
  const steps = [
    [-x, 0, 0],
    [0, -y, 0],
    [0, 0, z],
  ];
  return { affine: affineFrom(steps, [0, 0, 0], refuse) };
}

function lengthsOf({ steps }: Axes): [number, number, number] {
  return perAxis((axis) => Math.hypot(...steps[axis]));
}

/** Whether steps are as long as pixdim says, or as far apart as it says where slices are shifted; true where it says nothing. */
function agree(axes: Axes, byPixdim: Triple): boolean {
  if (!byPixdim.every((mm) => mm > 0)) return true;
  const [x, y, z] = axes.steps;
  const volume = Math.abs(dot(cross(x, y), z));
  const apart = [cross(y, z), cross(z, x), cross(x, y)].map((normal) => volume / Math.hypot(...normal));
  return lengthsOf(axes).every((length, axis) =>
    [length, apart[axis]!].some((mm) => Math.abs(mm - byPixdim[axis]!) <= SAME_SPACING * byPixdim[axis]!),
  );
}

function withLengths(axes: Axes, lengths: Triple): Axes {
  const own = lengthsOf(axes);
  return { ...axes, steps: perAxis((axis) => perAxis((n) => (axes.steps[axis][n] * lengths[axis]) / own[axis])) };
}

function twoSpacings(bySform: Triple, byPixdim: Triple, used: 'sform' | 'pixdim'): Remark {
  const inMm = (values: Triple) => `${values.map((mm) => Number(mm.toPrecision(4))).join(' × ')} mm`;
  const [most, least] = [bySform, byPixdim].map((lengths) => lengths.reduce((a, b) => a * b));
  const times = used === 'pixdim' ? most! / least! : least! / most!;
  return warning(
    'two-spacings',
    `The header gives voxels two sizes: ${inMm(bySform)} by its sform, and ${inMm(byPixdim)} by pixdim. Those of the ${used === 'sform' ? 'sform are used, since pixdim holds none that can be' : 'pixdim are used, as ITK and 3D Slicer do'}; by the others every volume would be ${Number(times.toPrecision(3))} times as large. Compare with the original, and convert it again if they are wrong.`,
  );
}

function turnedAgainst(affine: Axes, rotation: Axes, isSformUsed: boolean): Remark[] {
  const [written, turned] = [lengthsOf(affine), lengthsOf(rotation)];
  const cosines = perAxis((n) => dot(affine.steps[n], rotation.steps[n]) / (written[n] * turned[n]));
  const degrees = (Math.acos(Math.max(-1, Math.min(...cosines))) * 180) / Math.PI;
  if (!(degrees > SAME_AXES_DEGREES)) return [];
  const why = isSformUsed
    ? 'The sform is used, which is in the scanner’s coordinates'
    : 'The qform is used: the sform leads to another scan or a template';
  return [
    warning(
      'two-orientations',
      `The header turns the axes in two ways: its sform (code ${affine.code}) and qform (code ${rotation.code}) differ by ${degrees.toFixed(0)}°. ${why}, as ITK and 3D Slicer do; other programs may show the CT turned. Compare the slices with the original.`,
    ),
  ];
}
