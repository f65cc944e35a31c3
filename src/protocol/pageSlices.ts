/**
 * The slices that an HTML page has beside those of its notebook (`lungnb run --html --slices N`): of each CT some axial
 * ones, from the base of the lungs to their apex, and one of each other plane, in steps of Hounsfield units. A page has no kernel, and answers from them.
 */
import type { EncodedSlice, SliceView } from './view.ts';

/** The slices of one CT, of which each part is read when it is first looked at. */
export interface SliceStack {
  /** In the order of the parts: axial ones from the feet up, then the others. */
  readonly slices: readonly Pick<EncodedSlice, 'plane' | 'index'>[];
  /** Numbers of parts: of the pictures, which several viewers of a CT share, and of what is laid over them. */
  readonly pictures: number;
  readonly labels?: number;
}

/** A part holds, for each slice of a stack in its order, one of these. */
export type PicturePart = readonly Omit<EncodedSlice, 'lobes' | 'textures' | 'zones'>[];
export type LabelPart = readonly Pick<EncodedSlice, 'lobes' | 'textures' | 'zones'>[];

/** Where the slices of a patient open. */
export interface StackPlace {
  /** The axial slice that tells most, whether the page has it or not. */
  readonly index: number;
  readonly reason?: string;
}

/** A CT, or the CTs, that a figure or a table leads to. */
export interface StackCt {
  readonly patient: string;
  /** Absent where a point stands for the patient. */
  readonly series?: string;
  /** The handle of the viewer that opens. */
  readonly viewer: string;
  /** By `placeName` of what is asked for. */
  readonly places: readonly (readonly [name: string, place: StackPlace])[];
}

export interface ListPlace {
  readonly list: number;
  readonly place: number;
}

export interface PageSlices {
  /** By the handle of a viewer. */
  readonly stacks: readonly (readonly [handle: string, stack: SliceStack])[];
  /** Viewers that can be opened, by their handle, without slices. */
  readonly views: readonly (readonly [handle: string, view: SliceView])[];
  /** By the handle of a figure or a table; `list` names who is leafed through from there. */
  readonly cts: readonly (readonly [
    handle: string,
    of: { readonly list?: number; readonly cts: readonly StackCt[] },
  ])[];
  /** Handles of viewers that are leafed through; null for a CT whose slices could not be had. */
  readonly lists: readonly (readonly (string | null)[])[];
  /** Where a viewer of the notebook stands in which list, by its handle. */
  readonly listOf: readonly (readonly [handle: string, at: ListPlace])[];
}

/** With the JSON of each part. */
export interface MadePageSlices {
  readonly slices: PageSlices;
  readonly parts: readonly string[];
}

export function placeName({ class: name, region }: { readonly class: string; readonly region: string }): string {
  return JSON.stringify([name, region]);
}

/** What tells apart the CTs that a figure or a table leads to. */
export function ctName({ patient, series }: { readonly patient: string; readonly series?: string }): string {
  return JSON.stringify([patient, series ?? null]);
}

/** Ids of the elements of a page that hold this, as JSON. */
export const PAGE_SLICES_ID = 'lungnb-slices';
export function partId(part: number): string {
  return `${PAGE_SLICES_ID}-${part}`;
}

/** The member nearest to `index`, the lower one of two; undefined where there are none. */
export function nearest(indices: readonly number[], index: number): number | undefined {
  let best: number | undefined;
  for (const one of indices) if (best === undefined || Math.abs(one - index) < Math.abs(best - index)) best = one;
  return best;
}

/** `count` whole numbers from the first to the last, as evenly apart as they can be; all of them where they are fewer. */
export function evenly(first: number, last: number, count: number): number[] {
  const all = last - first + 1;
  if (all <= count) return Array.from({ length: all }, (_, n) => first + n);
  // Each stands for its share of the lungs, and lies in the middle of it.
  return Array.from({ length: count }, (_, n) => first + Math.floor(((n + 0.5) * all) / count));
}
