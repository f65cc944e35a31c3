/** A label map as files hold it: on the grid of the CT's files, with what its labels mean and how it was made. */
import type { LabelMap } from '../ct/geometry/volume.ts';
import { type EditRecord, editInWords, type ModelUsed } from './editing/editRecord.ts';
import type { Differences } from './editing/labelEdits.ts';
import type { Segment } from './segments.ts';

/** A segment with its label in the map. */
export interface LabelledSegment extends Segment {
  readonly value: number;
}

/** How a map was made, for those who find the file. */
export interface Maker {
  readonly software: string;
  readonly version: string;
  readonly model: ModelUsed;
  /** Decisions of the user, in words; none where the model decided alone. */
  readonly decisions: readonly string[];
  /** Of a map that was edited by hand; with what its voxels were before, where the file is to keep that. */
  readonly edited?: { readonly record: EditRecord; readonly before?: Differences };
}

/** Voxels run as those of the CT's files do. */
export interface Mask extends LabelMap {
  /** What it is of: the end of the file's name. */
  readonly title: 'lobes' | 'textures';
  /** In the order of their labels; a label of none of them does not occur. */
  readonly segments: readonly LabelledSegment[];
  readonly maker: Maker;
}

/** One line of text: software, model with its licence, and decisions. */
export function makerInWords({ software, version, model, decisions, edited }: Maker): string {
  const hand = edited?.record.changedVoxels ? `; edited by hand: ${editInWords(edited.record)}` : '';
  const decided = (decisions.length ? `; decided ${decisions.join(', ')}` : '') + hand;
  return `${software} ${version}; ${model.id} ${model.version} (${model.licence}; SHA-256 ${model.sha256})${decided}; for research only`;
}
