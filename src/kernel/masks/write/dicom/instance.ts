/** What DICOM objects that LungNB writes have in common (PS3.3 C.7.1 to C.7.5, PS3.10), and their writing by dcmjs. */
import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';
import { UserError } from '../../../base/userError.ts';
import type { Maker } from '../../mask.ts';
import type { Code } from '../../segments.ts';
import type { SourceSeries } from '../../sourceImages.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** A data set by the names of its tags. */
export type Dataset = Readonly<Record<string, unknown>>;

/** When an object is made, as DICOM writes dates (DA) and times (TM), in UTC. */
export interface ContentTime {
  readonly date: string;
  readonly time: string;
}

/** The images that masks are of, with all UIDs that they are referred to by. */
export interface ReferredSeries extends SourceSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly images: readonly ReferredImage[];
}
type ReferredImage = SourceSeries['images'][number] & {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
};

/**
 * The series with its UIDs. Throws a UserError where they are missing, so that nothing could refer to it; without a frame
 * of reference it has one of its own.
 */
export function referredSeries(series: SourceSeries | undefined): ReferredSeries {
  if (!series)
    throw new UserError(
      'no-dicom-source',
      'DICOM objects refer to the DICOM files that they are of, and this CT comes from a volume file. Write its masks as `nifti`, `nrrd` or `mha`.',
    );
  const { studyInstanceUid, seriesInstanceUid, frameOfReferenceUid } = series;
  const images = series.images.flatMap((image) => {
    const { sopClassUid, sopInstanceUid } = image;
    return sopClassUid && sopInstanceUid ? [{ ...image, sopClassUid, sopInstanceUid }] : [];
  });
  if (!studyInstanceUid || !seriesInstanceUid || images.length < series.images.length)
    throw new UserError(
      'no-dicom-source',
      'The CT’s files lack UIDs (of the study, the series, or an image), so that no DICOM object can refer to them. Write its masks as `nifti`, `nrrd` or `mha`, or anonymise the CT again with a program that gives new UIDs.',
    );
  const ownFrame = () => uidOf('frame of reference', seriesInstanceUid);
  return {
    ...series,
    studyInstanceUid,
    seriesInstanceUid,
    frameOfReferenceUid: frameOfReferenceUid ?? ownFrame(),
    images,
  };
}

/** A UID under 2.25 (PS3.5 B.2), always the same for the same parts. */
export function uidOf(...parts: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  // A UUID of version 8 (RFC 9562): its other bits are anybody's own.
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${digest.toString('hex', 0, 16)}`)}`;
}

/** A decimal string of at most 16 characters (DS). */
export function decimal(value: number): string {
  for (let digits = 17; ; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
}

export function coded({ value, scheme, meaning }: Code): Dataset {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** A text of one value: no backslash, which parts values, no control character, and no longer than allowed. */
export function oneText(text: string, most = 64): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away.
  return Array.from(text.replace(/[\\\u0000-\u001f\u007f]/g, ' ').trim())
    .slice(0, most)
    .join('');
}

export interface Instance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly modality: 'SEG' | 'SR';
  readonly description: string;
  readonly seriesNumber: number;
  /** The label by which the cohort knows the patient; nothing else of them is written. */
  readonly patient: string;
  readonly series: ReferredSeries;
  readonly maker: Pick<Maker, 'software' | 'version'>;
  readonly at: ContentTime;
}

/** Patient, study, series, equipment and general tags. What would name a person or a day is empty; UIDs are the source's. */
export function commonTags(instance: Instance): Dataset {
  const { sopClassUid, sopInstanceUid, modality, description, seriesNumber, patient, series, maker, at } = instance;
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    StudyDate: '',
    StudyTime: '',
    AccessionNumber: '',
    Modality: modality,
    Manufacturer: 'LungNB',
    ManufacturerModelName: maker.software,
    // A program has none, and the tag may not be empty.
    DeviceSerialNumber: '0',
    SoftwareVersions: maker.version,
    ReferringPhysicianName: '',
    SeriesDescription: description,
    // The caret ends the family name: without one it is a form of old (PS3.5 6.2.1).
    PatientName: `${oneText(patient.replace(/[\^=]/g, ' '), 63)}^`,
    PatientID: oneText(patient),
    PatientBirthDate: '',
    PatientSex: '',
    StudyInstanceUID: series.studyInstanceUid,
    SeriesInstanceUID: uidOf('series', sopInstanceUid),
    StudyID: '',
    SeriesNumber: String(seriesNumber),
    InstanceNumber: '1',
    ContentDate: at.date,
    ContentTime: at.time,
  };
}

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const IMPLEMENTATION = uidOf('LungNB');

/** The bytes of a file. `dataset` has its SOP class and instance. */
export function fileOf(dataset: Dataset, transferSyntax = EXPLICIT_LITTLE_ENDIAN): Uint8Array {
  const file = new DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: [dataset.SOPClassUID] },
    '00020003': { vr: 'UI', Value: [dataset.SOPInstanceUID] },
    '00020010': { vr: 'UI', Value: [transferSyntax] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION] },
    '00020013': { vr: 'SH', Value: ['LUNGNB'] },
  });
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
  return new Uint8Array(file.write({ fragmentMultiframe: false }));
}
