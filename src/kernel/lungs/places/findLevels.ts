/**
 * The five axial levels of visual scores of fibrosis (`LEVELS`), found by what a reader goes by, as far as it is seen
 * without contrast agent:
 * - `carina`: the lowest slice in which the trachea, followed down through its air, is one.
 * - `great-vessels`: above the aortic arch, which keeps the left lung away from the trachea: where the lung comes back.
 * - `diaphragm`: 5 mm above the dome under the middle of the right lung.
 * - `pulmonary-veins`: the veins are the lowest part of the hilum, which is where a lung's envelope holds what is no lung.
 * - `halfway`: between the last two.
 * What is not seen is estimated from its usual place, where the CT shows whole lungs, and said to be so.
 */
import { LEVELS, type Level } from '../../../protocol/names.ts';
import { type LabelMap, spacingMm, type Volume } from '../../ct/geometry/volume.ts';
import { labelledBox, type VoxelBox } from '../lungBox.ts';
import { type Airway, findAirway } from './airway.ts';
import { LUNG_OF_LABEL, type VoxelPlaces } from './placeVoxels.ts';

export interface FoundLevel {
  readonly level: Level;
  /** Axial slice of the CT, from 0. */
  readonly slice: number;
  /** Why it may lie elsewhere; left out where it was seen. */
  readonly doubt?: string;
}

/** Usual places, from the seven chests of the check in docs/zones.md. */
const USUAL = {
  /** Share of the lungs' height below the carina. */
  carinaShare: 0.67,
  archMm: 35,
  veinsMm: 45,
} as const;
/** Of the lungs' height; a carina beyond is doubted. */
const CARINA_SHARES = [0.55, 0.8] as const;
/** The top of the arch lies between these heights above the carina. */
const ARCH_MM = [12, 64] as const;
/** Where it ends, the left lung comes so much nearer to the trachea over a height of 8 mm, taken in rows this far about the trachea's. */
const ARCH = { fallMm: 7, overMm: 8, rowsMm: 15 } as const;
/** The dome lies under this part of the right lung, and this share of its columns ends below it. */
const DOME = { width: [0.3, 0.6], depth: [0.3, 0.7], share: 0.95, aboveMm: 5 } as const;
/** How much of the hilum lies above the veins, and how much gap a hilum makes. */
const HILUM = { share: 0.75, leastMl: 1, mostMl: 40, apartMm: 30 } as const;

/** A place along the patient's axis, in slices that need not be whole. */
interface Place {
  readonly slice: number;
  readonly doubt?: string;
}

/** From the apex down; those that cannot be told are left out. `lobes` are not empty. */
export function findLevels(volume: Volume, lobes: LabelMap, { gaps }: Pick<VoxelPlaces, 'gaps'>): FoundLevel[] {
  const box = labelledBox(lobes, 0);
  if (!box) return [];
  const ct: Ct = { volume, lobes, box, mm: spacingMm(volume)[2] };
  const airway = findAirway(volume, lobes);
  const carina = carinaIn(ct, airway);
  const arch = carina && archIn(ct, carina, airway);
  const dome = domeIn(ct);
  const veins = carina && veinsIn(ct, gaps, carina, dome);
  const halfway = veins && dome && between(veins, dome);
  const found = { 'great-vessels': arch, carina, 'pulmonary-veins': veins, halfway, diaphragm: dome };
  const levels = LEVELS.flatMap((level) => {
    const place = found[level];
    const slice = place && Math.round(place.slice);
    if (place === undefined || slice === undefined || slice < 0 || slice >= volume.size[2]) return [];
    return [{ level, slice, ...(place.doubt === undefined ? {} : { doubt: place.doubt }) }];
  });
  return inOrder(levels);
}

interface Ct {
  readonly volume: Volume;
  readonly lobes: LabelMap;
  readonly box: VoxelBox;
  /** Between slices. */
  readonly mm: number;
}

/** Whether the CT goes on beyond the lungs at this end. */
function showsEnd({ volume, box }: Ct, end: 'top' | 'bottom'): boolean {
  return end === 'top' ? box.high[2] < volume.size[2] - 1 : box.low[2] > 0;
}

function carinaIn(ct: Ct, airway: Airway | undefined): Place | undefined {
  const { box } = ct;
  const height = box.high[2] - box.low[2];
  const isWhole = showsEnd(ct, 'top') && showsEnd(ct, 'bottom');
  if (!airway)
    return isWhole
      ? {
          slice: box.low[2] + USUAL.carinaShare * height,
          doubt: 'no trachea was seen to divide: estimated at two thirds of the lungs’ height',
        }
      : undefined;
  const share = (airway.carina - box.low[2]) / height;
  const isUsual = share >= CARINA_SHARES[0] && share <= CARINA_SHARES[1];
  return {
    slice: airway.carina,
    ...(isWhole && !isUsual && { doubt: `the trachea divides at ${Math.round(100 * share)} % of the lungs’ height` }),
  };
}

