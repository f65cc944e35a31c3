/** What is drawn on slices, measured on the CT itself; what was measured before is kept, so that nothing is read again. */
import type { Annotation } from '../../protocol/annotations/annotation.ts';
import { isOutline, lengthMm, measureOutline, type OutlineMeasures } from '../../protocol/annotations/measures.ts';
import { type Task, unattended } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { sliceDistanceMm } from '../ct/geometry/slab.ts';
import { pixelSizeMm, sliceCounts } from '../ct/geometry/slice.ts';
import { type Grid, spacingMm } from '../ct/geometry/volume.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { imageHandle } from './handles.ts';
import type { MeasurementStore } from './measurementStore.ts';

/** An annotation with what it measures. */
export interface MeasuredAnnotation {
  readonly annotation: Annotation;
  /** Of a ruler. */
  readonly lengthMm?: number;
  /** Of a circle or polygon. */
  readonly outline?: OutlineMeasures;
  /** Between slices of its plane. */
  readonly distanceMm: number;
}

type Measures = Omit<MeasuredAnnotation, 'annotation'>;

interface Context {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly task: Task;
}

/** Undefined in the place of those whose slice the CT does not have. */
export async function measureAnnotations(
  drawn: readonly Annotation[],
  { series, sha256 }: { readonly series: Series; readonly sha256: string },
  { images, measurements, task }: Context,
): Promise<(MeasuredAnnotation | undefined)[]> {
  let grid: Grid | undefined;
  const all: (MeasuredAnnotation | undefined)[] = [];
  for (const [n, annotation] of drawn.entries()) {
    task.signal.throwIfAborted();
    const { plane, index, shape, points } = annotation;
    const key = imageHandle('annotation', sha256, plane, index, shape, points);
    const known = await measurements.json<Measures>(key);
    if (known) {
      all.push({ annotation, ...known });
      continue;
    }
    grid ??= await images.open(series, task);
    const measured = await measureAnew(annotation, { series, sha256, grid }, images);
    if (measured) await measurements.putJson(key, measured);
    all.push(measured && { annotation, ...measured });
    task.progress((n + 1) / drawn.length, `measuring what is drawn on ${annotation.patient}`);
  }
  return all;
}

async function measureAnew(
  { plane, index, shape, points }: Annotation,
  { series, sha256, grid }: { readonly series: Series; readonly sha256: string; readonly grid: Grid },
  images: ImageService,
): Promise<Measures | undefined> {
  if (index >= sliceCounts(grid.size)[plane]) return undefined;
  const [pixelWidthMm, pixelHeightMm] = pixelSizeMm(plane, spacingMm(grid));
  const pixel = { pixelWidthMm, pixelHeightMm };
  const distanceMm = sliceDistanceMm(grid, plane);
  if (!isOutline(shape)) return { lengthMm: lengthMm(points, pixel), distanceMm };
  const slice = await images.slice({ series, sha256 }, { plane, index }, unattended);
  return { outline: measureOutline({ shape, points }, { ...slice, ...pixel }), distanceMm };
}
