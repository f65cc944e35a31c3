/** From the headers of one DICOM series to its geometry and its problems (PS3.3 C.7.6.2). */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { mostCommon } from '../../base/mostCommon.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import type { Series, SliceFrame, Source } from '../cohort/cohort.ts';
import { seriesChecks, tiltProblem } from '../cohort/seriesChecks.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';
import { uprightGrid } from '../geometry/gantryTilt.ts';
import { lpsOrder, reorderGrid } from '../geometry/orientation.ts';
import { normalOf } from '../geometry/vector.ts';
import { type Affine, type Grid, spacingMm } from '../geometry/volume.ts';
import { type SamePixels, withoutCopies } from './copies.ts';
import { type DicomHeader, undecodable } from './dicomFile.ts';
import { placed } from './evidence.ts';
import { headerProblems } from './headerProblems.ts';
import type { SliceHeader } from './readStored.ts';
import { type PixelsOf, type RescaleFit, rescaleFit } from './rescaleFit.ts';
import { hasGeometry, type Stack, stacksOf } from './seriesStacks.ts';
import { orderSlices } from './sliceOrder.ts';
import { transferSyntaxOf } from './transferSyntax.ts';
import { usualFirst } from './usualFirst.ts';

/** Fewer slices than this are no chest. */
const MIN_SLICES = 10;
const NAMES_SHOWN = 3;

/** What is looked at beside headers. */
export interface Pixels {
  readonly same: SamePixels;
  readonly of: PixelsOf;
}

/**
 * The series ready to be read, one for each scan or reconstruction, and what is not used with the reason. `patient` is
 * the label used in messages.
 */
