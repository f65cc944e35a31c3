/** Looks into files for CTs by their first bytes alone, many at a time, and says of everything else why it is not used. */

import { basename } from 'node:path';
import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { anyOf } from '../../../protocol/words/lists.ts';
import { concurrently } from '../../base/concurrently.ts';
import { counted } from '../../base/counted.ts';
import { isInterrupted } from '../../base/interruptible.ts';
import { reasonOf, systemCodeOf } from '../../base/plainErrors.ts';
import { warning } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Source } from '../cohort/cohort.ts';
import { missingHeader } from '../dicom/bareDicom.ts';
import {
  type BesideDirectory,
  filesInDicomdir,
  isDicomDirectory,
  type ListedFile,
  missingFiles,
} from '../dicom/dicomDirectory.ts';
import { type DicomHeader, fewestBytes, isDicom, parseHeaders } from '../dicom/dicomFile.ts';
import { VOLUME_ENDINGS, VOLUME_FORMAT_NAMES, volumeFormatOf } from '../formats/formats.ts';
import { openVolumeFile, type VolumeFile } from '../formats/volumeFile.ts';
import { type FileState, fileStateOf } from './fileState.ts';
import { isGzip } from './gzip.ts';
import { type Listed, type Listing, sourceKey } from './listing.ts';
import { nameOfSource, namesOfSources, type SourceReader } from './sources.ts';
import { isZip } from './zipFile.ts';

/** Enough for every header without large private tags; longer ones are read whole. */
const HEADER_BYTES = 32 * 1024;
/** Files that are open at once. */
const AT_ONCE = 16;
const FILES_PER_MESSAGE = 50;
const NAMES_SHOWN = 3;

export interface FoundFile {
  readonly source: Source;
  readonly header: DicomHeader;
}

export interface Found {
  readonly dicom: readonly FoundFile[];
  readonly volumes: readonly VolumeFile[];
  readonly problems: readonly Remark[];
}

/** What one file turned out to be. */
type Sighting =
  | { readonly kind: 'dicom'; readonly files: readonly FoundFile[] }
  | { readonly kind: 'volume'; readonly file: VolumeFile }
  | { readonly kind: 'zip'; readonly entries: readonly Source[] }
  | { readonly kind: 'directory'; readonly source: Source; readonly listed: readonly ListedFile[] }
  | { readonly kind: 'foreign'; readonly source: Source }
  | { readonly kind: 'unreadable'; readonly source: Source; readonly reason: string; readonly advice: string }
  | { readonly kind: 'problem'; readonly problem: Remark };

/** True for the first bytes of anything that a cohort can be loaded from, packed or not. */
export function isImageOrArchive(start: Buffer): boolean {
  return (
    isZip(start) ||
    isGzip(start) ||
    isDicom(start) ||
    missingHeader(start) !== undefined ||
    volumeFormatOf(start) !== undefined
  );
}

/** Looks into all files, and into the zip files among them. */
export async function scanFiles(
  files: readonly string[],
  { reader, listing, under }: Pick<ScanContext, 'reader' | 'listing'> & { readonly under: Listed },
  task: Task,
): Promise<Found> {
  const context = { reader, listing };
  const first = await look(
    listing.add(
      files.map((file) => ({ file })),
      under,
    ),
    context,
    task,
  );
  const sightings: Sighting[] = [];
  for (const [n, sighting] of first.entries())
    if (sighting.kind !== 'zip') sightings.push(sighting);
    else
      sightings.push(
        ...(await look(sighting.entries, context, subtask(task, n / first.length, (n + 1) / first.length))),
      );
  return sorted(sightings, { root: under.root, files });
}

interface ScanContext {
  readonly reader: SourceReader;
  readonly listing: Listing;
  /** Of the file that is looked at, where it is one. */
  readonly onDisk?: FileState | undefined;
}

/** Headers of DICOM files that were read before, so that a cohort that has not changed is loaded again at once. */
const seen = new Map<string, { readonly state: string; readonly sighting: Sighting }>();
/** Some 300 chests of thin slices; a header takes about a kilobyte. */
const FILES_REMEMBERED = 100_000;

function remember(file: string, what: { readonly state: string; readonly sighting: Sighting }): void {
  seen.delete(file);
  seen.set(file, what);
  for (const oldest of seen.keys()) {
    if (seen.size <= FILES_REMEMBERED) break;
    seen.delete(oldest);
  }
}

/** What is remembered was called otherwise when it was read. */
function withPlace(sighting: Sighting, { place }: Source): Sighting {
  if (sighting.kind !== 'dicom' || place === undefined) return sighting;
  return { kind: 'dicom', files: sighting.files.map((file) => ({ ...file, source: { ...file.source, place } })) };
}

