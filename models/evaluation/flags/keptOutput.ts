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
  if (existsSync(file)) return Float32Array.from(readFileSync(file), (byte) => byte / 255);
  const planes = Uint8Array.from(await run(), (probability) => Math.round(probability * 255));
  writeFileSync(file, planes);
  // The same the first time as later: what is spoilt where lungs were found would else be another CT.
  return Float32Array.from(planes, (byte) => byte / 255);
}

function nameOf(weights: string, { size, hu }: Resampled): string {
  const whole = Int16Array.from(hu, (value) => Math.round(value));
  return `${createHash('sha256').update(weights).update(size.join()).update(whole).digest('hex').slice(0, 32)}.bytes`;
}
