/** Which class the voxels of one date have at another, by a registration of both. */
import { LUNG_PARTS, type LungRegion } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { type LabelMap, voxelMl } from '../ct/geometry/volume.ts';
import { lungRegionsIn } from '../lungs/lungParts.ts';
import { expansionIn, forEachLabelled, labelAt, placesIn } from './moved.ts';
import type { Registration } from './registration.ts';

/** Lobes and textures of one date on the grid of its CT. */
export interface Reading {
  readonly lobes: LabelMap;
  /** Places in `classes` from 1 on; 0 where a voxel has none. */
  readonly textures: LabelMap;
}

/** What becomes of the voxels that had one class, or `none` of them. */
export interface Transition {
  readonly region: LungRegion;
  readonly before: string;
  /** `outside`, where the other date has no lung at the voxel's place. */
  readonly after: string;
  /** Volume at the first date. */
  readonly beforeMl: number;
  /** Volume of the same tissue at the second date, by the deformation. */
  readonly afterMl: number;
  /** The axial slice of the first date with most of these voxels, from 0 at the feet. */
  readonly mostSlice: number;
}

/** Both dates, with what lays the second upon the first. */
export interface ComparedReadings {
  readonly first: Reading;
  readonly second: Reading;
  readonly registration: Registration;
  /** What the values of both maps of textures stand for, from 1 on. */
  readonly classes: readonly string[];
}

/** A row per region, class and class that there is; regions are those of the first date. */
export async function transitionsOf(
  { first, second, registration, classes }: ComparedReadings,
  task: Task,
): Promise<Transition[]> {
  const names = ['none', ...classes, 'outside'];
  const width = names.length;
  const slices = first.lobes.size[2];
  const expanded = LUNG_PARTS.map(() => new Float64Array(width * width));
  /** Voxels by cell and slice. */
  const counts = LUNG_PARTS.map(() => new Uint32Array(width * width * slices));
  const placeOf = placesIn(registration, first.lobes, second.lobes);
  const expansion = expansionIn(registration, first.lobes);
  const place = new Float64Array(3);
  await forEachLabelled(
    first.lobes,
    (v, i, j, k) => {
      placeOf(i, j, k, place);
      const lobe = first.lobes.labels[v]! - 1;
      const inLung = labelAt(second.lobes.labels, second.lobes.size, place) !== 0;
      const after = inLung ? labelAt(second.textures.labels, second.textures.size, place) : width - 1;
      const cell = first.textures.labels[v]! * width + after;
      counts[lobe]![cell * slices + k]!++;
      expanded[lobe]![cell]! += expansion(i, j, k);
    },
    task,
    'counting what became of each voxel',
  );
  const ml = voxelMl(first.lobes);
  const ofRegion = (parts: readonly (Float64Array | Uint32Array)[], region: LungRegion, cell: number) =>
    region === 'total' ? parts.reduce((sum, part) => sum + part[cell]!, 0) : parts[LUNG_PARTS.indexOf(region)]![cell]!;
  const bySlice = (region: LungRegion, cell: number) =>
    Array.from({ length: slices }, (_, k) => ofRegion(counts, region, cell * slices + k));
  return lungRegionsIn(first.lobes.labels).flatMap((region) =>
    names.slice(0, -1).flatMap((before, from) =>
      names.flatMap((after, to): Transition[] => {
        const inSlices = bySlice(region, from * width + to);
        const count = inSlices.reduce((sum, own) => sum + own, 0);
        if (count === 0) return [];
        const mostSlice = inSlices.indexOf(Math.max(...inSlices));
        const afterMl = ofRegion(expanded, region, from * width + to) * ml;
        return [{ region, before, after, beforeMl: count * ml, afterMl, mostSlice }];
      }),
    ),
  );
}
