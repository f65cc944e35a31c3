/** Looks into files for CTs by their first bytes alone, many at a time, and says of everything else why it is not used. */
import { basename, dirname } from 'node:path';
import { concurrently } from '../base/concurrently.ts';
import { counted } from '../base/counted.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { missingHeader } from './bareDicom.ts';
import { type Problem, type Source, warning } from './cohort.ts';
import { asListed, isDicomDirectory, listedFiles, missingFiles } from './dicomDirectory.ts';
import { type DicomHeader, fewestBytes, isDicom, parseHeaders } from './dicomFile.ts';
import { fileState } from './fileState.ts';
import { nameOf, type SourceReader } from './sources.ts';
import { openVolumeFile, type VolumeFile, volumeFormatOf } from './volumeFile.ts';
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
  readonly problems: readonly Problem[];
}

/** What one file turned out to be. */
type Sighting =
  | { readonly kind: 'dicom'; readonly files: readonly FoundFile[] }
  | { readonly kind: 'volume'; readonly file: VolumeFile }
  | { readonly kind: 'zip'; readonly entries: readonly Source[] }
  | { readonly kind: 'directory'; readonly problems: readonly Problem[] }
  | { readonly kind: 'foreign'; readonly source: Source }
  | { readonly kind: 'problem'; readonly problem: Problem };

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
export async function scanFiles(files: readonly string[], reader: SourceReader, task: Task): Promise<Found> {
  const context = { reader, files };
  const first = await look(
    files.map((file) => ({ file })),
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
  return sorted(sightings);
}

interface ScanContext {
  readonly reader: SourceReader;
  /** All files, for a DICOMDIR to be compared with. */
  readonly files: readonly string[];
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

async function look(sources: readonly Source[], context: ScanContext, task: Task): Promise<Sighting[]> {
  let done = 0;
  return concurrently(sources, AT_ONCE, task.signal, async (source) => {
    if (done % FILES_PER_MESSAGE === 0)
      task.progress(done / sources.length, `reading headers: ${done} of ${sources.length} files`);
    done++;
    const state = source.zipEntry === undefined ? await fileState(source.file) : undefined;
    const known = state && seen.get(source.file);
    if (known && known.state === state) return known.sighting;
    try {
      const sighting = await lookAt(source, await context.reader.read(source, HEADER_BYTES), context);
      if (state && sighting.kind === 'dicom') remember(source.file, { state, sighting });
      return sighting;
    } catch (error) {
      task.signal.throwIfAborted();
      return { kind: 'problem', problem: unreadable(source, error) };
    }
  });
}

async function lookAt(source: Source, start: Buffer, context: ScanContext): Promise<Sighting> {
  const { reader } = context;
  if (isZip(start) && source.form === undefined) {
    if (source.zipEntry === undefined) return { kind: 'zip', entries: await entriesOf(source.file, reader) };
    throw new UserError(
      'zip-in-zip',
      `${nameOf(source)} is a zip file within a zip file, and is not used. Unpack the outer one and load the folder.`,
    );
  }
  if (isGzip(start) && source.form === undefined) {
    const packed: Source = { ...source, form: 'gzip' };
    const sighting = await lookAt(packed, await reader.read(packed, HEADER_BYTES), context);
    return sighting;
  }
  if (isDicom(start)) {
    if (isDicomDirectory(start)) return { kind: 'directory', problems: await problemsOfDirectory(source, context) };
    return { kind: 'dicom', files: await framesOf(source, start, reader) };
  }
  if (volumeFormatOf(start)) return { kind: 'volume', file: await openVolumeFile(source, reader) };
  if (source.form === undefined && missingHeader(start)) {
    const bare: Source = { ...source, form: 'bare' };
    return lookAt(bare, await reader.read(bare, HEADER_BYTES), context);
  }
  return { kind: 'foreign', source };
}

function isGzip(start: Buffer): boolean {
  return start.length >= 3 && start[0] === 0x1f && start[1] === 0x8b && start[2] === 8;
}

async function entriesOf(file: string, reader: SourceReader): Promise<Source[]> {
  return (await reader.zipEntries(file)).map((zipEntry) => ({ file, zipEntry }));
}

/** A disc's directory is compared with what is in its folder; inside a zip file it is passed over. */
async function problemsOfDirectory(source: Source, { reader, files }: ScanContext): Promise<readonly Problem[]> {
  if (source.zipEntry !== undefined || files.length === 1) return [];
  const folder = dirname(source.file);
  return missingFiles(listedFiles(await reader.read(source)), new Set(files.map((file) => asListed(folder, file))));
}

/** The file, or each of its frames. Throws where it is too short for the pixels that its header promises. */
async function framesOf(source: Source, start: Buffer, reader: SourceReader): Promise<FoundFile[]> {
  const headers = await headersOf(source, start, reader);
  const [needed, there] = [fewestBytes(headers[0]!), await reader.size(source)];
  if (there < needed) throw new Error(`its pixels alone need ${needed} bytes, and the file has ${there}`);
  if (headers.length === 1) return [{ source, header: headers[0]! }];
  return headers.map((header, frame) => ({ source: { ...source, frame }, header }));
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

function unreadable(source: Source, error: unknown): Problem {
  if (error instanceof UserError) return warning(error.code, error.message);
  // What the system says of a file holds its whole path, which may name persons.
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  const denied = code === 'EACCES' || code === 'EPERM';
  const reason = denied ? 'you may not open it' : syscall ? code : message;
  return warning(
    'unreadable-file',
    `${nameOf(source)} cannot be read (${reason}). ${denied ? 'Ask for the right to read it, or copy it.' : 'It may be cut short; copy it again.'}`,
  );
}

/** Sightings by what they are; the data files of volume headers are no foreign files. */
function sorted(sightings: readonly Sighting[]): Found {
  const dicom = sightings.flatMap((s) => (s.kind === 'dicom' ? s.files : []));
  const volumes = sightings.flatMap((s) => (s.kind === 'volume' ? [s.file] : []));
  const problems = sightings.flatMap((s) =>
    s.kind === 'problem' ? [s.problem] : s.kind === 'directory' ? s.problems : [],
  );
  const parts = new Set(volumes.flatMap((volume) => volume.parts.map(nameOf)));
  const foreign = sightings.flatMap((s) => (s.kind === 'foreign' && !parts.has(nameOf(s.source)) ? [s.source] : []));
  if (foreign.length === 0) return { dicom, volumes, problems };
  const names = foreign.slice(0, NAMES_SHOWN).map((source) => basename(source.zipEntry ?? source.file));
  const said = warning(
    'not-an-image',
    `${counted(foreign.length, 'file is', 'files are')} no DICOM, NIfTI, NRRD or MetaImage and not used: ${names.join(', ')}${foreign.length > NAMES_SHOWN ? ' …' : ''}.`,
  );
  return { dicom, volumes, problems: [...problems, said] };
}
