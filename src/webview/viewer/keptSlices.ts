/** What can be had where a file by itself shows slices, so that nothing is offered that leads nowhere. */
import { PLANES, type Plane } from '../../protocol/view.ts';
import type { Pane } from './pane.ts';
import type { Viewer } from './viewer.ts';

/** Whether a kernel makes whatever is asked for: every slice, slabs, and three planes at one place. */
export function hasAllSlices({ panes }: Pick<Viewer, 'panes'>): boolean {
  return panes.value.every(({ kept }) => kept.value === undefined);
}

/** Whether there is another slice of the plane to go to. */
export function isScrolled({ kept }: Pane): boolean {
  return kept.value === undefined || kept.value.length > 1;
}

/** Of which there is a slice, of both CTs where there are two. */
export function planesThere({ panes }: Pick<Viewer, 'panes'>): readonly Plane[] {
  return PLANES.filter((plane) => panes.value.every(({ series }) => series.kept(plane)?.length !== 0));
}

/** Whether the axial slices can be gone through, as to the one with most of a class. */
export function isAxialScrolled({ series }: Pane): boolean {
  const kept = series.kept('axial');
  return kept === undefined || kept.length > 1;
}

/** What a file has of a plane; undefined where all can be had. */
export function keptInWords({ kept, count, plane, series }: Pane): string | undefined {
  const there = kept.value;
  if (!there) return undefined;
  const all = count.value;
  if (there.length >= all) return `This file has all ${all} ${plane.value} slices of this CT.`;
  if (there.length < 2)
    return `This file has this one of the ${all} ${plane.value} slices. The others are seen where the notebook is run.`;
  const apart = apartOf(there);
  const mm = series.view.facts.find(({ name }) => name === 'Slice spacing')?.value;
  const spacing = mm === undefined ? undefined : apart * Number.parseFloat(mm);
  return `This file has ${there.length} of the ${all} ${plane.value} slices: ${every(apart)}${spacing ? `, ${Number(spacing.toFixed(1))} mm apart` : ''}. The others are seen where the notebook is run.`;
}

/** How far one is from the next, as most of them are. */
function apartOf(indices: readonly number[]): number {
  const gaps = indices.slice(1).map((index, n) => index - indices[n]!);
  return gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
}

function every(apart: number): string {
  if (apart === 1) return 'one after another';
  const ending = [11, 12, 13].includes(apart % 100) ? 'th' : (['th', 'st', 'nd', 'rd'][apart % 10] ?? 'th');
  return `about every ${apart}${ending} through the lungs`;
}
