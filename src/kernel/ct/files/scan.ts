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
import { sharedHeader } from '../dicom/sharedHeader.ts';
import { VOLUME_ENDINGS, VOLUME_FORMAT_NAMES, volumeFormatOf } from '../formats/formats.ts';
import { openVolumeFile, type VolumeFile } from '../formats/volumeFile.ts';
import { type Archive, archiveIn } from './archives.ts';
import { type FileState, fileStateOf } from './fileState.ts';
import { isGzip } from './gzip.ts';
import { type HeaderStore, KEPT_FROM, keepHeaders, keptHeaders, piecesOf } from './keptHeaders.ts';
import type { Listed, Listing } from './listing.ts';
import { otherArchive } from './otherArchive.ts';
import { sourceKey } from './sourceKey.ts';
import { nameOfSource, namesOfSources, type SourceReader } from './sources.ts';
import { isTar } from './tarFile.ts';
import { isZip } from './zipFile.ts';

/** Enough for every header without large private tags; longer ones are read whole. */
const HEADER_BYTES = 32 * 1024;
/** Files of a piece that are open at once. */
const AT_ONCE = 16;
const PIECES_AT_ONCE = 4;
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
  | { readonly kind: 'archive'; readonly source: Source; readonly archive: Archive }
  | { readonly kind: 'directory'; readonly source: Source; readonly listed: readonly ListedFile[] }
  | { readonly kind: 'foreign'; readonly source: Source; readonly archive?: string | undefined }
  | { readonly kind: 'unreadable'; readonly source: Source; readonly reason: string; readonly advice: string }
  | { readonly kind: 'problem'; readonly problem: Remark };

/** True for the first bytes of anything that a cohort can be loaded from, packed or not. */
export function isImageOrArchive(start: Buffer): boolean {
  return (
    isZip(start) ||
    isGzip(start) ||
    isTar(start) ||
    isDicom(start) ||
    missingHeader(start) !== undefined ||
    volumeFormatOf(start) !== undefined
  );
}

/** Archives within archives deeper than this are none that an archive hands out. */
const MAX_DEPTH = 4;

/** Looks into all files, and into the archives among them. */
export async function scanFiles(
  files: readonly string[],
  { under, ...context }: ScanContext & { readonly under: Listed },
  task: Task,
): Promise<Found> {
  const { listing } = context;
  const sources = listing.add(
    files.map((file) => ({ file })),
    under,
  );
  return sorted(await lookInto(sources, context, task), { root: under.root, files });
}

/** What all sources turn out to be, with what is in the archives among them in their place. */
async function lookInto(sources: readonly Source[], context: ScanContext, task: Task, depth = 0): Promise<Sighting[]> {
  const first = await look(sources, context, task);
  const sightings: Sighting[] = [];
  for (const [n, sighting] of first.entries()) {
    if (sighting.kind !== 'archive') {
      sightings.push(sighting);
      continue;
    }
    const { source, archive } = sighting;
    for (const problem of archive.problems) sightings.push({ kind: 'problem', problem });
    if (depth === MAX_DEPTH) {
      const problem = `${nameOfSource(source)} is an archive within ${depth} others, and is not used. Unpack the outer ones and load the folder.`;
      sightings.push({ kind: 'problem', problem: warning('zip-in-zip', problem) });
      continue;
    }
    context.reader.know(archive.entries);
    const entries = context.listing.unpack(source, archive.entries);
    const inside = await lookInto(entries, context, subtask(task, n / first.length, (n + 1) / first.length), depth + 1);
    for (const one of inside) sightings.push(one);
  }
  return sightings;
}

interface ScanContext {
  readonly reader: SourceReader;
  readonly listing: Listing;
  /** Where headers of many files are kept between runs. */
  readonly headers?: HeaderStore | undefined;
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
  const tell = () => {
    if (done % FILES_PER_MESSAGE === 0)
      task.progress(done / sources.length, `reading headers: ${done} of ${sources.length} files`);
    done++;
  };
  const lookAtNext = (source: Source, onDisk: FileState | undefined): Promise<Sighting> => {
    tell();
    return lookOnce(source, { ...context, onDisk, signal: task.signal });
  };
  const { headers } = context;
  if (
    !headers ||
    sources.length < (headers.from ?? KEPT_FROM) ||
    sources.some(({ zipEntry }) => zipEntry !== undefined)
  )
    return concurrently(sources, AT_ONCE, task.signal, async (source) =>
      lookAtNext(source, source.zipEntry === undefined ? await fileStateOf(source.file) : undefined),
    );
  const pieces = await concurrently(piecesOf(sources), PIECES_AT_ONCE, task.signal, async (piece) => {
    const onDisk = await concurrently(piece, AT_ONCE, task.signal, ({ file }) => fileStateOf(file));
    const states = onDisk.flatMap((found) => found?.state ?? []);
    const isThere = states.length === piece.length;
    const kept = isThere ? await keptHeaders(headers, piece, states) : undefined;
    const sightings = await concurrently(piece, AT_ONCE, task.signal, (source, n) => {
      const files = kept?.[n];
      if (!files) return lookAtNext(source, onDisk[n]);
      tell();
      return Promise.resolve(withPlace({ kind: 'dicom', files }, source));
    });
    // A file that was no DICOM is looked at anew each time: of what it needs, its own state says too little.
    if (isThere && !kept)
      await keepHeaders(
        headers,
        piece,
        states,
        sightings.map((sighting) => (sighting.kind === 'dicom' ? sighting.files : undefined)),
      );
    return sightings;
  });
  return pieces.flat();
}

