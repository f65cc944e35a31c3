/** A DICOM segmentation or structure set: which of its segments or regions stand for what, and which CT it was drawn on. */
import { createHash } from 'node:crypto';
import type { DicomElements } from 'dcmjs';
import { counted } from '../../base/counted.ts';
import { info } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { readElements } from '../../ct/dicom/readElements.ts';
import type { FoundFile } from '../../ct/files/scan.ts';
import { nameOfSource } from '../../ct/files/sources.ts';
import { type LabelsAsked, type MaskFile, type MaskOwner, type MaskSegment, nameOfMask } from '../maskFile.ts';
import { segHeader } from './dicomSeg.ts';
import { type MaskContext, ownerOf } from './maskContext.ts';
import { item, LABELMAP_STORAGE, RTSTRUCT_STORAGE, referencedSeries, SEGMENTATION_STORAGE, text } from './maskTags.ts';
import { roisOf } from './rtStruct.ts';
import { knownStructureNamed, structureNamed } from './structures.ts';

const PIXEL_DATA = '7FE00010';

/** Undefined where it is of another kind. Throws a UserError where it does not say what it holds and where that lies. */
export async function dicomMask({ source, header }: FoundFile, context: MaskContext): Promise<MaskFile | undefined> {
  const { reader, root, problems } = context;
  const { frame: _, stored: __, ...whole } = source;
  const bytes = await reader.read(whole);
  const { meta, elements } = readElements(bytes, { untilTag: PIXEL_DATA, includeUntilTagValue: false });
  const storage = text(elements, '00080016');
  const owner: MaskOwner = {
    ...ownerOf(source, root),
    patientId: header.patientId,
    studyUid: header.studyInstanceUid,
    frameOfReferenceUid: text(elements, '00200052') ?? text(item(elements, '30060010'), '00200052'),
    seriesUids: referencedSeries(elements),
  };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (storage === RTSTRUCT_STORAGE) return contourMask({ sources: [whole], sha256, owner }, elements, context);
  if (storage !== SEGMENTATION_STORAGE && storage !== LABELMAP_STORAGE) return undefined;
  const seg = segHeader(elements, meta, nameOfSource(source));
  const used = new Set(seg.frames.map(({ segment }) => segment));
  const segments = seg.segments.flatMap(({ number, names }): MaskSegment[] => {
    const structure = structureAsked(number, names, context.labels);
    return structure === undefined ? [] : [{ key: number, structure }];
  });
  if (segments.length === 0)
    throw new UserError(
      'mask-labels',
      `${nameOfSource(source)} has ${counted(seg.segments.length, 'segment')}, and none of those that \`labels\` names.`,
    );
  if (seg.type !== 'labelmap')
    for (const { key, structure } of segments)
      if (!used.has(key)) problems.push(info('empty-mask', `${nameOfSource(source)}: its ${structure} has no voxel.`));
  return {
    kind: 'seg',
    sources: [whole],
    sha256,
    segments,
    owner,
    grid: seg.grid,
  };
}

function contourMask(
  of: Pick<MaskFile, 'sources' | 'sha256' | 'owner'>,
  elements: DicomElements,
  { labels, problems }: MaskContext,
): MaskFile {
  const rois = roisOf(elements);
  const segments = rois.flatMap(({ number, name, contours, open }): MaskSegment[] => {
    const structure = structureAsked(number, name === undefined ? [] : [name], labels);
    if (structure === undefined) return [];
    if (open > 0)
      problems.push(
        info(
          'mask-contours',
          `${nameOfMask(of)}: ${counted(open, 'point or open line', 'points or open lines')} of ${structure} ${open === 1 ? 'encloses' : 'enclose'} nothing, and ${open === 1 ? 'is' : 'are'} not used.`,
        ),
      );
    if (contours.length === 0) problems.push(info('empty-mask', `${nameOfMask(of)}: its ${structure} has no contour.`));
    return contours.length || open === 0 ? [{ key: number, structure }] : [];
  });
  if (segments.length === 0)
    throw new UserError(
      'mask-labels',
      `${nameOfMask(of)} has ${counted(rois.length, 'region of interest', 'regions of interest')}, and none that can be used.`,
    );
  return { ...of, kind: 'rtstruct', segments, grid: undefined };
}

/** By what the user says, else by the first of its names that is known, else by the first. */
function structureAsked(key: number, names: readonly string[], labels: LabelsAsked): string | undefined {
  if (labels.by === 'user')
    return labels.labels.find(([label]) => (typeof label === 'number' ? label === key : names.includes(label)))?.[1];
  const known = names.map(knownStructureNamed).find((name) => name !== undefined);
  return known ?? (names[0] === undefined ? `segment-${key}` : structureNamed(names[0]));
}
