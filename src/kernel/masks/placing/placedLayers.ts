/** The labels of a mask file on the grid of a CT, layer by layer: overlapping segments come one after the other. */
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { isTelling } from '../../ct/cohort/identities.ts';
import { readElements } from '../../ct/dicom/readElements.ts';
import type { SourceReader } from '../../ct/files/sources.ts';
import { openVolumeFile } from '../../ct/formats/volumeFile.ts';
import { voxelBlocks } from '../../ct/formats/voxelStream.ts';
import { uprightGrid } from '../../ct/geometry/gantryTilt.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import { inverseOf } from '../fileGrid.ts';
import type { GivenMasks } from '../givenMasks.ts';
import { type MaskFile, type MaskSegment, nameOfMask } from '../maskFile.ts';
import { segHeader, segLayers } from '../reading/dicomSeg.ts';
import { drawRoi, roisOf } from '../reading/rtStruct.ts';
import { type OwnLabels, outsideOf, placeLabels } from './placeLabels.ts';
import { gridInWords, type Relation, relationOf } from './relation.ts';

export interface PlacedLayer {
  /** On the CT's grid; by the `key` of the segments. */
  readonly labels: ArrayLike<number>;
  readonly segments: readonly MaskSegment[];
  readonly remarks: readonly Remark[];
}

/** Masks without a common frame of reference may lie beside the CT by so little of their voxels, as padding does. */
const MAX_OUTSIDE = 0.01;
/** Axes that are turned by more belong to another scan, or to another position of the patient. */
const MAX_DEGREES = 1;

/** The CT that a mask is laid over. */
export interface CtOfMask extends Pick<GivenMasks, 'frameOfReferenceUid' | 'patientId'> {
  readonly grid: Grid;
}

/** Throws a UserError where the mask cannot be of this CT. */
export async function* layersOf(
  file: MaskFile,
  ct: CtOfMask,
  reader: SourceReader,
  task: Task,
): AsyncGenerator<PlacedLayer> {
  refuseOtherPatient(file, ct);
  switch (file.kind) {
    case 'volume':
      return yield* volumeLayers(file, ct, reader, task);
    case 'seg':
      return yield* segmentationLayers(file, ct, reader);
    case 'rtstruct':
      return yield* contourLayers(file, ct, reader);
  }
}

function refuseOtherPatient(file: MaskFile, { patientId }: CtOfMask): void {
  const own = file.owner.patientId;
  if (isTelling(own) && isTelling(patientId) && own !== patientId)
    throw new UserError(
      'mask-patient',
      `${nameOfMask(file)} is of another patient: its PatientID is not that of the CT. Put masks into the folder of their own patient.`,
    );
}

async function* volumeLayers(
  file: MaskFile,
  { grid: ct }: CtOfMask,
  reader: SourceReader,
  task: Task,
): AsyncGenerator<PlacedLayer> {
  const volume = await openVolumeFile(file.sources[0]!, reader);
  const { header } = volume;
  const layers = header.layers ?? 1;
  const labels = new Int16Array(header.size[0] * header.size[1] * header.size[2] * layers);
  let at = 0;
  for await (const block of voxelBlocks(labels.length, header.layout, volume.parts, reader)) {
    task.signal.throwIfAborted();
    for (let n = 0; n < block.length; n++) labels[at + n] = Math.round(block[n]! * header.slope + header.intercept);
    at += block.length;
  }
  const own = { labels, size: header.size, layers };
  const relation = relationOf(header, ct);
  const remarks = fitting(file, header, ct, { relation, own, oriented: header.oriented, isSameFrame: undefined });
  for (let layer = 0; layer < layers; layer++) {
    const segments = file.segments.filter((segment) => (segment.layer ?? 0) === layer);
    if (segments.length === 0) continue;
    yield {
      labels: placeLabels(own, layer, relation.toMask, ct.size),
      segments,
      remarks: layer === 0 ? remarks : [],
    };
  }
}

async function* segmentationLayers(file: MaskFile, ct: CtOfMask, reader: SourceReader): AsyncGenerator<PlacedLayer> {
  const [source] = file.sources;
  const bytes = await reader.read(source!);
  const { meta, elements } = readElements(bytes, { untilTag: '7FE00010', includeUntilTagValue: false });
  const name = nameOfMask(file);
  const header = segHeader(elements, meta, name);
  const relation = relationOf(header.grid, ct.grid);
  const asked = file.segments.map(({ key }) => key);
  let isFirst = true;
  for await (const { segment, labels } of segLayers(bytes, header, asked, name)) {
    const own = { labels, size: header.grid.size, layers: 1 };
    const remarks = fitting(file, header.grid, ct.grid, {
      relation,
      own,
      oriented: true,
      isSameFrame: sameFrame(file, ct),
    });
    const threshold =
      header.type === 'fractional'
        ? [info('mask-fractional', `${name} holds fractions: what is at least half of its scale counts.`)]
        : [];
    // One segment at a time is 1 where it is.
    const segments =
      segment === undefined
        ? file.segments
        : file.segments.filter(({ key }) => key === segment).map((one) => ({ ...one, key: 1 }));
    yield {
      labels: placeLabels(own, 0, relation.toMask, ct.grid.size),
      segments,
      remarks: isFirst ? [...remarks, ...threshold] : [],
    };
    isFirst = false;
  }
}

