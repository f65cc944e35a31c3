/** Finds the masks below a path, says what each of their labels stands for, and of everything else why it is not used. */
import { basename } from 'node:path';
import type { Remark } from '../../protocol/remark.ts';
import { rememberNames } from '../base/fileNames.ts';
import { userErrorOf } from '../base/plainCause.ts';
import { failure, warning } from '../base/remarks.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Source } from '../ct/cohort/cohort.ts';
import { findFiles } from '../ct/files/findFiles.ts';
import { createListing } from '../ct/files/listing.ts';
import { type FoundFile, scanFiles } from '../ct/files/scan.ts';
import { sourceKey } from '../ct/files/sourceKey.ts';
import { createSourceReader, nameOfSource, type SourceReader } from '../ct/files/sources.ts';
import { asSentence, type LabelsAsked, type MaskFile, type Masks } from './maskFile.ts';
import { dicomMask } from './reading/dicomMask.ts';
import { type NamedLabel, namesOfItkSnap } from './reading/labelNames.ts';
import { type MaskContext, ownerOf } from './reading/maskContext.ts';
import { volumeMask } from './reading/volumeMask.ts';

/** Reading headers, then voxels. */
const SCANNED = 0.2;
const REASONS_SHOWN = 12;
/** Label descriptions are short. */
const MAX_TEXT_BYTES = 256 * 1024;

/** Whether a folder without CTs has masks that could be meant; nothing of it is read but headers. */
export function isMaskOfDicom({ header }: FoundFile): boolean {
  return header.modality === 'SEG' || header.modality === 'RTSTRUCT';
}

/** `named` is what messages call the path. There may be no mask at all: see {@link someMasks}. */
export async function discoverMasks(
  path: string,
  labels: LabelsAsked,
  task: Task,
  named = basename(path),
): Promise<Masks> {
  const reader = createSourceReader(task.signal);
  const listing = createListing();
  try {
    const { root, files } = await findFiles(path, { reader, named }, subtask(task, 0, 0));
    const found = await scanFiles(files, { reader, listing, under: { root, named } }, subtask(task, 0, SCANNED));
    const dicom = found.dicom.filter(isMaskOfDicom).filter(isFirstFrame);
    const described = await labelDescriptions(files, reader);
    const problems: Remark[] = [];
    const context: MaskContext = { reader, root, labels, described, problems };
    const called = placesOf([...found.volumes.map(({ source }) => source), ...dicom.map(({ source }) => source)], root);
    const candidates = [
      ...found.volumes.map((volume) => {
        const source = called(volume.source);
        const parts = volume.parts.map((part) => (part === volume.source ? source : called(part)));
        return { source, open: (part: Task) => volumeMask({ ...volume, source, parts }, context, part) };
      }),
      ...dicom.map((file) => {
        const source = called(file.source);
        return { source, open: () => dicomMask({ ...file, source }, context) };
      }),
    ];
    const masks: MaskFile[] = [];
    for (const [n, { source, open }] of candidates.entries()) {
      task.signal.throwIfAborted();
      const part = subtask(
        task,
        SCANNED + ((1 - SCANNED) * n) / candidates.length,
        SCANNED + ((1 - SCANNED) * (n + 1)) / candidates.length,
      );
      part.progress(0, `looking at mask ${n + 1} of ${candidates.length}`);
      const mask = await orProblem(() => open(part), source, context, task);
      if (mask) masks.push(mask);
    }
    const { problem } = listing.settle([]);
    const all = [...found.problems.filter(isNoDescription).map(problem), ...problems];
    return { files: masks, problems: all.map((one) => ({ ...one, message: asSentence(one.message) })) };
  } catch (error) {
    throw error instanceof UserError ? listing.settle([]).error(error) : error;
  } finally {
    reader.close();
  }
}

/** Multi-frame files are found frame by frame. */
function isFirstFrame({ source }: FoundFile): boolean {
  return (source.frame ?? 0) === 0;
}

/** What turns out damaged is a problem of this file alone. */
async function orProblem(
  open: () => Promise<MaskFile | undefined>,
  source: Source,
  { problems }: MaskContext,
  { signal }: Task,
): Promise<MaskFile | undefined> {
  try {
    return await open();
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = userErrorOf(error);
    const said = error instanceof UserError ? message : `${nameOfSource(source)} cannot be read: ${message}`;
    // A CT beside its mask is none.
    problems.push((code === 'mask-values' ? warning : failure)(code, said));
    return undefined;
  }
}

/** Sources with the words that messages have for them: their label, and their number where it is that of several. */
function placesOf(sources: readonly Source[], root: string): (source: Source) => Source {
  const byLabel = Map.groupBy(sources, (source) => ownerOf(source, root).label);
  const words = new Map<string, string>();
  for (const [label, own] of byLabel)
    for (const [n, source] of own.entries()) {
      const place = own.length === 1 ? `the mask of ${label}` : `mask ${n + 1} of ${label}`;
      rememberNames(place, [[source.file, source.zipEntry].filter(Boolean).join(':')]);
      words.set(sourceKey(source), place);
    }
  // Voxels that lie beside their header are called by it.
  return (source) => {
    const place = words.get(sourceKey(source));
    return place === undefined ? source : { ...source, place };
  };
}

/** The masks, where there are any. Throws a UserError with the reasons where there is none. */
export function someMasks(masks: Masks, named: string): Masks {
  if (masks.files.length > 0) return masks;
  const [only] = masks.problems;
  if (only && masks.problems.length === 1) throw new UserError(only.code, only.message);
  const reasons = masks.problems.slice(0, REASONS_SHOWN).map(({ message }) => `\n• ${message}`);
  throw new UserError(
    'no-mask',
    `No usable mask was found in "${named}".${reasons.join('') || ' LungNB reads label maps (NIfTI, NRRD, MetaImage), DICOM SEG and RTSTRUCT.'}`,
  );
}

/** Texts beside masks are nothing to speak of: ITK-SNAP’s label descriptions are read, and notes are not. */
function isNoDescription({ code }: Remark): boolean {
  return code !== 'not-an-image';
}

async function labelDescriptions(files: readonly string[], reader: SourceReader): Promise<Map<string, NamedLabel[]>> {
  const described = new Map<string, NamedLabel[]>();
  for (const file of files.filter((name) => /\.(txt|label)$/i.test(name))) {
    const names = namesOfItkSnap((await reader.read({ file }, MAX_TEXT_BYTES)).toString('utf8'));
    if (names) described.set(file.slice(0, file.length - basename(file).length), names);
  }
  return described;
}
