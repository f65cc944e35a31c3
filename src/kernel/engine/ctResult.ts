/** What became of each CT of a list: a small file for each, which jobs on any computer write and the notebook's reads. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { orMissing } from '../../files/systemError.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';

export interface CtResult {
  readonly patient: string;
  readonly series: string;
  /** `kept`: it was in the cache already. `not-kept`: measured, and the cache could not take it. */
  readonly state: 'measured' | 'kept' | 'failed' | 'not-kept';
  /** Why it failed or was not kept. */
  readonly code?: RemarkCode;
  readonly message?: string;
  readonly seconds: number;
  /** The most memory that the process has had so far. */
  readonly peakMb: number;
}

const ENDING = '.json';

export function writeResult(folder: string, place: number, result: CtResult): Promise<void> {
  return writeAtomically(join(folder, `${place}${ENDING}`), JSON.stringify(result), { mode: 0o600 });
}

/** Results by place in the list, of those that `known` does not hold yet. */
export async function newResults(
  folder: string,
  known: { readonly has: (place: number) => boolean },
): Promise<Map<number, CtResult>> {
  const names = (await readdir(folder).catch(orMissing)) ?? [];
  const places = names.filter((name) => /^\d+\.json$/.test(name)).map((name) => Number.parseInt(name, 10));
  const found = new Map<number, CtResult>();
  for (const place of places.filter((place) => !known.has(place))) {
    const text = await readFile(join(folder, `${place}${ENDING}`), 'utf8').catch(orMissing);
    // SAFETY: `writeResult` alone writes such names, whole or not at all.
    if (text !== undefined) found.set(place, JSON.parse(text) as CtResult);
  }
  return found;
}

/** Removes the results of CTs that are to be measured once more. */
export async function forgetResults(folder: string, places: readonly number[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const place of places) await rm(join(folder, `${place}${ENDING}`), { force: true });
}
