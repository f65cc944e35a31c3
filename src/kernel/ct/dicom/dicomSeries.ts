/** From the headers of one DICOM series to its geometry and its problems (PS3.3 C.7.6.2). */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import type { Series, Source } from '../cohort/cohort.ts';
import { LOSSY, seriesChecks, tiltProblem } from '../cohort/seriesChecks.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';
import { uprightGrid } from '../geometry/gantryTilt.ts';
import { lpsOrder, reorderGrid } from '../geometry/orientation.ts';
import { alongNormal, normalOf } from '../geometry/vector.ts';
import { type Affine, type Grid, spacingMm } from '../geometry/volume.ts';
import { undecodable } from './dicomFile.ts';
import type { SliceHeader } from './readStored.ts';
import { stacksOf } from './seriesStacks.ts';
import { orderSlices } from './sliceOrder.ts';
import { transferSyntaxOf } from './transferSyntax.ts';

/** Fewer slices than this are no chest. */
const MIN_SLICES = 10;
const NAMES_SHOWN = 3;

interface Placed extends FoundFile {
  readonly positionMm: number;
}

/** The series ready to be read, one for each reconstruction, and what is not used with the reason. `patient` is the label used in messages. */
export function describeDicomSeries(
  patient: string,
  files: readonly FoundFile[],
): { series: Series[]; problems: Remark[] } {
  const first = files[0]!.header;
  const label = `${patient}, ${first.seriesNumber === undefined ? 'a series without number' : `series ${first.seriesNumber}`}`;
  const names = namesOfSources(sourcesOf(files), NAMES_SHOWN);
  const skip = (code: RemarkCode, reason: string) => ({
    series: [],
    problems: [warning(code, `${label} (${names}) is not used: ${reason}.`)],
  });
  if (first.modality !== undefined && first.modality !== 'CT')
    return skip('not-ct', `its modality is ${first.modality}, not CT`);
  const images = files.filter(isImage);
  if (images.length === 0)
    return skip(
      'no-pixels',
      first.modality ? 'it is called CT and holds no image; it may be cut short, or be a report' : 'it holds no image',
    );
  const slices = images.filter(({ header }) => !header.imageType.includes('LOCALIZER'));
  if (slices.length === 0) return skip('localizer', 'it is a localizer (scout view)');
  const reason = undecodable(slices[0]!.header);
  if (reason) return skip('transfer-syntax', reason);
  if (slices.some(({ header, source }) => header.numberOfFrames > 1 && source.frame === undefined))
    return skip('multi-frame', 'it is a multi-frame file that does not say where its frames lie');
  const { stacks, problems } = stacksOf(slices, MIN_SLICES, label);
  if (!stacks[0]?.length)
    return skip('no-geometry', 'its position, orientation or pixel spacing is missing or cannot be');
  const largest = Math.max(...stacks.map((stack) => new Set(stack.map(positionKey)).size));
  if (largest < MIN_SLICES)
    return skip('too-few-slices', `it has ${counted(largest, 'slice')}; a chest needs at least ${MIN_SLICES}`);
  const damaged = files.filter((file) => !isImage(file));
  if (damaged.length > 0)
    problems.push(
      warning(
        'no-pixels',
        `${label}: ${namesOfSources(sourcesOf(damaged), NAMES_SHOWN)} ${damaged.length === 1 ? 'holds' : 'hold'} no image, and ${damaged.length === 1 ? 'is' : 'are'} left out. Copy ${damaged.length === 1 ? 'it' : 'them'} again if slices are missing.`,
      ),
    );
  try {
    return { series: stacks.map(seriesOfStack), problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { series: [], problems: [warning(error.code, `${label} (${names}) is not used. ${error.message}`)] };
  }
}

export function isImage({ header }: FoundFile): boolean {
  return Boolean(header.rows && header.columns);
}

function sourcesOf(files: readonly FoundFile[]): Source[] {
  return files.map(({ source }) => source);
}

function positionKey({ header }: FoundFile): string {
  return alongNormal(header).toFixed(2);
}

function seriesOfStack(stack: readonly FoundFile[]): Series {
  const placed = stack.map((file): Placed => ({ ...file, positionMm: alongNormal(file.header) }));
  const order = orderSlices(placed);
  const grid = nativeGrid(
    order.slices.map((s) => s.header),
    order.slices.map((s) => s.positionMm),
    order.spacingMm,
  );
  const upright = uprightGrid(grid);
  const turned = reorderGrid(upright, lpsOrder(upright.affine));
  const { header } = order.slices[0]!;
  const series = {
    id: header.seriesNumber === undefined ? 'series' : `series-${header.seriesNumber}`,
    format: 'dicom' as const,
    sources: order.slices.map((s) => s.source),
    size: turned.size,
    matrix: [grid.size[0], grid.size[1]] as const,
    spacingMm: spacingMm(turned),
    sliceThicknessMm: header.sliceThicknessMm,
    convolutionKernel: header.convolutionKernel,
    scanner: [header.manufacturer, header.scannerModel].filter(Boolean).join(' ') || undefined,
    patientPosition: header.patientPosition,
    compressed: stack.some((file) => transferSyntaxOf(file.header.transferSyntax)?.codec !== undefined),
    derived: header.imageType[0] === 'DERIVED',
    breathing: header.breathing,
  };
  const problems = [...headerProblems(stack), ...order.problems, ...tiltProblem(grid), ...seriesChecks(series)];
  return { ...series, problems };
}

function headerProblems(stack: readonly FoundFile[]): Remark[] {
  const problems: Remark[] = [];
  if (stack[0]!.header.modality === undefined)
    problems.push(warning('no-modality', 'The Modality tag is missing; it is taken for CT.'));
  if (stack.some(({ header }) => header.lossy)) problems.push(LOSSY);
  return problems;
}

/** The grid of sorted slices, uniform along the normal, before it is turned to LPS. */
export function nativeGrid(headers: readonly SliceHeader[], positionsMm: readonly number[], spacing: number): Grid {
  const { orientation, pixelSpacing, position, columns, rows } = headers[0]!;
  if (!orientation || !pixelSpacing || !position || !columns || !rows)
    throw new Error('a slice without geometry was not left out');
  // The step between slices follows their positions, so that a tilted gantry shears the grid as it did the scan.
  const last = headers.at(-1)!.position!;
  const extent = positionsMm.at(-1)! - positionsMm[0]!;
  const share = extent > 0 ? spacing / extent : 0;
  const step = extent > 0 ? last.map((p, a) => (p - position[a]!) * share) : normalOf(orientation);
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
