/** The choice of slabs: several millimetres as one picture, of their highest, lowest or mean Hounsfield units. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { SLAB_KINDS, type Slab, type SlabKind } from '../../protocol/view.ts';
import { Choice } from '../controls.tsx';
import type { Viewer } from './viewer.ts';

/** As radiologists call them. */
const NAMES: Readonly<Record<SlabKind, string>> = { mip: 'MIP', minip: 'MinIP', mean: 'Mean' };
const THICKNESSES_MM = [3, 5, 8, 10, 15, 20] as const;
const FIRST_MM = 10;

export function slabInWords({ kind, mm }: Slab): string {
  return `${NAMES[kind]} ${mm} mm`;
}

export function SlabChoice({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const slab = viewer.slab.value;
  const problem = viewer.panes.value.map((pane) => pane.problem.value).find((text) => text !== undefined);
  // Without a kernel there are the slices of the notebook alone.
  useEffect(() => {
    if (!slab || problem === undefined) return;
    setSlab(viewer, undefined);
    viewer.say(`A slab cannot be made: ${problem}`);
  }, [viewer, slab, problem]);
  return (
    <fieldset class="group" aria-label="Slab">
      <Choice
        label="One slice, or a slab of several"
        value={slab?.kind ?? 'none'}
        testId="slab"
        options={[
          { value: 'none', label: 'Slice' },
          ...SLAB_KINDS.map((kind) => ({ value: kind, label: `${NAMES[kind]} slab` })),
        ]}
        onChange={(value) => {
          const kind = SLAB_KINDS.find((known) => known === value);
          setSlab(viewer, kind && { kind, mm: slab?.mm ?? FIRST_MM });
        }}
      />
      {slab && (
        <Choice
          label="Thickness of the slab"
          value={String(slab.mm)}
          testId="slab-mm"
          options={THICKNESSES_MM.map((mm) => ({ value: String(mm), label: `${mm} mm` }))}
          onChange={(value) => setSlab(viewer, { ...slab, mm: Number(value) })}
        />
      )}
    </fieldset>
  );
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
