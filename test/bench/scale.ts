/**
 * `npm run bench -- scale PATH [CTS]`: measures what the CT at PATH costs (scaleCosts.ts) and reckons from it what so many
 * CTs like it ask of a cluster: node-hours, bytes, files, and requests to a network file system. docs/scale.md shows it for
 * 100 000. Prints the measured figures too.
 */
import { join } from 'node:path';
import { SAMPLES } from '../../scripts/lib/project.ts';
import { type Costs, costsOf } from './scaleCosts.ts';

const CTS = 100_000;
/** A task that has two. */
const CORES_OF_TASK = 2;
const CORES_OF_NODE = 32;
const NODES = [10, 50, 200];
/** Of one notebook's kernel, which asks a few at once of a file system that answers in a millisecond. An assumption. */
const REQUESTS_OF_KERNEL = 4000;

const [path = join(SAMPLES, 'cohort/P01'), count = String(CTS)] = process.argv.slice(3);
const costs = await costsOf(path);
console.log('Measured, of one CT:');
console.table(costs);
console.log(`Reckoned, of ${count} such CTs:`);
console.table(reckoned(costs, Number(count)));

function reckoned(one: Costs, cts: number): Record<string, string> {
  const coreHours = (one.processorSeconds * cts) / 3600;
  const requests = one.inputRequests + one.cacheRequests;
  // While a task has its cores all the time.
  const secondsOfTask = one.processorSeconds / CORES_OF_TASK;
  const tasksOfNode = CORES_OF_NODE / CORES_OF_TASK;
  const onNodes = NODES.map((nodes) => {
    const perSecond = (nodes * tasksOfNode) / secondsOfTask;
    return [
      `${nodes} nodes of ${CORES_OF_NODE} cores`,
      `${(coreHours / nodes / CORES_OF_NODE).toFixed(1)} h; ${perSecond.toFixed(1)} CTs, ${Math.round(perSecond * requests)} requests, ${megabytes(perSecond * one.inputBytes)} read and ${megabytes(perSecond * one.cacheBytes)} written a second`,
    ] as const;
  });
  const known = one.knownInputRequests + one.knownCacheRequests;
  return {
    'core-hours': coreHours.toFixed(0),
    'node-hours': (coreHours / CORES_OF_NODE).toFixed(1),
    'read, TB': ((one.inputBytes * cts) / 1e12).toFixed(1),
    'files read': String(one.inputFiles * cts),
    'cache, TB': ((one.cacheBytes * cts) / 1e12).toFixed(2),
    'files of the cache': String(one.cacheFiles * cts),
    ...Object.fromEntries(onNodes),
    'requests to see that all are measured': `${known * cts}, ${((known * cts) / REQUESTS_OF_KERNEL / 3600).toFixed(1)} h at ${REQUESTS_OF_KERNEL} a second`,
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
