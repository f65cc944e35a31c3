/** How much of the lungs may be something else: the self-checks flag it. */
import type { Resampled } from '../ct/geometry/resample.ts';
import { type LabelMap, spacingMm, voxelMl } from '../ct/geometry/volume.ts';
import { spread } from './bodyAround.ts';
import { connectedComponents, forNeighbours } from './components.ts';
import { labelledBox, nearestLabels } from './lungBox.ts';
import type { OutsideBodyMl } from './outsideBody.ts';

export interface Doubts {
  /** Undefined where the body around the lungs tells nothing. */
  readonly outsideBodyMl: OutsideBodyMl | undefined;
  /** Lung that is as dense and as thick as a great vessel and belongs to the mediastinum, or is filled with contrast agent. */
  readonly vesselLikeMl: number;
}

/** Blood, without contrast agent and with it; averaged over the voxels of a network. */
export const BLOOD_HU = [-20, 450] as const;
/** Consolidated or collapsed lung takes up less contrast agent than a vessel. */
const CONTRAST_HU = 150;
/** Thinner than three of this, at voxels of 3 mm, nothing is a great vessel. */
const VESSEL_RADIUS_MM = 3;
/** As much of the surface of an aorta that is counted as lung borders on the mediastinum; of consolidated lung and of masses beside it 0.20 or less does on real CTs. */
const MEDIASTINAL_SHARE = 0.3;
/** The mediastinum reaches so far to either side of the middle between the lungs' outer borders. */
const MEDIASTINUM_MM = 60;

/** `coarse` is the CT at the spacing of the lobes' network; `drawn` its lobes on any grid over the same box, not empty. */
export function findDoubts(coarse: Resampled, drawn: LabelMap, outsideBodyMl: OutsideBodyMl | undefined): Doubts {
  return { outsideBodyMl, vesselLikeMl: vesselLikeMl(coarse, nearestLabels(drawn, coarse.size)) };
}

function vesselLikeMl(coarse: Resampled, labels: Uint8Array): number {
  const { size, hu } = coarse;
  const box = labelledBox({ ...coarse, labels }, 0);
  if (!box) return 0;
  const isBlood = (v: number) => hu[v]! > BLOOD_HU[0] && hu[v]! < BLOOD_HU[1];
  const thick = labels.map((label, v) => (label && isBlood(v) ? 1 : 0));
  const dense = thick.slice();
  const spacing = spacingMm(coarse);
  const radii = [0, 1, 2].map((a) => Math.max(1, Math.round(VESSEL_RADIUS_MM / spacing[a]!)));
  spread(thick, size, [radii[0]!, radii[1]!, radii[2]!], 0);
  spread(thick, size, [radii[0]!, radii[1]!, radii[2]!], 1);
  const { numbers, sizes } = connectedComponents(
    thick.map((is, v) => (is && dense[v] ? 1 : 0)),
    size,
  );
  const surface = new Float64Array(sizes.length);
  const mediastinal = new Float64Array(sizes.length);
  const sums = new Float64Array(sizes.length);
  const middle = (box.low[0] + box.high[0]) / 2;
  for (let v = 0; v < numbers.length; v++) {
    const number = numbers[v]!;
    if (!number) continue;
    sums[number]! += hu[v]!;
    const isMiddle = Math.abs((v % size[0]) - middle) * spacing[0] <= MEDIASTINUM_MM;
    forNeighbours(v, size, (near) => {
      if (numbers[near] === number) return;
      surface[number]!++;
      if (isMiddle && !labels[near] && isBlood(near)) mediastinal[number]!++;
    });
  }
  const isVessel = (n: number) =>
    mediastinal[n]! >= MEDIASTINAL_SHARE * surface[n]! || sums[n]! >= CONTRAST_HU * sizes[n]!;
  return sizes.reduce((sum, voxels, n) => sum + (n > 0 && isVessel(n) ? voxels : 0), 0) * voxelMl(coarse);
}
