/** The parametric response map of two CTs, kept between runs: its numbers, and the map to lay over slices. */
import { subtask, type Task } from '../base/task.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { ResponseMap, ResponseRow, TrappingThresholds } from '../registration/trapping.ts';
import type { CtPair } from './ctPairs.ts';
import { resultKey } from './handles.ts';
import type { MeasurementStore } from './measurementStore.ts';
import { lungsOf, registrationKey, registrationOf } from './registrations.ts';

interface Context {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly task: Task;
}

type Kept = Pick<ResponseMap['map'], 'size' | 'affine'> & { readonly rows: readonly ResponseRow[] };

/** Throws a UserError where the two cannot be registered. */
export async function respondedPair(
  pair: CtPair,
  thresholds: TrappingThresholds,
  context: Context,
): Promise<ResponseMap> {
  const { images, measurements, task } = context;
  const key = resultKey('respond', registrationKey(pair), thresholds);
  const [known, labels] = await Promise.all([measurements.json<Kept>(key), measurements.bytes(key)]);
  if (known && labels) {
    const { rows, ...grid } = known;
    return { rows, map: { ...grid, labels: new Uint8Array(labels) } };
  }
  const registration = await registrationOf(pair, { ...context, task: subtask(task, 0, 0.8) });
  const lungs = await lungsOf(pair, { ...context, task: subtask(task, 0.8, 0.85) });
  const { rows, map } = await images.respond(lungs, { registration, thresholds }, subtask(task, 0.85, 1));
  await measurements.putBytes(key, map.labels);
  await measurements.putJson(key, { size: map.size, affine: map.affine, rows } satisfies Kept);
  return { rows, map };
}
