/** From the headers of one DICOM series to its geometry and its problems (PS3.3 C.7.6.2). */
import { counted } from '../base/counted.ts';
import type { Problem, Series } from './cohort.ts';
import { type DicomHeader, undecodable } from './dicomFile.ts';
import { lpsOrder, reorderGrid } from './orientation.ts';
import type { FoundFile } from './scan.ts';
import { seriesChecks } from './seriesChecks.ts';
import { orderSlices } from './sliceOrder.ts';
import { type Affine, type Grid, spacingMm } from './volume.ts';

/** Fewer slices than this are no chest. */
const FEWEST_SLICES = 10;

interface Placed extends FoundFile {
  readonly positionMm: number;
}

/** The series ready to be read, or none with the reason. `patient` is the label used in messages. */
export function describeDicomSeries(
  patient: string,
  files: readonly FoundFile[],
): { series?: Series; problems: Problem[] } {
  const first = files[0]!.header;
  const name = first.seriesNumber === undefined ? 'a series without number' : `series ${first.seriesNumber}`;
  const skip = (code: string, reason: string) => ({
    problems: [
      {
        severity: 'warning' as const,
        code,
        message: `${patient}, ${name} (${counted(files.length, 'file')}) is not used: ${reason}.`,
      },
    ],
  });
  if (first.modality !== undefined && first.modality !== 'CT')
    return skip('not-ct', `its modality is ${first.modality}, not CT`);
  const images = files.filter((f) => f.header.rows && f.header.columns);
  if (images.length === 0) return skip('no-pixels', 'it holds no images');
  const localizer = images.filter((f) => f.header.imageType.includes('LOCALIZER'));
  if (localizer.length === images.length) return skip('localizer', 'it is a localizer (scout view)');
  const slices = images.filter((f) => !localizer.includes(f));
  const reason = undecodable(slices[0]!.header);
  if (reason) return skip('transfer-syntax', reason);
  if (slices.some(({ header, source }) => header.numberOfFrames > 1 && source.frame === undefined))
    return skip('multi-frame', 'it is a multi-frame file that does not say where its frames lie');
  const problems: Problem[] = [];
  if (first.modality === undefined)
    problems.push({
      severity: 'warning',
      code: 'no-modality',
      message: 'The Modality tag is missing; it is taken for CT.',
    });
  if (slices.some(({ header }) => header.lossy))
    problems.push({
      severity: 'warning',
      code: 'lossy',
      message:
        'The pixels were compressed with loss at some time. Fine textures may be smoothed or invented: use the original series if there is one.',
    });
  const stack = largestStack(slices);
  if (stack.length < slices.length)
    problems.push({
      severity: 'warning',
      code: 'mixed-orientation',
      message: `${slices.length - stack.length} of ${slices.length} images have another orientation, size or no position, and are left out.`,
    });
  const header = stack[0]?.header;
  if (!header?.orientation || !header.pixelSpacing)
    return skip('no-geometry', 'its position, orientation or pixel spacing is missing');
  const normal = cross(header.orientation);
  const placed: Placed[] = stack.map((f) => ({ ...f, positionMm: dot(normal, f.header.position!) }));
  const order = orderSlices(placed);
  problems.push(...order.problems);
  if (order.slices.length < FEWEST_SLICES)
    return skip(
      'too-few-slices',
      `it has ${counted(order.slices.length, 'slice')}; a chest needs at least ${FEWEST_SLICES}`,
    );
  const grid = nativeGrid(
    order.slices.map((s) => s.header),
    order.slices.map((s) => s.positionMm),
    order.spacingMm,
  );
  const turned = reorderGrid(grid, lpsOrder(grid.affine));
  const series = {
    id: header.seriesNumber === undefined ? 'series' : `series-${header.seriesNumber}`,
    format: 'dicom' as const,
    sources: order.slices.map((s) => s.source),
    size: turned.size,
    matrix: [grid.size[0], grid.size[1]] as const,
    spacingMm: spacingMm(turned),
    sliceThicknessMm: header.sliceThicknessMm,
    kernel: header.kernel,
    scanner: [header.manufacturer, header.scannerModel].filter(Boolean).join(' ') || undefined,
    patientPosition: header.patientPosition,
  };
  return { problems: [], series: { ...series, problems: [...problems, ...seriesChecks(series)] } };
}

/** The grid of sorted slices, uniform along the normal, before it is turned to LPS. */
export function nativeGrid(headers: readonly DicomHeader[], positionsMm: readonly number[], spacing: number): Grid {
  const { orientation, pixelSpacing, position, columns, rows } = headers[0]!;
  if (!orientation || !pixelSpacing || !position || !columns || !rows)
    throw new Error('a slice without geometry was not left out');
  // The step between slices follows their positions, so that a tilted gantry shears the grid as it did the scan.
  const last = headers.at(-1)!.position!;
  const extent = positionsMm.at(-1)! - positionsMm[0]!;
  const share = extent > 0 ? spacing / extent : 0;
  const step = extent > 0 ? last.map((p, a) => (p - position[a]!) * share) : cross(orientation);
  const affine: Affine = [0, 1, 2]
    .flatMap((row) => [
      orientation[row]! * pixelSpacing[1],
      orientation[3 + row]! * pixelSpacing[0],
      step[row]!,
      position[row]!,
    ])
    .concat([0, 0, 0, 1]);
  return { size: [columns, rows, spacing > 0 ? Math.round(extent / spacing) + 1 : 1], affine };
}

/** Position of a header's slice along its own normal, in mm. */
export function positionAlongNormal(header: DicomHeader): number {
  return dot(cross(header.orientation!), header.position!);
}

/** The images that share the commonest orientation and size. */
function largestStack(files: readonly FoundFile[]): FoundFile[] {
  const stacks = new Map<string, FoundFile[]>();
  for (const file of files) {
    const { orientation, position, rows, columns } = file.header;
    if (!orientation || !position) continue;
    const key = `${orientation.map((c) => c.toFixed(3)).join()} ${rows} ${columns}`;
    stacks.set(key, [...(stacks.get(key) ?? []), file]);
  }
  return [...stacks.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

function cross(o: readonly number[]): [number, number, number] {
  return [o[1]! * o[5]! - o[2]! * o[4]!, o[2]! * o[3]! - o[0]! * o[5]!, o[0]! * o[4]! - o[1]! * o[3]!];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}
