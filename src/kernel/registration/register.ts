/**
 * Lays the lungs of one CT upon those of another of the same patient: an affine step, then diffeomorphic demons, from
 * 10 mm to 2.5 mm. Nothing is drawn by chance: the same CTs give the same registration to the byte.
 */
import { setImmediate } from 'node:timers/promises';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { GridSize, LabelMap, Volume } from '../ct/geometry/volume.ts';
import { affineStep, roughly } from './affine.ts';
import { demons } from './demons.ts';
import { type Field, noField, refined } from './field.ts';
import { coarser, type LungImage, lungImage } from './lungImage.ts';
import { qualityOf } from './quality.ts';
import { indexMap, packed, type Registration } from './registration.ts';

export interface CtWithLobes {
  readonly ct: Volume;
  readonly lobes: LabelMap;
}

/** Rounds of the demons at 10, 5 and 2.5 mm. */
const ROUNDS = [80, 60, 30];

/** Throws a UserError where one of both has no lungs. */
export async function register(fixed: CtWithLobes, moving: CtWithLobes, task: Task): Promise<Registration> {
  task.progress(0, 'looking at the lungs');
  const still = withLungs(lungImage(fixed.ct, fixed.lobes), 'first');
  await setImmediate();
  const moved = withLungs(lungImage(moving.ct, moving.lobes), 'second');
  return registerImages(still, moved, subtask(task, 0.1, 1));
}

/** Of images that are coarse already. */
export async function registerImages(fixed: LungImage, moving: LungImage, task: Task): Promise<Registration> {
  const levels = [{ fixed, moving }];
  for (let n = 1; n < ROUNDS.length; n++) {
    const [finer] = levels;
    levels.unshift({ fixed: coarser(finer!.fixed), moving: coarser(finer!.moving) });
  }
  let toMoving = roughly(fixed, moving);
  for (const level of levels.slice(0, 2)) {
    await setImmediate();
    task.signal.throwIfAborted();
    task.progress(0.02, 'laying the lungs upon each other as they are');
    toMoving = affineStep(level.fixed, level.moving, toMoving);
  }
  let field: Field | undefined;
  let before: GridSize | undefined;
  for (const [n, level] of levels.entries()) {
    const { size } = level.fixed;
    const map = indexMap(level.fixed, level.moving, toMoving);
    const start: Field = field && before ? refined(field, before, size) : noField(size);
    const part = subtask(task, 0.1 + 0.8 * SHARES[n]!, 0.1 + 0.8 * SHARES[n + 1]!);
    field = await demons({ ...level, map, rounds: ROUNDS[n]! }, start, part);
    before = size;
  }
  await setImmediate();
  task.progress(0.95, 'judging the registration');
  const steps = packed(field!);
  const grid = { size: fixed.size, affine: fixed.affine };
  return { ...grid, toMoving, steps, quality: qualityOf(fixed, moving, { ...grid, toMoving, steps }) };
}

/** Of the work, what each level has done: eight times as many voxels take eight times as long. */
const SHARES = [0, 0.04, 0.2, 1];

function withLungs(image: LungImage | undefined, which: string): LungImage {
  if (image) return image;
  throw new UserError(
    'registration-failed',
    `The ${which} of both CTs has no lungs that were found, so that nothing can be laid upon the other.`,
  );
}
