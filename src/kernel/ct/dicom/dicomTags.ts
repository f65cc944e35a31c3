/** The tags of a DICOM data set that LungNB reads, by their names (PS3.6), and typed values out of them. */
import type { DicomElements } from 'dcmjs';

/** Others stay unnamed: a header has some hundred, and naming them all takes as long as reading them. */
const NAMES = {
  '00080008': 'ImageType',
  '00080016': 'SOPClassUID',
  '00080018': 'SOPInstanceUID',
  '00080020': 'StudyDate',
  '00080022': 'AcquisitionDate',
  '00080023': 'ContentDate',
  '0008002A': 'AcquisitionDateTime',
  '00080030': 'StudyTime',
  '00080032': 'AcquisitionTime',
  '00080033': 'ContentTime',
  '00080060': 'Modality',
  '00080070': 'Manufacturer',
  '0008103E': 'SeriesDescription',
  '00081090': 'ManufacturerModelName',
  '00089007': 'FrameType',
  '00089207': 'VolumeBasedCalculationTechnique',
  '00100010': 'PatientName',
  '00100020': 'PatientID',
  '00100030': 'PatientBirthDate',
  '00100040': 'PatientSex',
  '00180050': 'SliceThickness',
  '00180060': 'KVP',
  '00181030': 'ProtocolName',
  '00181060': 'TriggerTime',
  '00181210': 'ConvolutionKernel',
  '00185100': 'PatientPosition',
  '00189314': 'CTReconstructionSequence',
  '00189329': 'CTImageFrameTypeSequence',
  '0020000D': 'StudyInstanceUID',
  '0020000E': 'SeriesInstanceUID',
  '00200011': 'SeriesNumber',
  '00200012': 'AcquisitionNumber',
  '00200013': 'InstanceNumber',
  '00200032': 'ImagePositionPatient',
  '00200037': 'ImageOrientationPatient',
  '00200052': 'FrameOfReferenceUID',
  '00200100': 'TemporalPositionIdentifier',
  '00204000': 'ImageComments',
  '00209113': 'PlanePositionSequence',
  '00209116': 'PlaneOrientationSequence',
  '00209128': 'TemporalPositionIndex',
  '00209241': 'NominalPercentageOfCardiacPhase',
  '00280002': 'SamplesPerPixel',
  '00280008': 'NumberOfFrames',
  '00280010': 'Rows',
  '00280011': 'Columns',
  '00280030': 'PixelSpacing',
  '00280100': 'BitsAllocated',
  '00280101': 'BitsStored',
  '00280102': 'HighBit',
  '00280103': 'PixelRepresentation',
  '00280120': 'PixelPaddingValue',
  '00280121': 'PixelPaddingRangeLimit',
  '00281052': 'RescaleIntercept',
  '00281053': 'RescaleSlope',
  '00281054': 'RescaleType',
  '00282110': 'LossyImageCompression',
  '00283000': 'ModalityLUTSequence',
  '00289110': 'PixelMeasuresSequence',
  '00289145': 'PixelValueTransformationSequence',
  '52009229': 'SharedFunctionalGroupsSequence',
  '52009230': 'PerFrameFunctionalGroupsSequence',
  '7FE00010': 'PixelData',
} as const;

export type TagName = (typeof NAMES)[keyof typeof NAMES];
/** One value as it is, several and items of sequences in an array, none as null. */
export type Tags = Readonly<Partial<Record<TagName, unknown>>>;

const TAGS = Object.entries(NAMES);

export function namedTags(elements: DicomElements): Tags {
  const tags: Partial<Record<TagName, unknown>> = {};
  for (const [tag, name] of TAGS) {
    const element = elements[tag];
    if (element) tags[name] = elementValue(element);
  }
  return tags;
}

/** A number with a decimal comma, as programs write it under the settings of most of Europe. */
const DECIMAL_COMMA = /^[ +-]*\d+,\d+ *$/;

/** The tags that are written as decimal numbers and decide on geometry and scale. */
const DECIMALS = ['00180050', '00200032', '00200037', '00280030', '00281052', '00281053'];

/** True where one of them has a decimal comma, which no DICOM number may have (PS3.5 section 6.2). */
export function hasDecimalComma(elements: DicomElements): boolean {
  return DECIMALS.some(
    (tag) => elements[tag]?.vr === 'DS' && textsOf(elements[tag]).some((text) => text.includes(',')),
  );
}

/** The texts of an element as they are stored. */
function textsOf({ _rawValue: raw }: DicomElements[string]): string[] {
  return Array.isArray(raw) ? raw.filter((text) => typeof text === 'string') : [];
}

function elementValue(element: DicomElements[string]): unknown {
  const { vr, Value: value } = element;
  if (value === undefined) return null;
  // dcmjs drops the comma, and 7,5 would be 75.
  const texts = vr === 'DS' ? textsOf(element) : [];
  if (texts.some((text) => text.includes(',')))
    return texts.map((text) => (DECIMAL_COMMA.test(text) ? Number(text.replace(',', '.')) : Number(text)));
  // SAFETY: dcmjs gives the items of a sequence as data sets.
  if (vr === 'SQ') return (value as DicomElements[]).map(namedTags);
  return value.length === 1 ? value[0] : value;
}

/** The tags as they hold for one frame: its functional groups, and those that all share, laid over the file's own (PS3.3 C.7.6.16). */
export function tagsOfFrame(tags: Tags, frame: number): Tags {
  const own = sequenceItems(tags.PerFrameFunctionalGroupsSequence)[frame];
  if (!own) return tags;
  const groups: Tags = { ...sequenceItems(tags.SharedFunctionalGroupsSequence)[0], ...own };
  const part = (sequence: TagName): Tags => sequenceItems(groups[sequence])[0] ?? {};
  const type = part('CTImageFrameTypeSequence');
  return {
    ...tags,
    ...part('PlanePositionSequence'),
    ...part('PlaneOrientationSequence'),
    ...part('PixelMeasuresSequence'),
    ...part('PixelValueTransformationSequence'),
    ...part('CTReconstructionSequence'),
    ...(type.FrameType ? { ImageType: type.FrameType } : {}),
  };
}

export function sequenceItems(sequence: unknown): Tags[] {
  return tagValues(sequence).filter((item): item is Tags => typeof item === 'object' && item !== null);
}

export function tagValues(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function tagText(value: unknown): string | undefined {
  const first = tagValues(value)[0];
  const string = first === undefined ? '' : String(first).trim();
  return string === '' ? undefined : string;
}

/** All values of a tag; none where one is missing or is no number: half a position is no position. */
export function tagNumbers(value: unknown): number[] {
  const numbers = tagValues(value).map((one) => (one === null || one === '' ? Number.NaN : Number(one)));
  return numbers.every(Number.isFinite) ? numbers : [];
}