/** The largest fall of the mean distance from the trachea to the left lung, going up from the carina. */
function archIn(ct: Ct, carina: Place, airway: Airway | undefined): Place {
  const usual: Place = {
    slice: carina.slice + USUAL.archMm / ct.mm,
    doubt: 'no end of the aortic arch was seen: estimated 35 mm above the carina',
  };
  if (!airway) return usual;
  const over = Math.max(1, Math.round(ARCH.overMm / ct.mm));
  const [low, high] = ARCH_MM.map((mm) => Math.round(carina.slice + mm / ct.mm));
  let best = { fall: 0, slice: 0 };
  for (let k = low!; k + over <= high!; k++) {
    const [below, above] = [toLeftLung(ct, airway, k), toLeftLung(ct, airway, k + over)];
    if (below === undefined || above === undefined) continue;
    if (below - above > best.fall) best = { fall: below - above, slice: k + over / 2 };
  }
  return best.fall >= ARCH.fallMm ? { slice: best.slice } : usual;
}

/** Mean distance in mm from the trachea's left border to the left lung, in the rows around the trachea. */
function toLeftLung({ volume, lobes }: Ct, { borders }: Airway, k: number): number | undefined {
  const border = borders.get(k);
  if (!border) return undefined;
  const [nx, ny] = volume.size;
  const [dx, dy] = spacingMm(volume);
  const reach = Math.round(ARCH.rowsMm / dy);
  let [sum, count] = [0, 0];
  for (let j = Math.max(0, Math.round(border.row) - reach); j <= Math.min(ny - 1, border.row + reach); j++) {
    const row = (k * ny + j) * nx;
    let i = Math.round(border.left);
    while (i < nx && LUNG_OF_LABEL[lobes.labels[row + i]!] !== 2) i++;
    if (i === nx) continue;
    sum += (i - border.left) * dx;
    count++;
  }
  return count > 0 ? sum / count : undefined;
}

/** From the lowest lung of each column under the middle of the right lung. */
function domeIn(ct: Ct): Place | undefined {
  const { lobes, mm } = ct;
  const [nx, ny, nz] = lobes.size;
  const right = { ...lobes, labels: lobes.labels.map((label) => (LUNG_OF_LABEL[label] === 1 ? 1 : 0)) };
  const box = labelledBox(right, 0);
  if (!box || box.low[2] === 0) return undefined;
  const within = (axis: 0 | 1, shares: readonly number[]) =>
    shares.map((share) => Math.round(box.low[axis] + share * (box.high[axis] - box.low[axis])));
  const [i0, i1] = within(0, DOME.width);
  const [j0, j1] = within(1, DOME.depth);
  const lowest: number[] = [];
  for (let j = j0!; j <= j1!; j++)
    for (let i = i0!; i <= i1!; i++) {
      let k = box.low[2];
      while (k < nz && !right.labels[(k * ny + j) * nx + i]) k++;
      if (k < nz) lowest.push(k);
    }
  lowest.sort((a, b) => a - b);
  const dome = lowest[Math.floor(DOME.share * (lowest.length - 1))];
  return dome === undefined ? undefined : { slice: dome + DOME.aboveMm / mm };
}

/** So far down the hila of both lungs, between carina and diaphragm, that most of them is above. */
function veinsIn(ct: Ct, gaps: VoxelPlaces['gaps'], carina: Place, dome: Place | undefined): Place {
  const [dx, dy] = spacingMm(ct.volume);
  const usual = (why: string): Place => ({
    slice: carina.slice - USUAL.veinsMm / ct.mm,
    doubt: `${why}: estimated 45 mm below the carina`,
  });
  const hila = gaps.map((own) => {
    const slices = Array.from(own, (voxels, k) => (k < carina.slice && k > (dome?.slice ?? 0) ? voxels : 0));
    const all = slices.reduce((a, b) => a + b, 0);
    let [k, above] = [slices.length, 0];
    while (k > 0 && above < HILUM.share * all) above += slices[--k]!;
    return { ml: (all * dx * dy * ct.mm) / 1000, k };
  });
  if (hila.some(({ ml }) => ml > HILUM.mostMl)) return usual('more than the hila is left out of the lungs');
  const seen = hila.filter(({ ml }) => ml >= HILUM.leastMl);
  if (seen.length === 0) return usual('the lungs leave no hila out');
  const slice = seen.reduce((sum, { k }) => sum + k, 0) / seen.length;
  const apart = Math.abs(hila[0]!.k - hila[1]!.k) * ct.mm;
  if (seen.length < hila.length) return { slice, doubt: 'one hilum alone was seen' };
  return apart > HILUM.apartMm
    ? { slice, doubt: `the hila end ${Math.round(apart)} mm apart: between both` }
    : carried(slice, carina);
}

function between(a: Place, b: Place): Place {
  return carried((a.slice + b.slice) / 2, a.doubt === undefined ? b : a);
}

/** A place that hangs on another is as doubtful. */
function carried(slice: number, { doubt }: Place): Place {
  return { slice, ...(doubt === undefined ? {} : { doubt }) };
}

/** Levels that do not follow one another are all doubted. */
function inOrder(levels: readonly FoundLevel[]): FoundLevel[] {
  const falls = levels.every(({ slice }, n) => n === 0 || slice < levels[n - 1]!.slice);
  if (falls) return [...levels];
  return levels.map((level) => ({
    ...level,
    doubt: level.doubt ?? 'the levels do not follow one another from the apex down',
  }));
}
