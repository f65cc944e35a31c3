/** Lesions that are new or gone: connected voxels of a class of which none had that class at the other date. */
import { setImmediate } from 'node:timers/promises';
import { subtask, type Task } from '../base/task.ts';
import { voxelMl } from '../ct/geometry/volume.ts';
import { connectedComponents } from '../lungs/components.ts';
import { forEachLabelled, labelAt, placesIn } from './moved.ts';
import type { ComparedReadings } from './transitions.ts';

/** Smaller islands are as often noise, or a registration that is a millimetre off. */
export const LEAST_LESION_ML = 0.2;

export interface LesionRow {
  readonly class: string;
  readonly new: number;
  readonly newMl: number;
  readonly gone: number;
  readonly goneMl: number;
}

/** A row for each class that either date has. Volumes are those on the grid of the first date. */
export async function lesionsOf(
  { first, second, registration, classes }: ComparedReadings,
  task: Task,
): Promise<LesionRow[]> {
  const { size } = first.lobes;
  const before = first.textures.labels;
  const after = new Uint8Array(before.length);
  const placeOf = placesIn(registration, first.lobes, second.lobes);
  const place = new Float64Array(3);
  await forEachLabelled(
    first.lobes,
    (v, i, j, k) => {
      placeOf(i, j, k, place);
      after[v] = labelAt(second.textures.labels, second.textures.size, place);
    },
    subtask(task, 0, 0.5),
    'moving the classes of the second date',
  );
  const ml = voxelMl(first.lobes);
  const rows: LesionRow[] = [];
  for (const [n, name] of classes.entries()) {
    await setImmediate();
    task.signal.throwIfAborted();
    task.progress(0.5 + (0.5 * n) / classes.length, `looking for lesions of ${name}`);
    const isThere = (labels: Uint8Array) => labels.map((label) => (label === n + 1 ? 1 : 0));
    const [old, now] = [isThere(before), isThere(after)];
    if (!old.includes(1) && !now.includes(1)) continue;
    const appeared = withoutPartner(now, old, size, ml);
    const gone = withoutPartner(old, now, size, ml);
    rows.push({ class: name, new: appeared.count, newMl: appeared.ml, gone: gone.count, goneMl: gone.ml });
  }
  return rows;
}

function withoutPartner(
  own: Uint8Array,
  other: Uint8Array,
  size: Parameters<typeof connectedComponents>[1],
  ml: number,
): { readonly count: number; readonly ml: number } {
  const { numbers, sizes } = connectedComponents(own, size);
  const hasPartner = new Uint8Array(sizes.length);
  for (let v = 0; v < own.length; v++) if (own[v] && other[v]) hasPartner[numbers[v]!] = 1;
  const alone = sizes.filter((voxels, n) => n > 0 && !hasPartner[n] && voxels * ml >= LEAST_LESION_ML);
  return { count: alone.length, ml: alone.reduce((sum, voxels) => sum + voxels, 0) * ml };
}