/** What a file is, as it is remembered, or as its first bytes say. */
async function lookOnce(source: Source, context: LookContext): Promise<Sighting> {
  const { reader, onDisk, signal } = context;
  const known = onDisk && seen.get(source.file);
  if (known && known.state === onDisk.state) return withPlace(known.sighting, source);
  try {
    const sighting = await lookAt(source, await reader.read(source, HEADER_BYTES), context);
    if (onDisk && sighting.kind === 'dicom') remember(source.file, { state: onDisk.state, sighting });
    return sighting;
  } catch (error) {
    signal.throwIfAborted();
    if (isInterrupted(error)) throw error;
    return unreadable(source, error);
  }
}

interface LookContext extends ScanContext {
  /** Of the file that is looked at, where it is one. */
  readonly onDisk: FileState | undefined;
  readonly signal: AbortSignal;
}

async function lookAt(source: Source, start: Buffer, context: LookContext): Promise<Sighting> {
  const { reader, signal } = context;
  if (start.length === 0) throw new Damage('it is empty (0 bytes)');
  if (isZip(start) && source.form === undefined)
    return { kind: 'archive', source, archive: await archiveIn(source, 'zip', reader, signal) };
  if (isTar(start)) return { kind: 'archive', source, archive: await archiveIn(source, 'tar', reader, signal) };
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
  return { kind: 'foreign', source, archive: otherArchive(start, nameIn(source)) };
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
async function framesOf(source: Source, start: Buffer, { reader, onDisk }: LookContext): Promise<FoundFile[]> {
  const headers = (await headersOf(source, start, reader)).map(sharedHeader);
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
  const foreign = sightings.flatMap((s) => (s.kind === 'foreign' && !parts.has(sourceKey(s.source)) ? [s] : []));
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

function nameIn({ file, zipEntry }: Source): string {
  return basename(zipEntry ?? file);
}

function foreignProblems(foreign: readonly Extract<Sighting, { kind: 'foreign' }>[]): Remark[] {
  const archives = foreign.filter(({ archive }) => archive !== undefined);
  const others = foreign.flatMap(({ source, archive }) => (archive === undefined ? [source] : []));
  const said = (sources: readonly Source[], code: RemarkCode, [one, many]: readonly [string, string], rest: string) => {
    if (sources.length === 0) return [];
    return [warning(code, `${counted(sources.length, one, many)} ${rest}: ${namesOfSources(sources, NAMES_SHOWN)}.`)];
  };
  const isNamed = (source: Source) => IMAGE_NAME.test(nameIn(source));
  return [
    ...otherArchives(archives),
    ...said(
      others.filter(isNamed),
      'damaged-image',
      ['file is', 'files are'],
      'named like an image and not one inside; damaged, or copied only in part',
    ),
    ...said(
      others.filter((source) => !isNamed(source)),
      'not-an-image',
      ['file is', 'files are'],
      `no ${anyOf(['DICOM', ...VOLUME_FORMAT_NAMES])} and not used`,
    ),
  ];
}

function otherArchives(foreign: readonly Extract<Sighting, { kind: 'foreign' }>[]): Remark[] {
  if (foreign.length === 0) return [];
  const kinds = [...new Set(foreign.map(({ archive }) => archive))].join(', ');
  const names = namesOfSources(
    foreign.map(({ source }) => source),
    NAMES_SHOWN,
  );
  const [are, them] = foreign.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    warning(
      'other-archive',
      `${counted(foreign.length, 'archive')} ${are} of a kind that LungNB does not read (${kinds}), and not used: ${names}. Unpack ${them}, and load the folder; zip, tar and tar.gz are read as they are.`,
    ),
  ];
}
