/** What became of each CT of a list: a small file for each, which jobs on any computer write and the notebook's reads. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import { orMissing } from '../../files/systemError.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { numberedFile } from './numberedFile.ts';

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

export function writeResult(folder: string, place: number, result: CtResult): Promise<void> {
  return writeAtomically(numberedFile(folder, place), JSON.stringify(result), { mode: 0o600 });
}

/** Results of those places of the list that have any. Folders that hold none of them are not looked into. */
export async function resultsOf(folder: string, places: readonly number[]): Promise<Map<number, CtResult>> {
  const found = new Map<number, CtResult>();
  for (const together of Map.groupBy(places, (place) => dirname(numberedFile(folder, place))))
    for (const [place, result] of await resultsIn(together)) found.set(place, result);
  return found;
}

async function resultsIn([folder, places]: readonly [string, readonly number[]]): Promise<[number, CtResult][]> {
  const names = new Set((await readdir(folder).catch(orMissing)) ?? []);
  const found: [number, CtResult][] = [];
  for (const place of places) {
    const name = `${place}.json`;
    const text = names.has(name) ? await readFile(join(folder, name), 'utf8').catch(orMissing) : undefined;
    // SAFETY: `writeResult` alone writes such names, whole or not at all.
    if (text !== undefined) found.push([place, JSON.parse(text) as CtResult]);
  }
  return found;
}

/** Removes the results of CTs that are to be measured once more. */
export async function forgetResults(folder: string, places: readonly number[]): Promise<void> {
  await makeFolder(folder);
  for (const place of places) await rm(numberedFile(folder, place), { force: true });
}
