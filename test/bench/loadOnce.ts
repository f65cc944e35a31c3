/** Reads the series of a folder once, as the image worker does, and prints seconds and peak growth of memory. */
import { readFileSync } from 'node:fs';
import { unattended } from '../../src/kernel/base/task.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';

/** Peak resident memory of this process in kB (Linux). */
const peakKb = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const before = process.memoryUsage().rss / 1024;
const start = performance.now();
const { patients } = await discoverCohort(process.argv[2]!, unattended);
const { volume } = await readSeries(patients[0]!.series[0]!, unattended);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, memory: ((peakKb() - before) * 1024) / volume.hu.byteLength }));
process.exit();
