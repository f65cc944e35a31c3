/**
 * Tells apart what one DICOM series may mix: scouts, images of other geometry, and several reconstructions of the same
 * places. Nothing is dropped without being counted.
 */
import { counted } from '../base/counted.ts';
import { type Problem, warning } from './cohort.ts';
import type { DicomHeader } from './dicomFile.ts';
import type { FoundFile } from './scan.ts';

/** Positions closer than this in mm are the same place. */
const SAME_PLACE_MM = 0.01;

export interface Stacks {
  /** Each with one image per place, before order and gaps are looked at. */
  readonly stacks: readonly (readonly FoundFile[])[];
  readonly problems: readonly Problem[];
}

/** What must be equal in all images of a stack, in words for messages. */
const SAME: readonly (readonly [words: string, of: (header: DicomHeader) => string])[] = [
  ['orientation', ({ orientation }) => orientation?.map((cosine) => cosine.toFixed(3)).join() ?? 'none'],
  ['size', ({ rows, columns }) => `${rows} × ${columns}`],
  ['pixel spacing', ({ pixelSpacing }) => pixelSpacing?.map((mm) => mm.toFixed(4)).join() ?? 'none'],
  ['frame of reference', ({ frameOfReferenceUid }) => frameOfReferenceUid ?? 'none'],
  ['kernel', ({ kernel }) => kernel ?? 'none'],
  ['slice thickness', ({ sliceThicknessMm }) => String(sliceThicknessMm ?? 'none')],
];

/** `fewest` images make a stack; smaller groups are left out and counted. `label` names the series in messages. */
export function stacksOf(files: readonly FoundFile[], fewest: number, label: string): Stacks {
  const problems: Problem[] = [];
  const unique = withoutCopies(files, label, problems);
  const placed = unique.filter(({ header }) => header.position && header.orientation && header.pixelSpacing);
  const groups = new Map<string, FoundFile[]>();
  for (const file of placed) {
    const key = SAME.map(([, of]) => of(file.header)).join('|');
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const bySize = [...groups.values()].sort((a, b) => b.length - a.length);
  const kept = bySize.filter((group, n) => n === 0 || group.length >= fewest);
  const small = placed.length - kept.reduce((sum, group) => sum + group.length, 0);
  if (small)
    problems.push(
      warning(
        'mixed-orientation',
        `${label}: ${small} of ${unique.length} images are scouts or have another ${differences(bySize)}, and are left out.`,
      ),
    );
  if (placed.length < unique.length)
    problems.push(
      warning(
        'no-geometry',
        `${label}: ${counted(unique.length - placed.length, 'image lacks', 'images lack')} position, orientation or pixel spacing, and ${unique.length - placed.length === 1 ? 'is' : 'are'} left out.`,
      ),
    );
  const stacks = kept.flatMap((group) => layersOf(group, fewest));
  if (stacks.length > 1)
    problems.push(
      warning(
        'several-reconstructions',
        `${label} holds ${stacks.length} reconstructions${kept.length > 1 ? ` that differ in ${differences(kept)}` : ' of the same places'}: each is a series of its own.`,
      ),
    );
  return { stacks, problems };
}

/** Images with the same SOPInstanceUID, or of the same file twice, are one. */
function withoutCopies(files: readonly FoundFile[], label: string, problems: Problem[]): FoundFile[] {
  const seen = new Set<string>();
  const unique = files.filter(({ header, source }) => {
    if (header.sopInstanceUid === undefined) return true;
    const key = `${header.sopInstanceUid}/${source.frame ?? 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  if (unique.length < files.length)
    problems.push(
      warning(
        'duplicate-slices',
        `${label}: ${counted(files.length - unique.length, 'image is there', 'images are there')} twice; one of each is used.`,
      ),
    );
  return unique;
}

function differences(groups: readonly (readonly FoundFile[])[]): string {
  const words = SAME.flatMap(([name, of]) =>
    new Set(groups.map((group) => of(group[0]!.header))).size > 1 ? [name] : [],
  );
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'geometry');
}

/**
 * A stack in which most places have several images holds as many reconstructions: the first images of all places, the
 * second ones and so on, in the order of acquisition. Where only a few places have, `orderSlices` counts them.
 */
function layersOf(group: readonly FoundFile[], fewest: number): FoundFile[][] {
  const sorted = [...group].sort(
    (a, b) => along(a) - along(b) || order(a.header) - order(b.header) || instance(a.header) - instance(b.header),
  );
  const layers: FoundFile[][] = [];
  let [place, count] = [Number.NaN, 0];
  for (const file of sorted) {
    const isSame = Math.abs(along(file) - place) <= SAME_PLACE_MM;
    count = isSame ? count + 1 : 0;
    if (!isSame) place = along(file);
    const layer = layers[count];
    if (layer) layer.push(file);
    else layers.push([file]);
  }
  const full = layers.filter((layer) => layer.length >= Math.max(fewest, 0.8 * layers[0]!.length));
  return full.length > 1 ? full : [sorted];
}

function along({ header }: FoundFile): number {
  const [a, b, c, d, e, f] = header.orientation as [number, number, number, number, number, number];
  const [x, y, z] = header.position!;
  return (b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z;
}

function order({ acquisitionNumber = 0 }: DicomHeader): number {
  return acquisitionNumber;
}

function instance({ instanceNumber = 0 }: DicomHeader): number {
  return instanceNumber;
}