export async function describeDicomSeries(
  patient: string,
  files: readonly FoundFile[],
  { same, of: pixelsOf }: Pixels,
): Promise<{ series: Series[]; problems: Remark[] }> {
  const cts = files.filter(isCt);
  const number = mostCommon((cts.length ? cts : files).map(({ header }) => header.seriesNumber));
  const label = `${patient}, ${number === undefined ? 'a series without number' : `series ${number}`}`;
  const names = namesOfSources(sourcesOf(files), NAMES_SHOWN);
  const skip = (code: RemarkCode, reason: string) => ({
    series: [],
    problems: [warning(code, `${label} (${names}) is not used: ${reason}.`)],
  });
  if (cts.length === 0) return skip('not-ct', `its modality is ${allOf(modalitiesOf(files))}, not CT`);
  const all = cts.filter(isImage);
  if (all.length === 0)
    return skip(
      'no-pixels',
      cts[0]!.header.modality
        ? 'it is called CT and holds no image; it may be cut short, or be a report'
        : 'it holds no image',
    );
  const images = withoutCaptures(all);
  const slices = images.filter(({ header }) => !header.imageType.includes('LOCALIZER'));
  if (slices.length === 0) return skip('localizer', 'it is a localizer (scout view)');
  const reason = undecodable(slices[0]!.header);
  if (reason) return skip('transfer-syntax', reason);
  if (slices.some(({ header, source }) => header.numberOfFrames > 1 && source.frame === undefined))
    return skip('multi-frame', 'it is a multi-frame file that does not say where its frames lie');
  const unique = await withoutCopies(slices, same, label);
  const { stacks, problems: found } = stacksOf(unique.files, MIN_SLICES, label);
  const problems = [...unique.problems, ...found];
  if (!slices.some(hasGeometry))
    return skip('no-geometry', 'its position, orientation or pixel spacing is missing or cannot be');
  // Why is said already.
  if (stacks.length === 0) return { series: [], problems };
  const largest = Math.max(...stacks.map(placesIn));
  if (largest < MIN_SLICES)
    return skip('too-few-slices', `it has ${counted(largest, 'slice')}; a chest needs at least ${MIN_SLICES}`);
  problems.push(...setAside({ label, files, cts, captures: all.filter((file) => !images.includes(file)) }));
  try {
    const fits = await Promise.all(stacks.map((stack) => rescaleFit(stack, pixelsOf)));
    return { series: stacks.map((stack, n) => seriesOfStack(stack, number, fits[n])), problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { series: [], problems: [warning(error.code, `${label} (${names}) is not used. ${error.message}`)] };
  }
}

export function isImage({ header }: FoundFile): boolean {
  return Boolean(header.rows && header.columns);
}

function isCt({ header }: FoundFile): boolean {
  return header.modality === undefined || header.modality === 'CT';
}

function modalitiesOf(files: readonly FoundFile[]): string[] {
  return [...new Set(files.flatMap(({ header }) => header.modality ?? []))];
}

/** Screenshots and reports beside a scanner's images are none of its slices; a CT may be all of secondary captures. */
function withoutCaptures(images: readonly FoundFile[]): readonly FoundFile[] {
  const scanned = images.filter(({ header }) => !header.isCapture);
  return scanned.length ? scanned : images;
}

/** What lies in a CT's series and is none of its images. */
function setAside({
  label,
  files,
  cts,
  captures,
}: {
  readonly label: string;
  readonly files: readonly FoundFile[];
  readonly cts: readonly FoundFile[];
  readonly captures: readonly FoundFile[];
}): Remark[] {
  const say = (code: RemarkCode, some: readonly FoundFile[], what: readonly [one: string, many: string], rest = '') =>
    some.length === 0
      ? []
      : [
          warning(
            code,
            `${label}: ${counted(some.length, ...what)} (${namesOfSources(sourcesOf(some), NAMES_SHOWN)}), and ${some.length === 1 ? 'is' : 'are'} left out.${rest}`,
          ),
        ];
  const damaged = cts.filter((file) => !isImage(file));
  const others = files.filter((file) => !cts.includes(file));
  const kinds = allOf(modalitiesOf(others));
  return [
    ...say('not-ct', others, [`file of its UID is of modality ${kinds}`, `files of its UID are of modality ${kinds}`]),
    ...say('not-ct', captures, ['image is a secondary capture', 'images are secondary captures']),
    ...say(
      'no-pixels',
      damaged,
      ['file holds no image', 'files hold no image'],
      ` Copy ${damaged.length === 1 ? 'it' : 'them'} again if slices are missing.`,
    ),
  ];
}

function sourcesOf(files: readonly FoundFile[]): Source[] {
  return files.map(({ source }) => source);
}

function placesIn({ files, frame }: Stack): number {
  return new Set(placed(files, frame).map(({ at }) => at.toFixed(2))).size;
}

function seriesOfStack(stack: Stack, number: number | undefined, fit: RescaleFit): Series {
  const { files, frame } = stack;
  const order = orderSlices(
    placed(usualFirst(files), frame).map(({ file, at }) => ({
      source: file.source,
      header: file.header,
      positionMm: at,
    })),
  );
  const grid = nativeGrid(
    order.slices.map((s) => s.header),
    order.slices.map((s) => s.positionMm),
    order.spacingMm,
    frame,
  );
  const upright = uprightGrid(grid);
  const turned = reorderGrid(upright, lpsOrder(upright.affine));
  const of = <T>(value: (header: DicomHeader) => T | undefined) => mostCommon(files.map(({ header }) => value(header)));
  const kinds = files.map(({ header }) => header.kind?.kind);
  const series = {
    id: number === undefined ? 'series' : `series-${number}`,
    format: 'dicom' as const,
    sources: order.slices.map((s) => s.source),
    size: turned.size,
    matrix: [grid.size[0], grid.size[1]] as const,
    spacingMm: spacingMm(turned),
    frame,
    sliceThicknessMm: of(({ sliceThicknessMm }) => sliceThicknessMm),
    convolutionKernel: of(({ convolutionKernel }) => convolutionKernel),
    scanner:
      [of(({ manufacturer }) => manufacturer), of(({ scannerModel }) => scannerModel)].filter(Boolean).join(' ') ||
      undefined,
    patientPosition: of(({ patientPosition }) => patientPosition),
    compressed: files.some((file) => transferSyntaxOf(file.header.transferSyntax)?.codec !== undefined),
    derived: of(({ imageType }) => imageType[0]) === 'DERIVED',
    notTissue: kinds.some((kind) => kind === 'projection' || kind === 'quantity'),
    breathing: of(({ breathing }) => breathing),
  };
  const problems = [...headerProblems(stack, fit), ...order.problems, ...tiltProblem(grid), ...seriesChecks(series)];
  return { ...series, problems };
}

/** The grid of sorted slices, uniform along the normal, before it is turned to LPS. */
export function nativeGrid(
  headers: readonly SliceHeader[],
  positionsMm: readonly number[],
  spacing: number,
  { orientation, pixelSpacing }: SliceFrame,
): Grid {
  const { position, columns, rows } = headers[0]!;
  if (!position || !columns || !rows) throw new Error('a slice without geometry was not left out');
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
