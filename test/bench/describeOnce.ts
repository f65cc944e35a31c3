/**
 * Describes a folder as the command line does with a cache, twice, and a third time until it is interrupted; prints seconds
 * and peak memory.
 */
import { readFileSync } from 'node:fs';
import { unattended } from '../../src/kernel/base/task.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { createMeasurementCache } from '../../src/kernel/session/measurementCache.ts';
import { cohortView } from '../../src/kernel/views/cohortView.ts';
import { plainText } from '../../src/protocol/views/index.ts';
import type { Described } from './manySeries.ts';

/** Peak resident memory of this process in kB (Linux). */
const peakKb = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

const [path, cache] = process.argv.slice(2) as [string, string];
const headers = createMeasurementCache(cache, { limitBytes: Number.POSITIVE_INFINITY });
const describe = async () => {
  const cohort = await discoverCohort(path, unattended, { headers });
  plainText(cohortView(cohort, path));
  return cohort;
};
const first = await timed(describe);
const { user, system } = process.cpuUsage();
const peak = peakKb();
const again = await timed(describe);
let interrupted = 0;
const controller = new AbortController();
const progress = (fraction: number) => {
  if (controller.signal.aborted || fraction < 0.4) return;
  interrupted = performance.now();
  controller.abort();
};
await discoverCohort(path, { signal: controller.signal, progress }).catch(() => undefined);
const said: Described = {
  patients: first.value.patients.length,
  series: first.value.patients.reduce((sum, { series }) => sum + series.length, 0),
  seconds: first.seconds,
  processorSeconds: (user + system) / 1e6,
  secondsAgain: again.seconds,
  secondsToStop: (performance.now() - interrupted) / 1000,
  peakMb: peak / 1024,
};
console.log(JSON.stringify(said));
process.exit();
