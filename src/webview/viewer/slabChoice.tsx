/** The choice of slabs: several millimetres as one picture, of their highest, lowest or mean Hounsfield units. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { SLAB_KINDS } from '../../protocol/view.ts';
import { Choice } from '../controls.tsx';
import { FIRST_MM, SLAB_NAMES, setSlab, THICKNESSES_MM } from './slabs.ts';
import type { Viewer } from './viewer.ts';

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
          ...SLAB_KINDS.map((kind) => ({ value: kind, label: `${SLAB_NAMES[kind]} slab` })),
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
