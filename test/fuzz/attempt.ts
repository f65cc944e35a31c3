/** Loads one mutated input as `load` and `quantify` would, and tells what came of it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/kernel/base/random.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { UserError } from '../../src/kernel/base/userError.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { mutate, pick } from './mutate.ts';
import type { Seed } from './seeds.ts';

export interface Outcome {
  readonly seed: string;
  /** `read`, the code of the error that the user would see, or `crash` with the bug's stack. */
  readonly kind: string;
  readonly bug?: string;
  readonly ms: number;
  /** By how much the process grew while this input was read. */
  readonly grownMb: number;
}

/** Input `number` of a run; the same number gives the same bytes. */
export async function attempt(number: number, all: readonly Seed[], folder: string): Promise<Outcome> {
  const random = createRandom(`fuzz-${number}`);
  const seed = pick(all, random);
  const mutated = pick(Object.keys(seed.files), random);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'patient'), { recursive: true });
  for (const [name, bytes] of Object.entries(seed.files))
    writeFileSync(join(folder, 'patient', name), name === mutated ? mutate(bytes, random) : bytes);
  const started = performance.now();
  const before = process.memoryUsage().rss;
  const outcome = await load(folder);
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
  return { seed: seed.name, ...outcome, ms: performance.now() - started, grownMb };
}

async function load(folder: string): Promise<Pick<Outcome, 'kind' | 'bug'>> {
  try {
    const { patients } = await discoverCohort(folder, unattended);
    for (const { series } of patients) for (const one of series) await readSeries(one, unattended);
    return { kind: 'read' };
  } catch (error) {
    if (error instanceof UserError) return { kind: error.code };
    return { kind: 'crash', bug: (error as Error).stack ?? String(error) };
  }
}
