/**
 * A DICOM structured report of a CT's measures (PS3.16 TID 1500): a measurement group (TID 1411) for every segment with its
 * volume, its share of the lungs and the densities of lobes, referring to the segment; and one for both lungs (TID 1501).
 */
import { LUNG_PARTS, type Region } from '../../../../protocol/names.ts';
import type { DensityRow, MeasurementRow } from '../../../lungs/quantification.ts';
import { type Maker, makerInWords } from '../../mask.ts';
import { type Code, LUNG, OWN_SCHEME } from '../../segments.ts';
import {
  type ContentTime,
  coded,
  commonTags,
  type Dataset,
  decimal,
  fileOf,
  oneText,
  type ReferredSeries,
  uidOf,
} from './instance.ts';
import type { SegmentationReference } from './segmentation.ts';

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

export interface ReportOf {
  readonly patient: string;
  readonly series: ReferredSeries;
  readonly lobes: SegmentationReference;
  readonly textures: SegmentationReference;
  readonly makers: { readonly lobes: Maker; readonly textures: Maker };
  /** A row per region and class. */
  readonly measurements: readonly MeasurementRow[];
  /** A row per region. */
  readonly density: readonly DensityRow[];
}

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const own = (value: string, meaning: string): Code => ({ value, scheme: OWN_SCHEME, meaning });

const FINDING = dcm('121071', 'Finding');
const FINDING_SITE = sct('363698007', 'Finding Site');
const DERIVATION = dcm('121401', 'Derivation');
const ATTENUATION = dcm('112031', 'Attenuation Coefficient');
const VOLUME = sct('118565006', 'Volume');
const PERCENT_OF_LUNGS = own('percent', 'Percent of the volume of the lungs');
const ML: Code = { value: 'ml', scheme: 'UCUM', meaning: 'milliliter' };
const PERCENT: Code = { value: '%', scheme: 'UCUM', meaning: 'percent' };
const HU: Code = { value: "[hnsf'U]", scheme: 'UCUM', meaning: 'Hounsfield unit' };

/** A DICOM file. `contentTime` says of an instance when it was made. */
export function reportOf(report: ReportOf, contentTime: (sopInstanceUid: string) => ContentTime): Uint8Array {
  const { patient, series, lobes, textures, makers } = report;
  const groups = [...lobeGroups(report), ...textureGroups(report), lungsGroup(report)];
  const sopInstanceUid = uidOf(
    'report',
    series.seriesInstanceUid,
    lobes.sopInstanceUid,
    textures.sopInstanceUid,
    groups,
  );
  return fileOf({
    ...commonTags({
      sopClassUid: COMPREHENSIVE_SR,
      sopInstanceUid,
      modality: 'SR',
      description: 'LungNB measurements',
      seriesNumber: 9003,
      patient,
      series,
      maker: makers.textures,
      at: contentTime(sopInstanceUid),
    }),
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(series, [lobes, textures])],
    ...container(
      dcm('126000', 'Imaging Measurement Report'),
      [
        item('HAS CONCEPT MOD', code(dcm('121049', 'Language of Content Item and Descendants'), ENGLISH)),
        ...observer(makers.textures),
        item('HAS CONCEPT MOD', code(dcm('121058', 'Procedure reported'), sct('169069000', 'CT of chest'))),
        item('CONTAINS', container(dcm('126010', 'Imaging Measurements'), groups)),
      ],
      '1500',
    ),
  });
}

const ENGLISH: Code = { value: 'en', scheme: 'RFC5646', meaning: 'English' };

function evidence({ studyInstanceUid }: ReferredSeries, segmentations: readonly SegmentationReference[]): Dataset {
  return {
    StudyInstanceUID: studyInstanceUid,
    ReferencedSeriesSequence: segmentations.map(({ seriesInstanceUid, sopClassUid, sopInstanceUid }) => ({
      SeriesInstanceUID: seriesInstanceUid,
      ReferencedSOPSequence: [{ ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid }],
    })),
  };
}

/** A program observed, and says which (TID 1004). */
function observer({ software, version }: Maker): Dataset[] {
  const context = (content: Dataset) => item('HAS OBS CONTEXT', content);
  return [
    context(code(dcm('121005', 'Observer Type'), dcm('121007', 'Device'))),
    context(uidRef(dcm('121012', 'Device Observer UID'), uidOf('LungNB', version))),
    context(text(dcm('121013', 'Device Observer Name'), 'LungNB')),
    context(text(dcm('121014', 'Device Observer Manufacturer'), 'LungNB')),
    context(text(dcm('121015', 'Device Observer Model Name'), `${software} ${version}`)),
  ];
}

function lobeGroups({ lobes, makers, density, series }: ReportOf): Dataset[] {
  const total = densityOf(density, 'total')?.volumeMl;
  return lobes.segments.flatMap((segment) => {
    const row = densityOf(
      density,
      LUNG_PARTS.find((lobe) => lobe === segment.name),
    );
    if (!row) return [];
    const percent = total ? (row.volumeMl / total) * 100 : undefined;
    const values = [number(VOLUME, row.volumeMl, ML), number(PERCENT_OF_LUNGS, percent, PERCENT), ...densities(row)];
    return [segmentGroup({ reference: lobes, segment, series, maker: makers.lobes }, values)];
  });
}

function textureGroups({ textures, makers, measurements, series }: ReportOf): Dataset[] {
  return textures.segments.flatMap((segment) => {
    const row = measurements.find(({ region, class: name }) => region === 'total' && name === segment.name);
    if (!row) return [];
    const values = [number(VOLUME, row.volumeMl, ML), number(PERCENT_OF_LUNGS, row.percent, PERCENT)];
    return [segmentGroup({ reference: textures, segment, series, maker: makers.textures }, values)];
  });
}

