/** Measures a list of CTs into the cache, several at once; one that fails never ends the rest. */
import { userErrorOf } from '../base/plainCause.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { deviceMissing } from '../inference/device.ts';
import { checkWeights, type ModelFolder } from '../inference/model.ts';
import { networkBytes } from '../inference/networkMemory.ts';
import { bytesToMeasure } from '../lungs/atOnce.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { isModel, type Measuring as Means } from '../lungs/means.ts';
import { eachCt } from '../values/eachCt.ts';
import type { CtToMeasure } from '../values/engine.ts';
import { digestOf, measuredBefore, measuredTables, measurementKey } from '../values/measuredSeries.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import type { CtResult } from './ctResult.ts';

export interface Measuring {
  readonly meansOf: (ct: CtToMeasure) => Means;
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  /** A CT that needs more is refused before it is read. */
  readonly memoryBytes?: number;
  readonly task: Task;
}

export interface Listeners {
  /** Of each as soon as it is done, with its place in the list. */
  readonly done: (n: number, result: CtResult) => Promise<void>;
  /** Of each in the order of the list: those that are in the store first, then the others. */
  readonly tell: (result: CtResult) => void;
}

/** Throws a UserError where a model's weights are not those of its manifest. */
export async function measureCts(
  cts: readonly CtToMeasure[],
  measuring: Measuring,
  { done, tell }: Listeners,
): Promise<void> {
  const { meansOf, measurements, memoryBytes, task } = measuring;
  const models = modelsOf(cts.map(meansOf));
  await Promise.all(models.map(checkWeights));
  const networks = await networkBytes(models);
  await eachCt(cts, {
    known: (ct) => measuredBefore(ct.series, meansOf(ct), measurements),
    async work(n, kept, part) {
      const ct = cts[n]!;
      const progress: Task['progress'] = (fraction, message) => part.progress(fraction, `${ct.patient}: ${message}`);
      const result = await measureOne(ct, kept !== undefined, { ...measuring, networks, task: { ...part, progress } });
      await done(n, result);
      return result;
    },
    tell,
    task,
    memoryBytes,
    networkBytes: networks,
  });
}

/** Each once. */
function modelsOf(means: readonly Means[]): ModelFolder[] {
  const models = means.flatMap(({ lobes, textures }) => [lobes, textures].filter(isModel));
  return [...new Map(models.map((model) => [model.folder, model])).values()];
}

interface MeasuringOne extends Measuring {
  /** Bytes that the networks take. */
  readonly networks: number;
}

async function measureOne(ct: CtToMeasure, isKept: boolean, measuring: MeasuringOne): Promise<CtResult> {
  const start = performance.now();
  const outcome = isKept ? ({ state: 'kept' } as const) : await outcomeOf(ct, measuring);
  return {
    patient: ct.patient,
    series: ct.series.id,
    ...outcome,
    seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

async function outcomeOf(
  ct: CtToMeasure,
  measuring: MeasuringOne,
): Promise<Pick<CtResult, 'state' | 'code' | 'message'>> {
  const { series } = ct;
  const { meansOf, measurements, memoryBytes, task } = measuring;
  try {
    const models = meansOf(ct);
    if (memoryBytes !== undefined) refuseTooLarge(series, measuring.networks, memoryBytes);
    const { sha256 } = await digestOf(series, { ...measuring, task: subtask(task, 0, 0.15) });
    const cacheKey = measurementKey(sha256, models);
    const measured = { ...ct, sha256, cacheKey, models, decisions: undefined };
    const { device } = await measuredTables(measured, { ...measuring, task: subtask(task, 0.15, 1) });
    const lost = measurements.unkept(cacheKey);
    if (lost) return { state: 'not-kept', code: lost.code, message: lost.message };
    if (device?.missed === undefined) return { state: 'measured' };
    const { code: missing, message } = deviceMissing(models.device, device.missed);
    return { state: 'measured', code: missing, message };
  } catch (error) {
    if (task.signal.aborted) throw error;
    const { code, message } = userErrorOf(error);
    return { state: 'failed', code, message };
  }
}

function refuseTooLarge({ size }: Series, networks: number, memoryBytes: number): void {
  const needed = bytesToMeasure(size, networks);
  if (needed <= memoryBytes) return;
  const gb = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new UserError(
    'memory',
    `This CT of ${size.join(' × ')} voxels needs some ${gb(needed)} GB, ${gb(networks)} GB of it for the networks, and --memory allows ${gb(memoryBytes)} GB. Allow more, or leave it out.`,
  );
}
