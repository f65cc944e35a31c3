/** Registrations of measured CTs, kept between runs by all that they depend on. */
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { ImageService, LungPair } from '../lungs/imageService.ts';
import type { Registration } from '../registration/registration.ts';
import type { CtPair } from './ctPairs.ts';
import { resultKey } from './handles.ts';
import { overlayMaps } from './measuredSeries.ts';
import type { MeasurementStore } from './measurementStore.ts';
import type { MeasuredSeries } from './value.ts';

interface Context {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly task: Task;
}

/** Names all that a registration depends on: the CTs and the lobes that were found in them, in the measuring code of this version. */
export function registrationKey({ first, second }: CtPair): string {
  return resultKey('register', first.cacheKey, second.cacheKey);
}

/** The second CT laid upon the first. Throws a UserError where one has no lungs, both are the same, or files have changed. */
export async function registrationOf(pair: CtPair, context: Context): Promise<Registration> {
  const { first, second } = pair;
  if (first.sha256 === second.sha256)
    throw new UserError('same-ct', 'Both are the same CT. Load two series or two dates of the patient.');
  const key = registrationKey(pair);
  const { measurements, images, task } = context;
  const [known, bytes] = await Promise.all([
    measurements.json<Omit<Registration, 'steps'>>(key),
    measurements.bytes(key),
  ]);
  if (known && bytes) return { ...known, steps: stepsOf(bytes) };
  const lungs = await lungsOf(pair, { ...context, task: subtask(task, 0, 0.1) });
  const { steps, ...registration } = await images.register(lungs, subtask(task, 0.1, 1));
  await measurements.putBytes(key, new Uint8Array(steps.buffer, steps.byteOffset, steps.byteLength));
  await measurements.putJson(key, registration);
  return { ...registration, steps };
}

/** Copied, since a view of 16 bits begins at an even byte. */
function stepsOf(bytes: Buffer): Int16Array {
  const own = new Uint8Array(bytes);
  return new Int16Array(own.buffer, 0, own.length / Int16Array.BYTES_PER_ELEMENT);
}

export async function lungsOf({ first, second }: CtPair, context: Context): Promise<LungPair> {
  const of = async (measured: MeasuredSeries) => {
    const { series, sha256 } = measured;
    return { volume: { series, sha256 }, lobes: (await overlayMaps(measured, context)).lobes };
  };
  return { first: await of(first), second: await of(second) };
}
