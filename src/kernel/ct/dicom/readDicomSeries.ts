/** Reads the slices of a DICOM series into one array, straight into their places; compressed ones are decoded by several threads at once. */

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { concurrently } from '../../base/concurrently.ts';
import { ownBytes } from '../../base/ownBytes.ts';
import { plainCause } from '../../base/plainCause.ts';
import { reasonOf } from '../../base/plainErrors.ts';
import type { Task } from '../../base/task.ts';
import { threadsAllowed } from '../../base/threads.ts';
import { UserError } from '../../base/userError.ts';
import type { Series, SliceFrame, Source } from '../cohort/cohort.ts';
import { createSourceReader, nameOfSource, type SourceReader } from '../files/sources.ts';
import { dot, normalOf } from '../geometry/vector.ts';
import type { Grid } from '../geometry/volume.ts';
import { type DecodedHeader, type DecodeReply, type DecodeRequest, decode, type FrameOfSlice } from './decodeWorker.ts';
import { nativeGrid } from './dicomSeries.ts';
import { readStored, type SliceHeader } from './readStored.ts';

/** Slices closer to their place on the grid than this share of the spacing are left as they are: interpolation would only blur noise. */
const IN_PLACE = 0.01;

/** Files that are open at once where their pixels are read into place; whole files are fewer, since they take memory. */
const FILES_AT_ONCE = 16;
/** A damaged frame can send a codec round in circles; its thread is ended after this time. */
const TIMEOUT_MS = 15_000;
const FRAME_TIMEOUT_MS = 500;

interface ReadSlice {
  readonly header: SliceHeader;
  readonly positionMm: number;
}

interface Pool {
  readonly threads: Piscina;
  /** Aborted when none of its threads is left: what still waits for one then would wait without end. */
  readonly ended: AbortSignal;
}

let current: Pool | undefined;

/** Started with the first series; its threads end some seconds after the last. */
function pool(): Pool {
  current ??= started();
  return current;
}

function started(): Pool {
  const extension = extname(fileURLToPath(import.meta.url));
  const threads = new Piscina({
    filename: new URL(`./decodeWorker${extension}`, import.meta.url).href,
    maxThreads: threadsAllowed(),
    minThreads: 0,
    idleTimeout: 5000,
    // Frames that are done with are let go soon; the threads make little else.
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  });
  const ending = new AbortController();
  const made: Pool = { threads, ended: ending.signal };
  const end = () => {
    if (current === made) current = undefined;
    ending.abort();
  };
  // A thread that dies between two files is about neither; without a listener the error would end its parent.
  threads.on('error', end);
  threads.on('workerDestroy', () =>
    setImmediate(() => {
      if (threads.threads.length === 0) end();
    }),
  );
  return made;
}

/** Grid and Hounsfield units in the files' own axis order. Throws a UserError that names the file where one cannot be decoded. */
export async function readDicomSeries(series: Series, task: Task): Promise<{ grid: Grid; hu: Int16Array }> {
  const reader = createSourceReader(task.signal);
  try {
    const { headers, hu } = await readSlices(series.sources, series, reader, task);
    const { orientation, pixelSpacing } = headers[0]!.header;
    const frame = series.frame ?? (orientation && pixelSpacing && { orientation, pixelSpacing });
    if (!frame) throw new Error('a slice without geometry was not left out');
    const normal = normalOf(frame.orientation);
    const slices = headers.map(({ header }): ReadSlice => ({ header, positionMm: dot(normal, header.position!) }));
    return onUniformGrid(slices, hu, frame);
  } finally {
    reader.close();
  }
}

/** Headers and Hounsfield units of some slices of a series, in their order. Throws as {@link readDicomSeries} does. */
export async function readSlices(
  sources: readonly Source[],
  { matrix: [columns, rows], compressed }: Pick<Series, 'matrix' | 'compressed'>,
  reader: SourceReader,
  task: Task,
): Promise<{ headers: DecodedHeader[]; hu: Int16Array }> {
  const hu = new Int16Array(new SharedArrayBuffer(sources.length * columns * rows * 2));
  const headers = new Array<DecodedHeader>(sources.length);
  const perSlice = columns * rows;
  let done = 0;
  const finish = ({ frames }: FileOfSlices, decoded: readonly DecodedHeader[]) => {
    for (const [n, { slice }] of frames.entries()) headers[slice] = decoded[n]!;
    done += frames.length;
    task.progress(done / sources.length, `reading slice ${done} of ${sources.length}`);
  };
  const unread: FileOfSlices[] = [];
  await concurrently(filesOf(sources), FILES_AT_ONCE, task.signal, async (file) => {
    const { stored } = file.source;
    const { slice } = file.frames[0]!;
    const place = hu.subarray(slice * perSlice, (slice + 1) * perSlice);
    if (stored && (await readStored(file.source.file, stored, place)))
      finish(file, [{ header: stored.header, frame: undefined }]);
    else unread.push(file);
  });
  const decodeFile = compressed ? decodeInThread : decodeHere;
  await concurrently(unread, threadsAllowed() + 1, task.signal, async (file) => {
    const { source, frames } = file;
    const request = { bytes: await bytesOf(source, reader), frames, hu, columns, rows };
    finish(file, await decodeFile(source, request, task.signal));
  });
  return { headers, hu };
}

