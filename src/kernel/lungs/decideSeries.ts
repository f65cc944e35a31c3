/** Decides the voxels of one CT by the user's thresholds, and measures what comes of it. */
import { type Decisions, decideVoxels, inOverlap, overlapName } from './decisions.ts';
import { type LungVoxels, onGrid } from './lungVoxels.ts';
import { measureVoxels } from './measure.ts';

export type Decided = ReturnType<typeof measureVoxels> & {
  /** 1–6 in the order of TEXTURE_CLASSES on the CT's grid; empty where not asked for. */
  readonly textures: Uint8Array;
};

export function decideSeries(voxels: LungVoxels, decisions: Decisions, maps: boolean): Decided {
  const labels = decideVoxels(voxels, decisions);
  const overlaps = decisions.overlaps.map((overlap) => ({
    name: overlapName(overlap.classes),
    inside: inOverlap(voxels, overlap),
  }));
  return { ...measureVoxels(voxels, labels, overlaps), textures: maps ? onGrid(voxels, labels) : new Uint8Array(0) };
}
