/** Measures a list of CTs into the cache, one after the other; one that fails never ends the rest. */
import { userErrorOf } from '../base/plainCause.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { deviceMissing } from '../inference/device.ts';
import { checkWeights } from '../inference/model.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { CtToMeasure, MeasuringModels } from '../values/engine.ts';
import { digestOf, isMeasured, measuredTables, measurementKey } from '../values/measuredSeries.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import type { CtResult } from './ctResult.ts';

export interface Measuring {
  readonly models: MeasuringModels;
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  /** A CT that needs more is refused before it is read. */
  readonly memoryBytes?: number;
  readonly task: Task;
}

/** `tell` is told of each as soon as it is done. Throws a UserError where a model's weights are not those of its manifest. */
export async function measureCts(
  cts: readonly CtToMeasure[],
  measuring: Measuring,
  tell: (n: number, result: CtResult) => Promise<void>,
): Promise<void> {
  await Promise.all([checkWeights(measuring.models.lobes), checkWeights(measuring.models.textures)]);
  for (const [n, ct] of cts.entries()) {
    const part = subtask(measuring.task, n / cts.length, (n + 1) / cts.length);
    const progress: Task['progress'] = (fraction, message) => part.progress(fraction, `${ct.patient}: ${message}`);
    await tell(n, await measureOne(ct, { ...measuring, task: { ...part, progress } }));
  }
}

async function measureOne(ct: CtToMeasure, measuring: Measuring): Promise<CtResult> {
  const start = performance.now();
  const outcome = await outcomeOf(ct, measuring);
  return {
    patient: ct.patient,
    series: ct.series.id,
    ...outcome,
    seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

async function outcomeOf(ct: CtToMeasure, measuring: Measuring): Promise<Pick<CtResult, 'state' | 'code' | 'message'>> {
  const { series } = ct;
  const { models, measurements, memoryBytes, task } = measuring;
  try {
    if (await isMeasured(series, models, measurements)) return { state: 'kept' };
    if (memoryBytes !== undefined) refuseTooLarge(series, memoryBytes);
    const { sha256 } = await digestOf(series, { ...measuring, task: subtask(task, 0, 0.15) });
    const cacheKey = measurementKey(sha256, models);
    const measured = { ...ct, sha256, cacheKey, models, decisions: undefined };
    const { device } = await measuredTables(measured, { ...measuring, task: subtask(task, 0.15, 1) });
    const lost = measurements.remarks().find(({ code }) => code === 'not-cached');
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

/**
 * What the process takes beside the CT, and for each of its voxels: LIDC-IDRI-0314 (72 million voxels) was measured in
 * 1.23 GB, the simulated P01 (16 million) in 0.98 GB.
 */
const BASE_BYTES = 0.91e9;
const BYTES_PER_VOXEL = 4.5;

function refuseTooLarge({ size }: Series, memoryBytes: number): void {
  const needed = BASE_BYTES + BYTES_PER_VOXEL * size[0] * size[1] * size[2];
  if (needed <= memoryBytes) return;
  const gb = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new UserError(
    'memory',
    `This CT of ${size.join(' × ')} voxels needs some ${gb(needed)} GB, and --memory allows ${gb(memoryBytes)} GB. Allow more, or leave it out.`,
  );
}