async function look(sources: readonly Source[], context: ScanContext, task: Task): Promise<Sighting[]> {
  let done = 0;
  return concurrently(sources, AT_ONCE, task.signal, async (source) => {
    if (done % FILES_PER_MESSAGE === 0)
      task.progress(done / sources.length, `reading headers: ${done} of ${sources.length} files`);
    done++;
    const onDisk = source.zipEntry === undefined ? await fileStateOf(source.file) : undefined;
    const known = onDisk && seen.get(source.file);
    if (known && known.state === onDisk.state) return withPlace(known.sighting, source);
    try {
      const sighting = await lookAt(source, await context.reader.read(source, HEADER_BYTES), { ...context, onDisk });
      if (onDisk && sighting.kind === 'dicom') remember(source.file, { state: onDisk.state, sighting });
      return sighting;
    } catch (error) {
      task.signal.throwIfAborted();
      if (isInterrupted(error)) throw error;
      return unreadable(source, error);
    }
  });
}

async function lookAt(source: Source, start: Buffer, context: ScanContext): Promise<Sighting> {
  const { reader } = context;
  if (start.length === 0) throw new Damage('it is empty (0 bytes)');
  if (isZip(start) && source.form === undefined) {
    if (source.zipEntry === undefined) return { kind: 'zip', entries: await entriesOf(source, context) };
    throw new UserError(
      'zip-in-zip',
      `${nameOfSource(source)} is a zip file within a zip file, and is not used. Unpack the outer one and load the folder.`,
    );
  }
  if (isGzip(start) && source.form === undefined) {
    const packed: Source = { ...source, form: 'gzip' };
    const sighting = await lookAt(packed, await reader.read(packed, HEADER_BYTES), context);
    return sighting;
  }
  if (isDicom(start)) {
    if (isDicomDirectory(start)) return directoryOf(source, reader);
    return { kind: 'dicom', files: await framesOf(source, start, context) };
  }
  if (volumeFormatOf(start)) return { kind: 'volume', file: await openVolumeFile(source, reader) };
  if (source.form === undefined && missingHeader(start)) {
    const bare: Source = { ...source, form: 'bare' };
    return lookAt(bare, await reader.read(bare, HEADER_BYTES), context);
  }
  return { kind: 'foreign', source };
}

async function entriesOf(zip: Source, { reader, listing }: ScanContext): Promise<Source[]> {
  const entries = await reader.zipEntries(zip);
  return listing.unpack(
    zip,
    entries.map((zipEntry) => ({ file: zip.file, zipEntry })),
  );
}

/** A disc's directory, to be compared with what is there once all has been looked at. */
async function directoryOf(source: Source, reader: SourceReader): Promise<Sighting> {
  try {
    return { kind: 'directory', source, listed: filesInDicomdir(await reader.read(source)) };
  } catch (error) {
    if (isInterrupted(error)) throw error;
    const reason = 'it is the list of a disc (DICOMDIR), and cut short or damaged';
    return { kind: 'unreadable', source, reason, advice: 'Whether files of the disc are missing cannot be told.' };
  }
}

/** What is wrong with a file, in words for a message; other errors of parsers are no words for users. */
class Damage extends Error {}

/** No CT has more rows or columns. */
const MAX_ROWS = 8192;

/** The file, or each of its frames. Throws where it is too short for the pixels that its header promises. */
async function framesOf(source: Source, start: Buffer, { reader, onDisk }: ScanContext): Promise<FoundFile[]> {
  const headers = await headersOf(source, start, reader);
  const { rows = 0, columns = 0 } = headers[0]!;
  if (rows > MAX_ROWS || columns > MAX_ROWS)
    throw new Damage(`its header claims ${columns} × ${rows} pixels, which no CT has`);
  const isWhole = onDisk && source.form === undefined;
  const [needed, there] = [fewestBytes(headers[0]!), isWhole ? onDisk.bytes : await reader.size(source)];
  if (there < needed)
    throw new Damage(`it is cut short: its pixels alone need ${needed} bytes, and the whole file has ${there}`);
  // Bytes that were unpacked or put before a bare data set lie elsewhere in the file.
  const state = isWhole ? onDisk.state : undefined;
  if (headers.length === 1) return [{ source: withStored(source, headers[0]!, state), header: headers[0]! }];
  return headers.map((header, frame) => ({ source: { ...source, frame }, header }));
}

function withStored(source: Source, { stored, ...header }: DicomHeader, state: string | undefined): Source {
  if (!stored || state === undefined) return source;
  const { transferSyntax, position, orientation, pixelSpacing, rows, columns } = header;
  return {
    ...source,
    stored: { ...stored, state, header: { transferSyntax, position, orientation, pixelSpacing, rows, columns } },
  };
}

