/** What `load` finds before any pixel is read: patients, their CT series, and what is wrong with them. */

import type { Remark } from '../../../protocol/remark.ts';
import type { VisitName } from '../../base/visitName.ts';
import type { StoredSlice } from '../dicom/readStored.ts';
import type { VolumeFormatId } from '../formats/formats.ts';
import type { GridSize } from '../geometry/volume.ts';

/** A place where bytes are: a file, or an entry of an archive. */
export interface Source {
  readonly file: string;
  /** In an archive: its name there; within archives in it, behind the name of each. */
  readonly zipEntry?: string;
  /** Where the bytes of such an entry are, where it could not be read in place: in the folder for temporary files. */
  readonly unpacked?: { readonly file: string; readonly zipEntry?: string };
  /** Number of the frame, from 0, in a DICOM file of several. */
  readonly frame?: number;
  /** How its bytes are stored: packed with gzip, or a DICOM data set without the header of a file. Readers undo it. */
  readonly form?: 'gzip' | 'bare';
  /** How messages call it: by patient, series and number, never by its name. */
  readonly place?: string;
  /** What was found of the pixels of a DICOM file that is not compressed, so that it need not be parsed again. */
  readonly stored?: StoredSlice;
}

/** What all slices of a stack share: the directions of rows and columns, and [down, across] in mm. */
export interface SliceFrame {
  readonly orientation: readonly number[];
  readonly pixelSpacing: readonly [number, number];
}

export interface Series {
  /** Label of the series, unique within the patient: never a UID or a name from the tags. */
  readonly id: string;
  readonly format: 'dicom' | VolumeFormatId;
  /** DICOM files in slice order from the feet to the head; of a volume file its header, then the files of its voxels. */
  readonly sources: readonly Source[];
  readonly size: GridSize;
  /** Columns and rows of a DICOM series' images, as its files have them; of a volume file as `size` has them. */
  readonly matrix: readonly [number, number];
  readonly spacingMm: readonly [number, number, number];
  /** Number of its study among the patient's, from 1 for the earliest; missing where there is one, or none is named. */
  readonly study?: number;
  /** Number of the visit, from 1; in every series of a cohort that has several visits of a patient, and in no other. */
  readonly visit?: number;
  /** Days from the patient's first visit to this one, where its date is known; the date itself is never kept. */
  readonly days?: number;
  /** What its visit is told from. */
  readonly scanned?: Scanned;
  /** What it is called within its visit, where `id` is not that. */
  readonly name?: string;
  /** Of DICOM files: what most of them say, which then holds for all. */
  readonly frame?: SliceFrame;
  readonly sliceThicknessMm: number | undefined;
  readonly convolutionKernel: string | undefined;
  readonly scanner: string | undefined;
  readonly patientPosition: string | undefined;
  /** Whether its pixels have to be unpacked by a codec, which is worth several threads. */
  readonly compressed: boolean;
  /** Computed from other images, such as reformats. */
  readonly derived: boolean;
  /** Its values are not those of tissue as it was scanned: a projection, or a map of something else. */
  readonly notTissue?: boolean;
  /** As far as the scanner's texts say. */
  readonly breathing: 'inspiration' | 'expiration' | undefined;
  readonly problems: readonly Remark[];
  /** Added to every value that is no padding, as the user asked. */
  readonly offsetHu?: number;
}

/** When a series was scanned, as far as folders, a manifest and headers say; absent where a patient has one study alone. */
export interface Scanned {
  readonly named?: VisitName;
  /** Which of the patient's folders or rows says so, from 0. */
  readonly place?: number;
  /** Days since the patient's first date that is known. */
  readonly day?: number;
  /** Days since the first visit, as a manifest gives them. */
  readonly days?: number;
}

export interface Patient {
  /** The label shown everywhere: the sub-folder's or file's name; never PatientName. */
  readonly id: string;
  readonly series: readonly Series[];
  /** For each series whether it is measured, and why. */
  readonly choices: readonly SeriesChoice[];
}

export interface SeriesChoice {
  readonly series: string;
  readonly used: boolean;
  readonly reason: string;
}

export interface Cohort {
  readonly patients: readonly Patient[];
  /** What was found and not used: files, folders, series, with the reason. */
  readonly problems: readonly Remark[];
}
