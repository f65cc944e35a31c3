/** Finds the masks below a path, says what each of their labels stands for, and of everything else why it is not used. */
import { basename } from 'node:path';
import type { Remark } from '../../protocol/remark.ts';
import { counted } from '../base/counted.ts';
import { rememberNames } from '../base/fileNames.ts';
import { userErrorOf } from '../base/plainCause.ts';
import { failure } from '../base/remarks.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Source } from '../ct/cohort/cohort.ts';
import { findFiles } from '../ct/files/findFiles.ts';
import { createListing, type Listing } from '../ct/files/listing.ts';
import { type FoundFile, scanFiles } from '../ct/files/scan.ts';
import { createSourceReader, nameOfSource, type SourceReader } from '../ct/files/sources.ts';
import type { LabelsAsked, MaskFile, Masks } from './maskFile.ts';
import { dicomMask } from './reading/dicomMask.ts';
import { type NamedLabel, namesOfItkSnap } from './reading/labelNames.ts';
import type { MaskContext } from './reading/maskContext.ts';
import { volumeMask } from './reading/volumeMask.ts';

/** Reading headers, then voxels. */
const SCANNED = 0.2;
const NAMES_SHOWN = 6;
/** Label descriptions are short. */
const MAX_TEXT_BYTES = 256 * 1024;

/** Whether a folder without CTs has masks that could be meant; nothing of it is read but headers. */
export function isMaskOfDicom({ header }: FoundFile): boolean {
  return header.modality === 'SEG' || header.modality === 'RTSTRUCT';
}

/** `named` is what messages call the path. Throws a UserError where there is no mask at all, with the reasons. */
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
    const context = { reader, root, labels, described, problems };
    const candidates = [
      ...found.volumes.map((volume) => ({
        source: volume.source,
        open: (part: Task) => volumeMask(volume, context, part),
      })),
      ...dicom.map((file) => ({ source: file.source, open: () => dicomMask(file, context) })),
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
    const settled = settledMasks(masks, problems, listing);
    if (masks.length === 0) throw noMask(named, files.length, settled.problems);
    return settled;
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
    problems.push(
      failure(code, error instanceof UserError ? message : `${nameOfSource(source)} cannot be read: ${message}`),
    );
    return undefined;
  }
}

/** Places of files in the words of messages: masks are told by their label and number. */
function settledMasks(masks: readonly MaskFile[], problems: readonly Remark[], listing: Listing): Masks {
  const settle = listing.settle([]);
  const numbers = new Map<string, number>();
  const files = masks.map((mask): MaskFile => {
    const { label } = mask.owner;
    const number = (numbers.get(label) ?? 0) + 1;
    numbers.set(label, number);
    const isOnly = masks.filter(({ owner }) => owner.label === label).length === 1;
    const place = isOnly ? `the mask of ${label}` : `mask ${number} of ${label}`;
    rememberNames(place, [mask.owner.path.join('/')]);
    return { ...mask, sources: mask.sources.map((source) => ({ ...source, place })) };
  });
  return { files, problems: problems.map(settle.problem) };
}

function noMask(named: string, files: number, problems: readonly Remark[]): UserError {
  const reasons = problems.slice(0, NAMES_SHOWN).map(({ message }) => `\n• ${message}`);
  const [only] = problems;
  if (only && problems.length === 1 && files === 1) return new UserError(only.code, only.message);
  return new UserError(
    'no-mask',
    `No usable mask was found among ${counted(files, 'file')} in "${named}".${reasons.join('') || ' LungNB reads label maps (NIfTI, NRRD, MetaImage), DICOM SEG and RTSTRUCT.'}`,
  );
}

async function labelDescriptions(files: readonly string[], reader: SourceReader): Promise<Map<string, NamedLabel[]>> {
  const described = new Map<string, NamedLabel[]>();
  for (const file of files.filter((name) => /\.(txt|label)$/i.test(name))) {
    const names = namesOfItkSnap((await reader.read({ file }, MAX_TEXT_BYTES)).toString('utf8'));
    if (names) described.set(file.slice(0, file.length - basename(file).length), names);
  }
  return described;
}
