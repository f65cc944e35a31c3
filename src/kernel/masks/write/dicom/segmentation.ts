/**
 * Masks as DICOM Segmentation objects (PS3.3 A.51 and A.86, C.8.20): one bit a voxel and a frame for each segment of each
 * slice (BINARY), or a label map of a byte a voxel (LABELMAP, Supplement 243). Every frame says where it lies and which
 * image it is of; slices without a label have none.
 */
import { createHash } from 'node:crypto';
import { dot, normalOf } from '../../../ct/geometry/vector.ts';
import { spacingMm } from '../../../ct/geometry/volume.ts';
import { type LabelledSegment, type Mask, makerInWords } from '../../mask.ts';
import { LUNG } from '../../segments.ts';
import { cieLab } from './cieLab.ts';
import {
  type ContentTime,
  coded,
  commonTags,
  type Dataset,
  decimal,
  EXPLICIT_LITTLE_ENDIAN,
  fileOf,
  oneText,
  type ReferredSeries,
  uidOf,
} from './instance.ts';
import { RLE_LOSSLESS, rleFrames } from './rle.ts';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
export const LABEL_MAP_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

export type SegmentationForm = 'binary' | 'labelmap';

export interface SegmentationOf {
  readonly mask: Mask;
  readonly series: ReferredSeries;
  readonly patient: string;
  readonly form: SegmentationForm;
}

/** What others need to refer to a segmentation, and to one of its segments. */
export interface SegmentationReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly segments: readonly (LabelledSegment & { readonly number: number; readonly trackingUid: string })[];
}

/** The same for the same labels of the same CT by the same model, so that it can be referred to before it is written. */
export function segmentationReference({ mask, series, form }: SegmentationOf): SegmentationReference {
  const { labels, segments, maker, title } = mask;
  const digest = createHash('sha256').update(labels).digest('hex');
  const names = segments.map(({ name, value }) => [name, value]);
  const sopInstanceUid = uidOf('segmentation', form, title, series.seriesInstanceUid, digest, names, maker);
  return {
    sopClassUid: form === 'binary' ? SEGMENTATION_STORAGE : LABEL_MAP_STORAGE,
    sopInstanceUid,
    seriesInstanceUid: uidOf('series', sopInstanceUid),
    segments: segments.map((segment, n) => ({
      ...segment,
      // Bits know no labels, and count from 1.
      number: form === 'binary' ? n + 1 : segment.value,
      trackingUid: uidOf('segment', series.seriesInstanceUid, title, segment.name),
    })),
  };
}

/** One frame of the object: a slice, of one segment or of all. */
interface Frame {
  /** Among the images of the source. */
  readonly image: number;
  readonly segment: SegmentationReference['segments'][number] | undefined;
}

/** A DICOM file. */
export async function segmentationOf(of: SegmentationOf, at: ContentTime): Promise<Uint8Array> {
  const { mask, series, patient, form } = of;
  const reference = segmentationReference(of);
  const frames = framesOf(mask, series, reference, form);
  const common = commonTags({
    ...reference,
    modality: 'SEG',
    description: `LungNB ${mask.title}`,
    seriesNumber: mask.title === 'lobes' ? 9001 : 9002,
    patient,
    series,
    maker: mask.maker,
    at,
  });
  const pixels =
    form === 'binary' ? bitsOf(mask, series, frames) : await rleFrames(mask.size, slicesOf(mask, series, frames));
  const dataset = {
    ...common,
    ...imageTags(mask, form, frames.length),
    ...dimensionTags(reference, form),
    ...relationTags(series),
    FrameOfReferenceUID: series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    SegmentSequence: [
      ...(form === 'labelmap' ? [BACKGROUND] : []),
      ...reference.segments.map((segment) => segmentTags(segment, mask)),
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(mask, series)],
    PerFrameFunctionalGroupsSequence: frames.map((frame) => frameGroups(frame, series, form)),
    PixelData: pixels,
    _vrMap: { PixelData: 'OB', PixelPaddingValue: 'US' },
  };
  return fileOf(dataset, form === 'binary' ? EXPLICIT_LITTLE_ENDIAN : RLE_LOSSLESS);
}