function densityOf(density: readonly DensityRow[], region: Region | undefined): DensityRow | undefined {
  return density.find((row) => row.region === region);
}

/** Both lungs are no segment. */
function lungsGroup({ density, series, makers }: ReportOf): Dataset {
  const row = densityOf(density, 'total');
  const content = [
    ...tracking('total', uidOf('segment', series.seriesInstanceUid, 'total')),
    item('CONTAINS', code(FINDING, LUNG)),
    ...algorithm(makers.lobes),
    ...(row ? [number(VOLUME, row.volumeMl, ML), ...densities(row)] : []),
  ];
  return item('CONTAINS', container(dcm('125007', 'Measurement Group'), content, '1501'));
}

interface GroupOf {
  readonly reference: SegmentationReference;
  readonly segment: SegmentationReference['segments'][number];
  readonly series: ReferredSeries;
  readonly maker: Maker;
}

function segmentGroup(
  { reference, segment, series, maker }: GroupOf,
  values: readonly (Dataset | undefined)[],
): Dataset {
  const { type, modifier, number: segmentNumber, trackingUid, name } = segment;
  const side = modifier && item('HAS CONCEPT MOD', code(sct('272741003', 'Laterality'), modifier));
  const isLobe = LUNG_PARTS.some((lobe) => lobe === name);
  const site = isLobe ? code(FINDING_SITE, type, side ? [side] : []) : code(FINDING_SITE, LUNG);
  const content = [
    ...tracking(name, trackingUid),
    item('CONTAINS', code(FINDING, isLobe ? type : (modifier ?? type))),
    item('HAS CONCEPT MOD', site),
    ...algorithm(maker),
    ...values,
    item('CONTAINS', {
      ValueType: 'IMAGE',
      ConceptNameCodeSequence: [coded(dcm('121191', 'Referenced Segment'))],
      ReferencedSOPSequence: [
        {
          ReferencedSOPClassUID: reference.sopClassUid,
          ReferencedSOPInstanceUID: reference.sopInstanceUid,
          ReferencedSegmentNumber: segmentNumber,
        },
      ],
    }),
    item('CONTAINS', uidRef(dcm('121232', 'Source series for segmentation'), series.seriesInstanceUid)),
  ];
  return item(
    'CONTAINS',
    container(
      dcm('125007', 'Measurement Group'),
      content.filter((one) => one !== undefined),
      '1411',
    ),
  );
}

function tracking(name: string, uid: string): Dataset[] {
  return [
    item('HAS OBS CONTEXT', text(dcm('112039', 'Tracking Identifier'), name)),
    item('HAS OBS CONTEXT', uidRef(dcm('112040', 'Tracking Unique Identifier'), uid)),
  ];
}

function algorithm(maker: Maker): Dataset[] {
  return [
    item('HAS CONCEPT MOD', text(dcm('111001', 'Algorithm Name'), maker.model.id)),
    item('HAS CONCEPT MOD', text(dcm('111003', 'Algorithm Version'), maker.model.version)),
    item('HAS CONCEPT MOD', text(dcm('111002', 'Algorithm Parameters'), makerInWords(maker))),
  ];
}

/** Those that a region without voxels lacks are left out. */
function densities(row: DensityRow): (Dataset | undefined)[] {
  const hu = (value: number | undefined, derivation: Code) => number(ATTENUATION, value, HU, derivation);
  return [
    hu(row.meanHu, sct('373098007', 'Mean')),
    hu(row.sdHu, sct('386136009', 'Standard Deviation')),
    hu(row.huP05, sct('371888009', '5th Percentile Value of population')),
    hu(row.huP50, sct('373099004', 'Median')),
    hu(row.huP95, sct('371889001', '95th Percentile Value of population')),
    number(own('laa950', 'Percent of voxels below -950 HU'), row.laa950Percent, PERCENT),
    number(own('haa', 'Percent of voxels from -600 to -250 HU'), row.haaPercent, PERCENT),
  ];
}

function item(relationship: string, content: Dataset): Dataset {
  return { RelationshipType: relationship, ...content };
}

function container(name: Code, content: readonly (Dataset | undefined)[], template?: string): Dataset {
  return {
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [coded(name)],
    ContinuityOfContent: 'SEPARATE',
    ...(template && { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }),
    ContentSequence: content.filter((one) => one !== undefined),
  };
}

function code(name: Code, value: Code, content: readonly Dataset[] = []): Dataset {
  return {
    ValueType: 'CODE',
    ConceptNameCodeSequence: [coded(name)],
    ConceptCodeSequence: [coded(value)],
    ...(content.length && { ContentSequence: content }),
  };
}

function text(name: Code, value: string): Dataset {
  return { ValueType: 'TEXT', ConceptNameCodeSequence: [coded(name)], TextValue: oneText(value, 1024) };
}

function uidRef(name: Code, uid: string): Dataset {
  return { ValueType: 'UIDREF', ConceptNameCodeSequence: [coded(name)], UID: uid };
}

/** Undefined where there is no value. The decimal string is rounded, the floating point value beside it is not. */
function number(name: Code, value: number | undefined, unit: Code, derivation?: Code): Dataset | undefined {
  if (value === undefined) return undefined;
  return item('CONTAINS', {
    ValueType: 'NUM',
    ConceptNameCodeSequence: [coded(name)],
    MeasuredValueSequence: [
      { MeasurementUnitsCodeSequence: [coded(unit)], FloatingPointValue: value, NumericValue: decimal(value) },
    ],
    ...(derivation && { ContentSequence: [item('HAS CONCEPT MOD', code(DERIVATION, derivation))] }),
  });
}
