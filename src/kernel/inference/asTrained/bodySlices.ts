/**
 * Axial slices as lungmask (Hofmanninger et al. 2020) gives them to its networks: the body of each is scaled to the
 * patch, and what the network says comes back to the slice by the nearest pixel. Pixels outside the body are background.
 */
import type { Task } from '../../base/task.ts';
import type { AxisWeights } from '../../ct/geometry/resample.ts';
import type { GridSize } from '../../ct/geometry/volume.ts';
import { intensityScale } from '../intensity.ts';
import type { Model } from '../model.ts';
import { runNetworks } from '../runNetworks.ts';
import { type BodyBox, bodyBox } from './bodyBox.ts';
import { expectChannels } from './channels.ts';
import type { SliceVisitor } from './networkSlices.ts';
import { alongAxis } from './resampling.ts';
import { cornerWeights } from './zoomWeights.ts';

/** So sure is background where the network saw nothing. */
const SURE = 1e4;

/** `hu` in z, y, x order with z along the slices. `visit` gets slices on the CT's own pixels. */
export async function eachBodySlice(
  model: Model,
  { size: [nx, ny, nz], hu }: { readonly size: GridSize; readonly hu: Int16Array },
  task: Task,
  visit: SliceVisitor,
): Promise<void> {
  const { input, output, title } = model.manifest;
  const channels = output.labels.length;
  const [px, py] = input.patch;
  const scale = intensityScale(input.intensity, hu);
  const [low, high] = 'clipHu' in input.intensity ? input.intensity.clipHu : [-Infinity, Infinity];
  const clip = (value: number) => Math.min(high, Math.max(low, value));
  const background = Math.max(0, output.labels.indexOf(null));
  const result = new Float32Array(channels * nx * ny);
  for (let k = 0; k < nz; k++) {
    await new Promise((resolve) => setImmediate(resolve));
    task.signal.throwIfAborted();
    task.progress(k / nz, `${title}: slice ${k + 1} of ${nz}`);
    const slice = hu.subarray(k * nx * ny, (k + 1) * nx * ny);
    const box = bodyBox(slice, nx, ny);
    // lungmask keeps whole HU, clipped before they are interpolated.
    const values = scaledTo(Float32Array.from(cutOut(slice, nx, box), clip), box, px, py).map((v) => scale(wholeHu(v)));
    const given = await runNetworks(model, values, [1, 1, py, px]);
    const planes = expectChannels(model.manifest, given, px * py);
    result.fill(0).fill(SURE, background * nx * ny, (background + 1) * nx * ny);
    putBack({ planes, px, py }, box, { result, nx, ny });
    visit(result, k);
  }
}

function cutOut(slice: Int16Array, nx: number, { x0, x1, y0, y1 }: BodyBox): Int16Array {
  const cut = new Int16Array((x1 - x0) * (y1 - y0));
  for (let j = y0; j < y1; j++) cut.set(slice.subarray(j * nx + x0, j * nx + x1), (j - y0) * (x1 - x0));
  return cut;
}

function scaledTo(values: Float32Array, { x0, x1, y0, y1 }: BodyBox, px: number, py: number): Float32Array {
  const [width, height] = [x1 - x0, y1 - y0];
  const narrow = alongAxis(values, [width, height, 1], 0, cornerWeights(width, px, 1));
  return alongAxis(narrow, [px, height, 1], 1, cornerWeights(height, py, 1));
}

function putBack(
  { planes, px, py }: { readonly planes: Float32Array; readonly px: number; readonly py: number },
  { x0, x1, y0, y1 }: BodyBox,
  { result, nx, ny }: { readonly result: Float32Array; readonly nx: number; readonly ny: number },
): void {
  const columns: AxisWeights = cornerWeights(px, x1 - x0, 0);
  const rows = cornerWeights(py, y1 - y0, 0);
  for (let c = 0; c < planes.length / (px * py); c++)
    for (let j = y0; j < y1; j++) {
      const from = (c * py + rows.first[j - y0]!) * px;
      const to = (c * ny + j) * nx;
      for (let i = x0; i < x1; i++) result[to + i] = planes[from + columns.first[i - x0]!]!;
    }
}

/** Halves away from zero. */
function wholeHu(hu: number): number {
  return Math.sign(hu) * Math.floor(Math.abs(hu) + 0.5);
}