function framesOf(
  { labels, size, segments: all }: Mask,
  { images }: ReferredSeries,
  { segments }: SegmentationReference,
  form: SegmentationForm,
): Frame[] {
  const perSlice = size[0] * size[1];
  const found = images.map(({ slice }) => {
    const values = new Set<number>();
    for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++) values.add(labels[at]!);
    return values;
  });
  const known = new Set(all.map(({ value }) => value));
  const hasLabel = (values: ReadonlySet<number>) => [...values].some((value) => known.has(value));
  const frames: Frame[] =
    form === 'binary'
      ? segments.flatMap((segment) =>
          found.flatMap((values, image) => (values.has(segment.value) ? [{ image, segment }] : [])),
        )
      : found.flatMap((values, image) => (hasLabel(values) ? [{ image, segment: undefined }] : []));
  // An image has a frame, be it empty.
  return frames.length ? frames : [{ image: 0, segment: form === 'binary' ? segments[0] : undefined }];
}

/** Frame after frame without a gap, the first voxel in the lowest bit (PS3.5 8.1.1). */
function bitsOf({ labels, size }: Mask, { images }: ReferredSeries, frames: readonly Frame[]): ArrayBuffer[] {
  const perSlice = size[0] * size[1];
  const bytes = Math.ceil((frames.length * perSlice) / 8);
  const bits = new Uint8Array(bytes + (bytes % 2));
  for (const [n, { image, segment }] of frames.entries()) {
    const start = images[image]!.slice * perSlice;
    const value = segment?.value;
    for (let p = 0, bit = n * perSlice; p < perSlice; p++, bit++)
      if (labels[start + p] === value) bits[bit >> 3]! |= 1 << (bit & 7);
  }
  return [bits.buffer];
}

function slicesOf({ labels, size }: Mask, { images }: ReferredSeries, frames: readonly Frame[]): Uint8Array[] {
  const perSlice = size[0] * size[1];
  return frames.map(({ image }) => {
    const { slice } = images[image]!;
    return labels.subarray(slice * perSlice, (slice + 1) * perSlice);
  });
}

function imageTags({ size: [columns, rows], title }: Mask, form: SegmentationForm, frames: number): Dataset {
  const bits = form === 'binary' ? 1 : 8;
  return {
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: title === 'lobes' ? 'LUNG_LOBES' : 'LUNG_TEXTURES',
    ContentDescription: title === 'lobes' ? 'Lobes of the lungs' : 'Textures of the lungs',
    ContentCreatorName: '',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: String(frames),
    Rows: rows,
    Columns: columns,
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    SegmentationType: form === 'binary' ? 'BINARY' : 'LABELMAP',
    SegmentsOverlap: 'NO',
    ...(form === 'labelmap' && { PixelPaddingValue: 0 }),
  };
}

/** Attributes are named by their tags (AT). */
const TAG = {
  ReferencedSegmentNumber: 0x0062000b,
  SegmentIdentificationSequence: 0x0062000a,
  ImagePositionPatient: 0x00200032,
  PlanePositionSequence: 0x00209113,
} as const;

function dimensionTags({ sopInstanceUid }: SegmentationReference, form: SegmentationForm): Dataset {
  const uid = uidOf('dimensions', sopInstanceUid);
  const index = (pointer: number, group: number, label: string) => ({
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  });
  const bySegment = index(TAG.ReferencedSegmentNumber, TAG.SegmentIdentificationSequence, 'Segment Number');
  const byPlace = index(TAG.ImagePositionPatient, TAG.PlanePositionSequence, 'Image Position Patient');
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: form === 'binary' ? [bySegment, byPlace] : [byPlace],
  };
}

/** All images of the source, once each (Common Instance Reference). */
function relationTags({ seriesInstanceUid, images }: ReferredSeries): Dataset {
  const unique = new Map(images.map((image) => [image.sopInstanceUid, image]));
  return {
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: seriesInstanceUid,
        ReferencedInstanceSequence: [...unique.values()].map(({ sopClassUid, sopInstanceUid }) => ({
          ReferencedSOPClassUID: sopClassUid,
          ReferencedSOPInstanceUID: sopInstanceUid,
        })),
      },
    ],
  };
}