interface FileOfSlices {
  readonly source: Source;
  readonly frames: readonly FrameOfSlice[];
}

/** Each file once, however many slices are in it. */
function filesOf(sources: readonly Source[]): FileOfSlices[] {
  interface Growing extends FileOfSlices {
    readonly frames: FrameOfSlice[];
  }
  const files = new Map<string, Growing>();
  for (const [slice, { frame = 0, ...source }] of sources.entries()) {
    const key = `${source.file}\n${source.zipEntry ?? ''}`;
    const file: Growing = files.get(key) ?? { source, frames: [] };
    file.frames.push({ frame, slice });
    files.set(key, file);
  }
  return [...files.values()];
}

async function bytesOf(source: Source, reader: SourceReader): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return ownBytes(await reader.read(source));
  } catch (error) {
    throw unreadable(source, reasonOf(error), error);
  }
}

/** Pixels that are stored as they are take longer to be sent to a thread than to be copied. */
async function decodeHere(source: Source, request: DecodeRequest): Promise<DecodedHeader[]> {
  try {
    return await decode(request);
  } catch (error) {
    throw unreadable(source, reasonOf(error), error);
  }
}

async function decodeInThread(source: Source, request: DecodeRequest, signal: AbortSignal): Promise<DecodedHeader[]> {
  const tooLong = AbortSignal.timeout(TIMEOUT_MS + request.frames.length * FRAME_TIMEOUT_MS);
  const { threads, ended } = pool();
  let reply: DecodeReply;
  try {
    const transferList = [request.bytes.buffer];
    reply = await threads.run(request, { transferList, signal: AbortSignal.any([signal, tooLong, ended]) });
  } catch (error) {
    signal.throwIfAborted();
    if (tooLong.aborted) throw unreadable(source, 'decoding it does not come to an end, so it is damaged', error);
    throw plainCause(error) ?? threadEnded(source);
  }
  if ('reason' in reply) throw unreadable(source, reply.reason, undefined);
  return reply.headers;
}

/** What is wrong with a file is a thread's answer; where there is none, the thread has died. */
function threadEnded(source: Source): UserError {
  return new UserError(
    'decoding-ended',
    `The part of LungNB that decodes slices ended unexpectedly at ${nameOfSource(source)}. Run the cell again; if it ends again, close other programs to free memory, or remove that file to go on without it.`,
  );
}

function unreadable(source: Source, reason: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    'unreadable-slice',
    `${nameOfSource(source)} cannot be decoded: ${reason}. Copy or export it again, or remove it to go on without it.`,
  );
}

/** The slices where they are if they lie evenly; else on an even grid, with linear interpolation between slices. */
function onUniformGrid(
  slices: readonly ReadSlice[],
  hu: Int16Array,
  frame: SliceFrame,
): { grid: Grid; hu: Int16Array } {
  const positions = slices.map(({ positionMm }) => positionMm);
  const distances = positions.slice(1).map((position, n) => position - positions[n]!);
  const spacing = [...distances].sort((a, b) => a - b)[distances.length >> 1] ?? 0;
  const grid = nativeGrid(
    slices.map(({ header }) => header),
    positions,
    spacing,
    frame,
  );
  const isEven = positions.every(
    (position, n) => Math.abs(position - positions[0]! - n * spacing) <= IN_PLACE * spacing,
  );
  return { grid, hu: isEven && grid.size[2] === slices.length ? hu : interpolated(positions, hu, grid, spacing) };
}

function interpolated(positions: readonly number[], slices: Int16Array, { size }: Grid, spacing: number): Int16Array {
  const [nx, ny, nz] = size;
  const perSlice = nx * ny;
  const hu = new Int16Array(perSlice * nz);
  let below = 0;
  for (let k = 0; k < nz; k++) {
    const position = positions[0]! + k * spacing;
    while (below < positions.length - 2 && positions[below + 1]! <= position + 1e-6) below++;
    const above = Math.min(positions.length - 1, below + 1);
    const gap = positions[above]! - positions[below]!;
    const share = gap > 0 ? Math.min(1, Math.max(0, (position - positions[below]!) / gap)) : 0;
    const a = slices.subarray(below * perSlice, (below + 1) * perSlice);
    const b = slices.subarray(above * perSlice, (above + 1) * perSlice);
    if (share < IN_PLACE) hu.set(a, k * perSlice);
    else if (share > 1 - IN_PLACE) hu.set(b, k * perSlice);
    else for (let p = 0; p < perSlice; p++) hu[k * perSlice + p] = Math.round(a[p]! * (1 - share) + b[p]! * share);
  }
  return hu;
}
