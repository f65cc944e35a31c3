/** Looks at the pixels of a few slices when a series is found, so that what is wrong with them is known before it is measured. */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import type { DecodedHeader } from '../dicom/decodeWorker.ts';
import { readSlices } from '../dicom/readDicomSeries.ts';
import { transferSyntaxOf } from '../dicom/transferSyntax.ts';
import { fileState } from '../files/fileState.ts';
import type { SourceReader } from '../files/sources.ts';
import { addOffset } from './addOffset.ts';
import type { Series, Source } from './cohort.ts';
import { hounsfieldChecks } from './hounsfield.ts';
import { LOSSY } from './seriesChecks.ts';

/** Where the slices lie in the stack: in the lungs, whatever else of the body was scanned. */
const PLACES = [0.3, 0.5, 0.7] as const;
/** Series that were looked at before and have not changed; a cohort of some hundred patients has as many. */
const MAX_REMEMBERED = 10_000;
/** Codes of what was wrong with the computer at that moment, and not with the file. */
const OF_THE_COMPUTER: readonly RemarkCode[] = ['decoding-ended', 'memory', 'system'];
const remembered = new Map<string, Promise<Remark[]>>();

/** What is wrong with the sampled slices: errors where the series cannot be measured. */
export async function sampleProblems(series: Series, reader: SourceReader, task: Task): Promise<Remark[]> {
  const sources = sampled(series.sources);
  const state = await Promise.all(sources.map(({ file }) => fileState(file)));
  const key = JSON.stringify([sources, state, series.id, series.offsetHu]);
  const known = remembered.get(key);
  if (known) return known;
  const problems = look(series, sources, reader, task);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, problems);
  // What was interrupted, or failed for another reason than the file's, is looked at again.
  problems.then(
    (found) => found.some(({ code }) => OF_THE_COMPUTER.includes(code)) && remembered.delete(key),
    () => remembered.delete(key),
  );
  return problems;
}

function sampled(sources: readonly Source[]): Source[] {
  return [...new Set(PLACES.map((place) => sources[Math.floor(place * sources.length)]!))];
}

async function look(series: Series, sources: readonly Source[], reader: SourceReader, task: Task): Promise<Remark[]> {
  const quiet: Task = { signal: task.signal, progress: () => {} };
  // Each for itself, so that the first that fails is the same one every time.
  const read = await Promise.allSettled(sources.map((source) => readSlices([source], series, reader, quiet)));
  task.signal.throwIfAborted();
  try {
    const slices = read.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    const perSlice = slices[0]!.hu.length;
    const hu = new Int16Array(slices.length * perSlice);
    for (const [n, slice] of slices.entries()) hu.set(slice.hu, n * perSlice);
    const checks = hounsfieldChecks(addOffset(hu, series.offsetHu ?? 0), series.id);
    return [
      ...frameProblems(
        series,
        slices.flatMap(({ headers }) => headers),
      ),
      ...checks,
    ];
  } catch (error) {
    task.signal.throwIfAborted();
    const { code, message } = userErrorOf(error);
    return [{ severity: 'error', code, message }];
  }
}

/** What frames say of themselves against their headers. */
function frameProblems({ problems }: Series, headers: readonly DecodedHeader[]): Remark[] {
  const found: Remark[] = [];
  if (headers.some(({ frame }) => frame?.lossy) && !problems.some(({ code }) => code === 'lossy')) found.push(LOSSY);
  const other = headers.find(
    ({ header, frame }) => frame && frame.codec !== transferSyntaxOf(header.transferSyntax)?.codec,
  );
  if (other?.frame)
    found.push(
      warning(
        'other-compression',
        `The header names the compression ${transferSyntaxOf(other.header.transferSyntax)?.name}, and the pixels are in ${CODEC_NAMES[other.frame.codec]}: they are read as what they are. Programs that trust the header may fail.`,
      ),
    );
  return found;
}

const CODEC_NAMES = {
  rle: 'RLE',
  jpeg: 'JPEG',
  'jpeg-ls': 'JPEG-LS',
  'jpeg-2000': 'JPEG 2000',
  htj2k: 'HTJ2K',
} as const;
