/** What `load` finds of masks before they are laid over a CT: files of label maps, DICOM SEG and RTSTRUCT, and whose they may be. */
import type { Remark } from '../../protocol/remark.ts';
import type { Source } from '../ct/cohort/cohort.ts';
import type { Grid } from '../ct/geometry/volume.ts';
import type { EditRecord } from './editing/editRecord.ts';

/** One label of a map, segment of a SEG, or region of interest of an RTSTRUCT. */
export interface MaskSegment {
  /** Its value in the map, its Segment Number or its ROI Number. */
  readonly key: number;
  /** Where values of several layers lie one behind another (3D Slicer's overlapping segments): which of them, from 0. */
  readonly layer?: number;
  /** What it stands for: see `structures.ts`. */
  readonly structure: string;
  /** Named, and without a voxel: the structure is not there, which is another thing than one that nobody looked for. */
  readonly isAbsent?: true;
}

export type MaskKind = 'volume' | 'seg' | 'rtstruct';

/** What tells whose a mask is. Nothing of it is shown or saved but `label`. */
export interface MaskOwner {
  /** As a cohort would call the patient: the first folder below the root, or the file. */
  readonly label: string;
  /** Names of the folders that it lies in, below the root, then its own without endings. */
  readonly path: readonly string[];
  /** Of DICOM files. */
  readonly patientId?: string | undefined;
  readonly studyUid?: string | undefined;
  readonly frameOfReferenceUid?: string | undefined;
  /** The series that it was drawn on. */
  readonly seriesUids?: readonly string[];
}

export interface MaskFile {
  readonly kind: MaskKind;
  /** The header first, then the files of its voxels. */
  readonly sources: readonly Source[];
  /** Of the stored bytes of all sources. */
  readonly sha256: string;
  /** Those that stand for something; a file has at least one. */
  readonly segments: readonly MaskSegment[];
  readonly owner: MaskOwner;
  /** Undefined for contours, which have no voxels. */
  readonly grid: Grid | undefined;
  /** What it says of having been edited by hand, in LungNB. */
  readonly edited?: EditRecord;
}

/** All masks of a folder, and what of it is not used. */
export interface Masks {
  readonly files: readonly MaskFile[];
  readonly problems: readonly Remark[];
}

/** What the user says labels stand for, by their value or by their name in the file; or a program whose labels they are. */
export type LabelsAsked =
  | { readonly by: 'file' }
  | { readonly by: 'lungmask' }
  | { readonly by: 'user'; readonly labels: readonly (readonly [label: number | string, structure: string])[] };

/** How messages call a mask: by its label and number, as all files are called. */
export function nameOfMask({ sources }: Pick<MaskFile, 'sources'>): string {
  return sources[0]?.place ?? 'the file';
}

/** A sentence may begin with what a mask is called; a file's own name stays as it is. */
export function asSentence(text: string): string {
  return /^(?:the|files?|masks?|labels?) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