/** In a label map the background is described too. */
const BACKGROUND: Dataset = {
  SegmentNumber: 0,
  SegmentLabel: 'Background',
  SegmentAlgorithmType: 'AUTOMATIC',
  SegmentAlgorithmName: 'LungNB',
  SegmentedPropertyCategoryCodeSequence: [coded({ value: '125040', scheme: 'DCM', meaning: 'Background' })],
  SegmentedPropertyTypeCodeSequence: [coded({ value: '125040', scheme: 'DCM', meaning: 'Background' })],
};

function segmentTags(segment: SegmentationReference['segments'][number], { maker, title }: Mask): Dataset {
  const { number, label, name, category, type, modifier, colour, trackingUid } = segment;
  const { model } = maker;
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentDescription: name,
    // A network's map that a person corrected.
    SegmentAlgorithmType: maker.edited?.record.changedVoxels ? 'SEMIAUTOMATIC' : 'AUTOMATIC',
    SegmentAlgorithmName: oneText(`${model.id} ${model.version}`),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [coded({ value: '123110', scheme: 'DCM', meaning: 'Artificial Intelligence' })],
        AlgorithmName: oneText(model.id),
        AlgorithmVersion: oneText(model.version),
        AlgorithmParameters: makerInWords(maker),
        AlgorithmSource: 'LungNB',
      },
    ],
    SegmentedPropertyCategoryCodeSequence: [coded(category)],
    SegmentedPropertyTypeCodeSequence: [
      { ...coded(type), ...(modifier && { SegmentedPropertyTypeModifierCodeSequence: [coded(modifier)] }) },
    ],
    ...(title === 'textures' && type.value !== LUNG.value && { AnatomicRegionSequence: [coded(LUNG)] }),
    RecommendedDisplayCIELabValue: [...cieLab(colour)],
    TrackingID: name,
    TrackingUID: trackingUid,
  };
}

function sharedGroups(mask: Mask, { orientation, pixelSpacing, sliceThicknessMm }: ReferredSeries): Dataset {
  const { affine } = mask;
  // Along the normal, as the tag has it, also where a tilted gantry shears the stack.
  const apart = Math.abs(dot(normalOf(orientation), [affine[2]!, affine[6]!, affine[10]!]));
  const [, , along] = spacingMm(mask);
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: orientation.map(decimal) }],
    PixelMeasuresSequence: [
      {
        SliceThickness: decimal(sliceThicknessMm ?? along),
        SpacingBetweenSlices: decimal(apart || along),
        PixelSpacing: pixelSpacing.map(decimal),
      },
    ],
  };
}

const SEGMENTATION = coded({ value: '113076', scheme: 'DCM', meaning: 'Segmentation' });
const SOURCE = coded({
  value: '121322',
  scheme: 'DCM',
  meaning: 'Source image for image processing operation',
});

function frameGroups({ image, segment }: Frame, { images }: ReferredSeries, form: SegmentationForm): Dataset {
  const { sopClassUid, sopInstanceUid, frameNumber, position } = images[image]!;
  const place = image + 1;
  return {
    FrameContentSequence: [{ DimensionIndexValues: segment ? [segment.number, place] : place }],
    PlanePositionSequence: [{ ImagePositionPatient: position.map(decimal) }],
    DerivationImageSequence: [
      {
        SourceImageSequence: [
          {
            ReferencedSOPClassUID: sopClassUid,
            ReferencedSOPInstanceUID: sopInstanceUid,
            ...(frameNumber !== undefined && { ReferencedFrameNumber: String(frameNumber) }),
            PurposeOfReferenceCodeSequence: [SOURCE],
            SpatialLocationsPreserved: 'YES',
          },
        ],
        DerivationCodeSequence: [SEGMENTATION],
      },
    ],
    ...(form === 'binary' &&
      segment && { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment.number }] }),
  };
}
