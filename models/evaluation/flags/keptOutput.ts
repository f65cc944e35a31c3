/** Keeps what a network said of a CT, in bytes as the texture network's output is kept: 255 is certain. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resampled } from '../../../src/kernel/ct/geometry/resample.ts';
import type { Model } from '../../../src/kernel/inference/model.ts';

/** The probabilities of `run`, or those that it gave of the same model and CT before; without a folder none are kept. */
export async function keptOutput(
  folder: string | undefined,
  model: Model,
  coarse: Resampled,
  run: () => Promise<Float32Array>,
): Promise<Float32Array> {
  if (!folder) return run();
  const file = join(folder, nameOf(model.manifest.sha256, coarse));
  if (existsSync(file)) return probabilitiesOf(readFileSync(file));
  const planes = new Uint8Array((await run()).map((probability) => Math.round(probability * 255)));
  writeFileSync(file, planes);
  // The same the first time as later: what is spoilt where lungs were found would else be another CT.
  return probabilitiesOf(planes);
}

/** `Float32Array.from` would list the bytes first, and of a whole body there are more than a list can have. */
function probabilitiesOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes).map((byte) => byte / 255);
}

function nameOf(weights: string, { size, hu }: Resampled): string {
  const whole = new Int16Array(hu.map(Math.round));
  return `${createHash('sha256').update(weights).update(size.join()).update(whole).digest('hex').slice(0, 32)}.bytes`;
}