async function* contourLayers(file: MaskFile, ct: CtOfMask, reader: SourceReader): AsyncGenerator<PlacedLayer> {
  const name = nameOfMask(file);
  if (sameFrame(file, ct) === false)
    throw new UserError(
      'mask-frame',
      `${name} was drawn in another frame of reference than that of the CT, and contours say nothing else of where they lie. Load the CT that it was drawn on.`,
    );
  const { elements } = readElements(await reader.read(file.sources[0]!), { untilTag: '7FE00010' });
  for (const roi of roisOf(elements)) {
    const segment = file.segments.find(({ key }) => key === roi.number);
    if (!segment || roi.contours.length === 0) continue;
    const { labels, offSlice, beyond, holes } = drawRoi(roi, ct.grid, `${segment.structure} in ${name}`);
    if (beyond > 0 && !labels.includes(1))
      throw new UserError(
        'mask-outside',
        `No contour of ${segment.structure} in ${name} lies within the CT, which has ${gridInWords(ct.grid)}.`,
      );
    const said = [
      ...(offSlice
        ? [`${counted(offSlice, 'plane')} of contours lie between slices, and each slice has the nearest one`]
        : []),
      ...(beyond ? [`${counted(beyond, 'plane')} of contours lie beyond the CT and are left out`] : []),
      ...(holes ? [`${counted(holes, 'contour')} within another are its holes`] : []),
    ];
    yield {
      labels,
      segments: [{ ...segment, key: 1 }],
      remarks: said.length ? [info('mask-contours', `${segment.structure} in ${name}: ${said.join('; ')}.`)] : [],
    };
  }
}

/** Undefined where one of both does not say. */
function sameFrame({ owner }: MaskFile, ct: CtOfMask): boolean | undefined {
  const [own, other] = [owner.frameOfReferenceUid, ct.frameOfReferenceUid];
  return own === undefined || other === undefined ? undefined : own === other;
}

interface Fit {
  readonly relation: Relation;
  readonly own: OwnLabels;
  /** Whether the file says how its axes lie in the patient. */
  readonly oriented: boolean;
  readonly isSameFrame: boolean | undefined;
}

/** What is to be said of a mask that is laid over the CT. Throws a UserError, with both grids in words, where it does not belong there. */
function fitting(file: MaskFile, mask: Grid, ct: Grid, { relation, own, oriented, isSameFrame }: Fit): Remark[] {
  const name = nameOfMask(file);
  const both = `The mask has ${gridInWords(mask)}. The CT has ${gridInWords(ct)}.`;
  const refuse = (code: 'mask-frame' | 'mask-outside', why: string, what: string) =>
    new UserError(code, `${name} ${why}. ${both} ${what}`);
  const { outside, all } = outsideOf(own, inverseOf(relation.toMask), ct.size);
  if (outside > MAX_OUTSIDE * all)
    throw refuse(
      'mask-outside',
      `lies outside the CT by ${((100 * outside) / all).toFixed(0)} % of its voxels`,
      'It is of another scan or patient, or its header lost where it lies: save it again with the geometry of the CT.',
    );
  const cut =
    outside > 0
      ? [warning('mask-outside', `${counted(outside, 'voxel')} of ${name} lie outside the CT, and are left out.`)]
      : [];
  if (relation.isSame) {
    const other =
      isSameFrame === false
        ? [
            warning(
              'mask-frame',
              `${name} has another frame of reference than the CT, and the same grid: it is taken for a mask of this CT.`,
            ),
          ]
        : [];
    return [...other, ...cut];
  }
  // A scanner's tilted slices were moved upon each other when the CT was read, and the mask goes with them.
  if (isSameFrame !== false && relation.sameSlices && uprightGrid(mask) !== mask) return cut;
  const again =
    'Resample it to the grid of the CT in the program that made it (in 3D Slicer: “Resample Image (BRAINS)” with nearest neighbour, or set the CT as the segmentation’s reference geometry).';
  if (isSameFrame === false)
    throw refuse('mask-frame', 'lies on another grid than the CT, in another frame of reference', again);
  if (isSameFrame === undefined && !oriented)
    throw refuse(
      'mask-frame',
      'lies on another grid than the CT, and does not say how its axes lie in the patient',
      again,
    );
  if (isSameFrame === undefined && relation.degrees > MAX_DEGREES)
    throw refuse('mask-frame', `is turned against the CT by ${relation.degrees.toFixed(0)}°`, again);
  return [
    ...cut,
    warning(
      'mask-resampled',
      `${name} lies on another grid than the CT, in the same frame of reference, and was resampled: each voxel of the CT has the label that is nearest. ${both}`,
    ),
  ];
}
