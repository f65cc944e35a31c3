/** Tags that should be the same in all images of a stack and are not, or the other way round, in words. */
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import type { FoundFile } from '../files/scan.ts';
import type { DicomHeader } from './dicomFile.ts';

interface Rule {
  /** The tag by its name in the standard. */
  readonly tag: string;
  /** Its value as a text; undefined where it is missing. */
  readonly of: (header: DicomHeader) => string | undefined;
  /** It should be another in every image, and not the same. */
  readonly isOfImage?: true;
}

/** Times, windows and fields of view differ from image to image in sound series as well, and say nothing. */
const RULES: readonly Rule[] = [
  { tag: 'FrameOfReferenceUID', of: ({ frameOfReferenceUid }) => frameOfReferenceUid },
  { tag: 'SeriesInstanceUID', of: ({ seriesInstanceUid }) => seriesInstanceUid },
  { tag: 'StudyInstanceUID', of: ({ studyInstanceUid }) => studyInstanceUid },
  { tag: 'SeriesNumber', of: ({ seriesNumber }) => seriesNumber?.toString() },
  { tag: 'PatientID', of: ({ patientId }) => patientId },
  { tag: 'PatientName, PatientBirthDate or PatientSex', of: ({ person }) => person },
  { tag: 'ConvolutionKernel', of: ({ convolutionKernel }) => convolutionKernel },
  { tag: 'SliceThickness', of: ({ sliceThicknessMm }) => sliceThicknessMm?.toString() },
  { tag: 'PixelSpacing', of: ({ pixelSpacing }) => pixelSpacing?.join() },
  { tag: 'ImageOrientationPatient', of: ({ orientation }) => orientation?.join() },
  { tag: 'Modality', of: ({ modality }) => modality },
  { tag: 'SOPInstanceUID', of: ({ sopInstanceUid }) => sopInstanceUid, isOfImage: true },
  { tag: 'InstanceNumber', of: ({ instanceNumber }) => instanceNumber?.toString(), isOfImage: true },
];

/** `FrameOfReferenceUID has 24 values in 24 images, and ConvolutionKernel is missing in 12`; empty where nothing is odd. */
export function unheededTags(files: readonly FoundFile[]): string {
  // Frames of one file share what belongs to the file.
  const isFrames = files.some(({ source }) => source.frame !== undefined);
  return allOf(RULES.filter(({ isOfImage }) => !(isOfImage && isFrames)).flatMap((rule) => oddity(files, rule) ?? []));
}

function oddity(files: readonly FoundFile[], { tag, of, isOfImage }: Rule): string | undefined {
  const values = files.map(({ header }) => of(header));
  const there = values.filter((value) => value !== undefined);
  const distinct = new Set(there).size;
  const missing = files.length - there.length;
  if (missing > 0 && there.length > 0) return `${tag} is missing in ${missing} of ${files.length} images`;
  if (isOfImage) {
    if (there.length === 0) return tag === 'SOPInstanceUID' ? `${tag} is missing` : undefined;
    if (distinct === there.length) return undefined;
  } else if (distinct < 2) return undefined;
  return `${tag} has ${counted(distinct, 'value')} in ${files.length} images`;
}
