/** Which slab a viewer shows in the place of single slices. */
import { SLAB_KINDS, type Slab, type SlabKind } from '../../protocol/view.ts';
import type { Viewer } from './viewer.ts';

/** As radiologists call them. */
export const SLAB_NAMES: Readonly<Record<SlabKind, string>> = { mip: 'MIP', minip: 'MinIP', mean: 'Mean' };
export const THICKNESSES_MM = [3, 5, 8, 10, 15, 20] as const;
export const FIRST_MM = 10;

export function slabInWords({ kind, mm }: Slab): string {
  return `${SLAB_NAMES[kind]} ${mm} mm`;
}

/** The next kind of slab, and none after the last. */
export function nextSlab(viewer: Viewer): void {
  const slab = viewer.slab.peek();
  const kind = SLAB_KINDS[slab ? SLAB_KINDS.indexOf(slab.kind) + 1 : 0];
  setSlab(viewer, kind && { kind, mm: slab?.mm ?? FIRST_MM });
}

export function setSlab({ slab, panes }: Viewer, next: Slab | undefined): void {
  slab.value = next;
  for (const pane of panes.peek()) pane.prepare();
}
