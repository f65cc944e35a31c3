/**
 * Which scans and reconstructions the images of one geometry are of. A tag tells them apart only where the places bear it
 * out: where all images together lie unevenly or upon each other, and those of each value lie evenly by themselves. A tag
 * that differs within an even stack is noise, however much it differs.
 */

import type { FoundFile } from '../files/scan.ts';
import { evennessOf, frameOf, type PlacedFile, placed, sharedLength } from './evidence.ts';
import { isNumberedThrough, SCAN_KEYS, type ScanKey } from './scanKeys.ts';

export interface Part {
  readonly files: readonly FoundFile[];
  /** What tells it apart, in words; empty where nothing had to. */
  readonly by: readonly string[];
  /** Its place in a cycle, by what it is told apart: `trigger time 250`. */
  readonly phase: string | undefined;
}

export interface Divided {
  readonly parts: readonly Part[];
  /** Images of values that too few others share, and those values in words. */
  readonly small: readonly FoundFile[];
  readonly smallBy: readonly string[];
}

/** This share of irregularities may be left where a tag is believed; this, where no second one is looked for. */
const LEFT = 0.5;
const HARDLY_LEFT = 0.1;
/** Scans that share at least this much of the shorter one's length are scans of the same places. */
const OVERLAP = 0.5;
/** Scans whose slices lie between each other's share nearly all. */
const INTERLEAVED = 0.8;
/** Slices that are this much of their distance thick leave nothing out by themselves. */
const CONTIGUOUS = 0.9;

interface Candidate {
  readonly keys: readonly ScanKey[];
  readonly classes: readonly (readonly PlacedFile[])[];
  /** By the values, in the order of the classes. */
  readonly values: readonly string[];
  readonly small: readonly PlacedFile[];
  /** Irregularities that are left. */
  readonly left: number;
}

/** Groups of fewer images than `fewest` are no scan. */
export function divide(files: readonly FoundFile[], fewest: number): Divided {
  const sorted = placed(files, frameOf(files));
  const chosen = candidateFor(sorted, fewest);
  if (!chosen) return { parts: [{ files, by: [], phase: undefined }], small: [], smallBy: [] };
  const by = chosen.keys.map(({ words }) => words);
  const inner = chosen.classes.map((one) =>
    divide(
      one.map(({ file }) => file),
      fewest,
    ),
  );
  const phase = (n: number) =>
    chosen.keys.some(({ kind }) => kind === 'phase') ? `${by.join(' and ')} ${chosen.values[n]!}` : undefined;
  return {
    parts: inner.flatMap(({ parts }, n) =>
      parts.map((part) => ({ files: part.files, by: [...by, ...part.by], phase: part.phase ?? phase(n) })),
    ),
    small: [...chosen.small.map(({ file }) => file), ...inner.flatMap(({ small }) => small)],
    smallBy: chosen.small.length ? by : inner.flatMap(({ smallBy }) => smallBy),
  };
}

/** True where most places have several images: what cannot be divided then mixes scans. */
export function isMixed(files: readonly FoundFile[]): boolean {
  const { doubled } = evennessOf(placed(files, frameOf(files)));
  return doubled >= OVERLAP * (files.length - doubled);
}

function candidateFor(sorted: readonly PlacedFile[], fewest: number): Candidate | undefined {
  if (sorted.length < 2 * fewest) return undefined;
  const { irregularities } = evennessOf(sorted);
  if (irregularities === 0) return isNumberedThrough(sorted) ? undefined : interleaved(sorted, fewest);
  const single = best(
    candidates(
      sorted,
      SCAN_KEYS.map((key) => [key]),
      fewest,
    ),
    LEFT * irregularities,
  );
  if (single && single.left <= HARDLY_LEFT * irregularities) return single;
  const telling = SCAN_KEYS.filter((key) => classesOf(sorted, [key], fewest));
  const pairs = telling.flatMap((one, n) => telling.slice(n + 1).map((other) => [one, other]));
  return best(candidates(sorted, pairs, fewest), LEFT * (single?.left ?? irregularities)) ?? single;
}

/** The one that leaves the least, the first of equals. */
function best(all: readonly Candidate[], most: number): Candidate | undefined {
  return all.filter(({ left }) => left <= most).sort((a, b) => a.left - b.left)[0];
}

function candidates(sorted: readonly PlacedFile[], keys: readonly (readonly ScanKey[])[], fewest: number): Candidate[] {
  return keys.flatMap((one) => {
    const candidate = classesOf(sorted, one, fewest);
    const areScans = one.every(({ kind }) => kind !== 'reconstruction');
    return candidate && (!areScans || share(candidate, OVERLAP)) ? [candidate] : [];
  });
}

function share({ classes }: Candidate, length: number): boolean {
  return classes.every((one, n) => classes.slice(n + 1).every((other) => sharedLength(one, other) >= length));
}

/** The images by the values of the keys; undefined where they make no two groups. */
function classesOf(sorted: readonly PlacedFile[], keys: readonly ScanKey[], fewest: number): Candidate | undefined {
  const columns = keys.map(({ valuesOf }) => valuesOf(sorted));
  if (columns.some((column) => column === undefined)) return undefined;
  const groups = new Map<string, PlacedFile[]>();
  for (const [n, one] of sorted.entries()) {
    const value = columns.map((column) => column![n]).join(', ');
    const group = groups.get(value);
    if (group) group.push(one);
    else groups.set(value, [one]);
  }
  const large = [...groups]
    .filter(([, group]) => group.length >= fewest)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  if (large.length < 2) return undefined;
  const small = [...groups.values()].filter((group) => group.length < fewest).flat();
  const classes = large.map(([, group]) => group);
  const left = classes.reduce((sum, one) => sum + evennessOf(one).irregularities, small.length);
  return { keys, classes, values: large.map(([value]) => value), small, left };
}

/**
 * Two scans of which one lies half a spacing above the other look like one of twice as many slices: then each was
 * numbered by itself, and leaves nothing out.
 */
function interleaved(sorted: readonly PlacedFile[], fewest: number): Candidate | undefined {
  const isScan = (one: readonly PlacedFile[]) => {
    const { sliceThicknessMm = 0 } = one[0]!.file.header;
    return isNumberedThrough(one) && sliceThicknessMm >= CONTIGUOUS * evennessOf(one).spacingMm;
  };
  const all = candidates(
    sorted,
    SCAN_KEYS.map((key) => [key]),
    fewest,
  );
  return best(
    all.filter((one) => share(one, INTERLEAVED) && one.classes.every(isScan)),
    0,
  );
}