/** The headers of several frames are longer than the start of a file. */
async function headersOf(source: Source, start: Buffer, reader: SourceReader): Promise<DicomHeader[]> {
  try {
    const headers = parseHeaders(start);
    const { rows, numberOfFrames } = headers[0]!;
    if ((rows !== undefined && numberOfFrames === 1) || start.length < HEADER_BYTES) return headers;
  } catch (error) {
    if (start.length < HEADER_BYTES) throw error;
  }
  return parseHeaders(await reader.read(source));
}

function unreadable(source: Source, error: unknown): Sighting {
  if (error instanceof UserError) return { kind: 'problem', problem: warning(error.code, error.message) };
  const code = systemCodeOf(error);
  const advice = 'Copy it again from its source.';
  if (error instanceof Damage) return { kind: 'unreadable', source, reason: error.message, advice };
  if (code === 'EACCES' || code === 'EPERM')
    return {
      kind: 'unreadable',
      source,
      reason: reasonOf(error),
      advice: 'Ask for the right to read it, or copy it.',
    };
  const reason = code ? reasonOf(error) : 'its header is damaged or cut short';
  return { kind: 'unreadable', source, reason, advice };
}

/** One problem for all files of which the same is true. */
function unreadableProblems(sightings: readonly Sighting[]): Remark[] {
  const alike = new Map<string, Extract<Sighting, { kind: 'unreadable' }>[]>();
  for (const sighting of sightings)
    if (sighting.kind === 'unreadable') {
      const key = sighting.reason + sighting.advice;
      alike.set(key, [...(alike.get(key) ?? []), sighting]);
    }
  return [...alike.values()].map((group) => {
    const { reason, advice } = group[0]!;
    const names = namesOfSources(
      group.map(({ source }) => source),
      NAMES_SHOWN,
    );
    const said =
      group.length > 1
        ? `${group.length} files cannot be read, each for this reason: ${reason} (${names})`
        : `${names} cannot be read: ${reason}`;
    return warning('unreadable-file', `${said}. ${advice}`);
  });
}

/** Sightings by what they are; the data files of volume headers are no foreign files. */
function sorted(sightings: readonly Sighting[], looked: Pick<BesideDirectory, 'root' | 'files'>): Found {
  const dicom = sightings.flatMap((s) => (s.kind === 'dicom' ? s.files : []));
  const volumes = sightings.flatMap((s) => (s.kind === 'volume' ? [s.file] : []));
  const sopInstanceUids = new Set(dicom.map(({ header }) => header.sopInstanceUid));
  const problems = [
    ...sightings.flatMap((s) => (s.kind === 'problem' ? [s.problem] : [])),
    ...directoryProblems(sightings, { ...looked, sopInstanceUids }),
    ...unreadableProblems(sightings),
  ];
  const parts = new Set(volumes.flatMap((volume) => volume.parts.map(sourceKey)));
  const foreign = sightings.flatMap((s) => (s.kind === 'foreign' && !parts.has(sourceKey(s.source)) ? [s.source] : []));
  return { dicom, volumes, problems: [...problems, ...foreignProblems(foreign)] };
}

/** Discs are compared with what is on this computer; inside a zip file their lists are passed over. */
function directoryProblems(sightings: readonly Sighting[], beside: BesideDirectory): Remark[] {
  return sightings.flatMap((s) =>
    s.kind === 'directory' && s.source.zipEntry === undefined ? missingFiles(s.source.file, s.listed, beside) : [],
  );
}

/** Endings that promise an image; what has one and is none was damaged, or is not yet there. */
const IMAGE_NAME = new RegExp(`\\.(dcm|dicom|ima|(${VOLUME_ENDINGS})(\\.gz)?)$`, 'i');

function foreignProblems(foreign: readonly Source[]): Remark[] {
  const nameIn = ({ file, zipEntry }: Source) => basename(zipEntry ?? file);
  const said = (sources: readonly Source[], code: RemarkCode, [one, many]: readonly [string, string], rest: string) => {
    if (sources.length === 0) return [];
    return [warning(code, `${counted(sources.length, one, many)} ${rest}: ${namesOfSources(sources, NAMES_SHOWN)}.`)];
  };
  const isNamed = (source: Source) => IMAGE_NAME.test(nameIn(source));
  return [
    ...said(
      foreign.filter(isNamed),
      'damaged-image',
      ['file is', 'files are'],
      'named like an image and not one inside; damaged, or copied only in part',
    ),
    ...said(
      foreign.filter((source) => !isNamed(source)),
      'not-an-image',
      ['file is', 'files are'],
      `no ${anyOf(['DICOM', ...VOLUME_FORMAT_NAMES])} and not used`,
    ),
  ];
}
