/** Whether numbers can be Hounsfield units of a chest: air is there, near −1000, and not everything is alike. */

import type { Remark } from '../../../protocol/remark.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { PADDING_HU } from '../geometry/volume.ts';

/** About so many voxels are looked at. */
const VOXELS_LOOKED_AT = 1_000_000;
/** Lung and air around the body lie below. */
const AIR_BELOW_HU = -500;
/** Air itself, with noise. */
const NEAR_AIR_HU = [-1100, -880] as const;
const MIN_AIR_SHARE = 0.01;
/** Fat, muscle and blood; a tenth of any picture of a chest at the least. */
const SOFT_TISSUE_HU = [-150, 150] as const;
const MIN_TISSUE_SHARE = 0.1;
const MIN_RANGE_HU = 200;
/** Of 16 bits with sign. */
const MIN_VALUE = -32768;
const VALUES = 65536;

interface Census {
  readonly least: number;
  readonly most: number;
  /** Numbers of voxels: all, then of each kind. */
  readonly counted: number;
  readonly air: number;
  readonly nearAir: number;
  readonly padding: number;
  readonly tissue: number;
  /** What was probably added to Hounsfield units, by where air and soft tissue lie; 0 where nothing was. */
  readonly added: number;
}

/** Throws a UserError, naming `label`, where no lung could be found in such numbers; else what looks wrong with them. */
export function hounsfieldChecks(hu: Int16Array, label: string): Remark[] {
  const census = censusOf(hu);
  const { least, most, counted, air, nearAir, padding, tissue } = census;
  if (census.added !== 0) throw shifted(census, label);
  if (!hasRange(census) || air === 0) throw notHounsfield(census, label);
  if (nearAir >= MIN_AIR_SHARE * counted) return [];
  // Air that a scanner cuts off at −1024 looks like padding; then soft tissue in its place says that the scale is right.
  const inPlace = tissue >= MIN_TISSUE_SHARE * (counted - padding);
  if (padding >= MIN_AIR_SHARE * counted && inPlace) return [];
  return [
    warning(
      'hu-implausible',
      `Hardly any voxel of ${label} is near −1000 HU, where air belongs (values run from ${least} to ${most}). If the scale is shifted, every measurement is wrong: look at the air around the body, and export the series again if it is not black.`,
    ),
  ];
}

/** Throws a UserError, naming `label`, where numbers of a part of a volume are too much alike to be Hounsfield units. */
export function hounsfieldRange(hu: Int16Array, label: string): void {
  const census = censusOf(hu);
  if (census.added !== 0) throw shifted(census, label);
  if (census.padding < census.counted && !hasRange(census)) throw notHounsfield(census, label);
}

function censusOf(hu: Int16Array): Census {
  // Odd, so that it is no divisor of a row and every column has its turn.
  const stride = Math.floor(hu.length / VOXELS_LOOKED_AT) | 1;
  const counts = new Uint32Array(VALUES);
  for (let p = 0; p < hu.length; p += stride) counts[hu[p]! - MIN_VALUE]!++;
  let [least, most, counted, air, nearAir, tissue] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (let n = 0; n < VALUES; n++) {
    const [count, value] = [counts[n]!, n + MIN_VALUE];
    counted += count;
    // Padding tells nothing of the scale.
    if (count === 0 || value === PADDING_HU) continue;
    least = Math.min(least, value);
    most = value;
    if (value < AIR_BELOW_HU) air += count;
    if (value >= NEAR_AIR_HU[0] && value <= NEAR_AIR_HU[1]) nearAir += count;
    if (value >= SOFT_TISSUE_HU[0] && value <= SOFT_TISSUE_HU[1]) tissue += count;
  }
  const padding = counts[PADDING_HU - MIN_VALUE]!;
  return {
    least,
    most,
    counted,
    air,
    nearAir,
    padding,
    tissue,
    added: air === 0 ? addedTo(counts, counted - padding) : 0,
  };
}

/** What programs add so that no value is negative: what makes air 0, or the least value of 12 bits with sign. */
const ADDED = { air: 1000, least: 1024 } as const;
/** Where air, with its noise, then lies. */
const SHIFTED_AIR = [-100, 150] as const;
/** What was drawn, such as a mask, has few values; tissue has noise. */
const FEWEST_TISSUE_VALUES = 20;

/** Soft tissue where only bone belongs, and air where soft tissue does, in numbers without any air. */
function addedTo(counts: Uint32Array, told: number): number {
  const within = (from: number, to: number) => counts.subarray(from - MIN_VALUE, to + 1 - MIN_VALUE);
  const count = (from: number, to: number) => within(from, to).reduce((sum, one) => sum + one, 0);
  const [from, to] = [SOFT_TISSUE_HU[0] + ADDED.air, SOFT_TISSUE_HU[1] + ADDED.least];
  const hasTissue = count(from, to) >= MIN_TISSUE_SHARE * told;
  const hasNoise = within(from, to).filter((one) => one > 0).length >= FEWEST_TISSUE_VALUES;
  if (!hasTissue || !hasNoise || count(...SHIFTED_AIR) < MIN_AIR_SHARE * told) return 0;
  // Air peaks at what was added less 1000. Not at 0 itself: there is padding where 1024 was added, and what was cut off.
  const near = (air: number) => Math.max(count(air - 8, air - 1), count(air + 1, air + 8));
  return near(ADDED.least - ADDED.air) > near(0) ? ADDED.least : ADDED.air;
}

/** The offset that a remark offers, in HU. */
export function offsetOffered({ code, message }: Remark): number | undefined {
  const [, offset] = /`offset (-\d+)`/.exec(message) ?? [];
  return code === 'shifted-hounsfield' && offset !== undefined ? Number(offset) : undefined;
}

function shifted({ least, most, added }: Census, label: string): UserError {
  return new UserError(
    'shifted-hounsfield',
    `The values of ${label} run from ${least} to ${most}: Hounsfield units to which ${added} was added, by their air and soft tissue. Add \`offset -${added}\` to \`load\`, and they are read as they should be.`,
  );
}

function hasRange({ least, most }: Census): boolean {
  return most - least >= MIN_RANGE_HU;
}

function notHounsfield({ least, most, counted, padding, air }: Census, label: string): UserError {
  const range = counted === padding ? `are all ${PADDING_HU}` : `run from ${least} to ${most}`;
  const noAir = air === 0 ? ', and none is that of air (near −1000)' : '';
  return new UserError(
    'not-hounsfield',
    `The values of ${label} ${range}${noAir}: they are no Hounsfield units of a chest. The rescale slope and intercept may have been lost; export the series again from its archive.`,
  );
}
