/** Which parts of the lungs a map tells: the five lobes, or whole lungs where lobes are not known. */
import {
  LOBAR_REGIONS,
  LOBES,
  LUNG_PARTS,
  type LungPart,
  type LungRegion,
  WHOLE_LUNGS,
  WHOLE_REGIONS,
} from '../../protocol/names.ts';

/** By label, from 1 on: sought at the speed of memory, since a CT has tens of millions of voxels. */
export function hasWholeLungs(labels: Uint8Array): boolean {
  const bytes = Buffer.from(labels.buffer, labels.byteOffset, labels.byteLength);
  return WHOLE_LUNGS.some((part) => bytes.includes(LUNG_PARTS.indexOf(part) + 1));
}

export function partsIn(labels: Uint8Array): readonly LungPart[] {
  return hasWholeLungs(labels) ? WHOLE_LUNGS : LOBES;
}

/** The lungs, then their parts. */
export function lungRegionsIn(labels: Uint8Array): readonly LungRegion[] {
  return hasWholeLungs(labels) ? WHOLE_REGIONS : LOBAR_REGIONS;
}

/** The places of a region's parts among LUNG_PARTS. */
export function placesOfParts(region: LungRegion): number[] {
  return region === 'total' ? LUNG_PARTS.map((_, part) => part) : [LUNG_PARTS.indexOf(region)];
}
