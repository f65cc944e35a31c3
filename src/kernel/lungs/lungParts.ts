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

/** By label, from 1 on. */
export function hasWholeLungs(labels: Uint8Array): boolean {
  return labels.some((label) => label > LOBES.length);
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
