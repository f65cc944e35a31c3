/**
 * How much lung each slice of each plane shows: where a viewer begins, and where the lungs end. From the lobes where a CT
 * was measured, else estimated from its Hounsfield units.
 */
import type { Plane } from '../../protocol/view.ts';
import type { LabelMap, Volume } from '../ct/geometry/volume.ts';

/** Per plane, a number for each slice: voxels of lung, or as many of them as were counted. */
export type LungProfile = Readonly<Record<Plane, Int32Array>>;

/** First and last slice of the lungs. */
export type LungExtent = readonly [first: number, last: number];

/** Aerated lung and little else: air around the patient and in the bowel is thinner, fat and soft tissue are denser. */
const LUNG_HU = [-950, -500] as const;
/** Of each slice every second voxel of every second row is counted. */
const STEP = 2;
/** Of an estimate, slices with less than this share of the most are skin, clothes and bowel wall. */
const LEAST_SHARE = 0.08;

/** From lobes or any other labels of lung. */
export function profileOfLabels({ labels, size }: LabelMap): LungProfile {
  return count(size, (index) => labels[index] !== 0);
}

/** An estimate, for CTs that were not measured. */
export function estimatedProfile({ hu, size }: Volume): LungProfile {
  const [low, high] = LUNG_HU;
  return withoutLittle(count(size, (index) => hu[index]! >= low && hu[index]! <= high));
}

/** The slice with most lung; the middle one where there is none. */
export function sliceWithMostLung(profile: LungProfile, plane: Plane): number {
  const counts = profile[plane];
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most ? counts.indexOf(most) : Math.floor(counts.length / 2);
}

/** Undefined where there is no lung. */
export function lungExtent(profile: LungProfile, plane: Plane): LungExtent | undefined {
  const counts = profile[plane];
  const first = counts.findIndex((n) => n > 0);
  return first < 0 ? undefined : [first, counts.findLastIndex((n) => n > 0)];
}

/** Coronal and sagittal slices that were passed over take their neighbour's number. */
function count([nx, ny, nz]: Volume['size'], isLung: (index: number) => boolean): LungProfile {
  const [axial, coronal, sagittal] = [new Int32Array(nz), new Int32Array(ny), new Int32Array(nx)];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j += STEP)
      for (let i = 0, row = (k * ny + j) * nx; i < nx; i += STEP)
        if (isLung(row + i)) {
          sagittal[i]!++;
          coronal[j]!++;
          axial[k]!++;
        }
  for (const counts of [coronal, sagittal]) for (let n = 0; n < counts.length; n++) counts[n] = counts[n - (n % STEP)]!;
  return { axial, coronal, sagittal };
}

function withoutLittle(profile: LungProfile): LungProfile {
  const kept = (counts: Int32Array) => {
    const least = LEAST_SHARE * counts.reduce((a, b) => Math.max(a, b), 0);
    return counts.map((n) => (n < least ? 0 : n));
  };
  return { axial: kept(profile.axial), coronal: kept(profile.coronal), sagittal: kept(profile.sagittal) };
}
