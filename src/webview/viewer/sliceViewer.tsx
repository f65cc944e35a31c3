/** The slice viewer: planes, scrolling, window, overlay, legend, value under the pointer, and the per-lobe report. */

import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { LOBES, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { type HuWindow, PLANES, type Plane, type SliceView } from '../../protocol/view.ts';
import { Button, Checkbox, Choice } from '../controls.tsx';
import { Flags } from '../flags.tsx';
import { ProvenanceDetails, ResearchOnly } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';
import { Range } from '../range.tsx';
import type { Slice } from './decode.ts';
import { Legend } from './legend.tsx';
import { SHOWN_AT_FIRST } from './palette.ts';
import { Picture } from './picture.tsx';
import { Report } from './report.tsx';
import { createSliceStore } from './sliceStore.ts';
import { StackStrip } from './stackStrip.tsx';

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

const WINDOWS = Object.entries(HU_WINDOWS).map(([name, window]) => ({ name: capital(name), window }));

export function SliceViewer({
  view,
  messaging,
}: {
  readonly view: SliceView;
  readonly messaging: Messaging;
}): JSX.Element {
  const [plane, setPlane] = useState<Plane>(view.plane);
  const [indices, setIndices] = useState<Readonly<Record<Plane, number>>>(() => startingIndices(view));
  const [display, setDisplay] = useState<HuWindow>(view.window);
  const [shown, setShown] = useState<ReadonlySet<TextureClass>>(SHOWN_AT_FIRST);
  const [opacity, setOpacity] = useState(0.5);
  const [lobeLines, setLobeLines] = useState(false);
  const [beside, setBeside] = useState(view.overlay);
  const [point, setPoint] = useState<number>();
  const [, redraw] = useState(0);
  const store = useMemo(
    () => createSliceStore(view.slices, view.sliceCounts, view.handle, messaging, () => redraw((n) => n + 1)),
    [view, messaging],
  );

  const index = indices[plane];
  const count = view.sliceCounts[plane];
  const here = store.get(plane, index);
  useEffect(() => {
    if (!here) store.want(plane, index);
  }, [here, plane, index, store]);
  // While a slice is on its way the one before it stays, so that scrolling does not flicker.
  const last = useRef<Slice>(undefined);
  if (here) last.current = here;
  const slice = last.current?.plane === plane ? last.current : undefined;

  const goTo = useCallback(
    (target: number, inPlane: Plane = plane) => {
      const next = Math.min(view.sliceCounts[inPlane] - 1, Math.max(0, target));
      setIndices((all) => ({ ...all, [inPlane]: next }));
      store.want(inPlane, next);
    },
    [plane, store, view],
  );
  // Whoever points at the viewer or comes to it by keyboard is about to scroll.
  const prepare = () => store.want(plane, index);
  const scroll = useCallback((steps: number) => goTo(index + steps), [goTo, index]);
  const jump = (name: TextureClass) => {
    const percent = view.axialPercent?.[name];
    if (!percent) return;
    setPlane('axial');
    goTo(percent.indexOf(Math.max(...percent)), 'axial');
  };
  const keys: Readonly<Record<string, number>> = {
    ArrowUp: 1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
    Home: -count,
    End: count,
  };
  const overlay = view.overlay ? { shown, lobeLines, opacity } : undefined;
  const label = `${capital(plane)} slice ${index + 1} of ${count} of ${view.patient}`;
  const picture = { window: display, onPoint: setPoint, onScroll: scroll, onWindow: setDisplay, label };
  const preset = WINDOWS.find(({ window: w }) => w.centre === display.centre && w.width === display.width);
  return (
    <section
      class="output viewer"
      data-testid="slice-viewer"
      aria-label={`Slices of ${view.patient}`}
      onPointerEnter={prepare}
      onFocusIn={prepare}
      onKeyDown={(event) => {
        const steps = keys[event.key];
        if (steps === undefined || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        event.stopPropagation();
        scroll(steps);
      }}
    >
      <header>
        <h3>{view.title}</h3>
        <p class="facts">{view.facts.map((fact) => `${fact.name} ${fact.value}`).join(' · ')}</p>
      </header>
      {view.reason && (
        <p class="note" data-testid="reason">
          {view.reason}
        </p>
      )}
      {view.flags && <Flags flags={view.flags} withPlace={false} />}
      {view.flags?.length === 0 && (
        <p class="note" data-testid="no-flags">
          No flags: the self-checks found nothing unusual.
        </p>
      )}
      <div class="toolbar">
        <fieldset class="group" aria-label="Plane">
          {PLANES.map((p) => (
            <Button
              key={p}
              label={capital(p)}
              pressed={p === plane}
              testId={`plane-${p}`}
              onClick={() => setPlane(p)}
            />
          ))}
        </fieldset>
        <Choice
          label="Display window"
          value={preset?.name ?? 'Own'}
          testId="window"
          options={[
            ...WINDOWS.map(({ name }) => ({ value: name, label: `${name} window` })),
            ...(preset ? [] : [{ value: 'Own', label: `C ${display.centre}, W ${display.width}` }]),
          ]}
          onChange={(name) => setDisplay(WINDOWS.find((w) => w.name === name)?.window ?? display)}
        />
        {overlay && (
          <>
            <span class="opacity">
              Overlay
              <Range
                min={0}
                max={100}
                value={Math.round(opacity * 100)}
                aria-label="Overlay opacity in percent"
                data-testid="opacity"
                onInput={(event) => setOpacity(Number(event.currentTarget.value) / 100)}
              />
            </span>
            <Checkbox checked={beside} label="Plain beside" testId="beside" onChange={setBeside} />
            <Checkbox checked={lobeLines} label="Lobe borders" testId="lobe-lines" onChange={setLobeLines} />
          </>
        )}
      </div>
      <div class="stage">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll the slices while the pictures have focus */}
        <section class="pictures" tabIndex={0} aria-label={`${label}. Arrow keys scroll.`}>
          {slice ? (
            <>
              {overlay && beside && <Picture {...picture} slice={slice} overlay={undefined} />}
              <Picture {...picture} slice={slice} overlay={overlay} />
            </>
          ) : (
            <p class="note waiting">{store.problem() ?? 'Fetching the slice …'}</p>
          )}
        </section>
        {overlay && (
          <div class="aside">
            <Legend shown={shown} onChange={setShown} />
            {view.report && <Report report={view.report} onJump={jump} />}
          </div>
        )}
      </div>
      <div class="scrubber">
        {view.axialPercent && plane === 'axial' && (
          <StackStrip percent={view.axialPercent} slices={count} shown={shown} />
        )}
        <Range
          min={0}
          max={count - 1}
          value={index}
          aria-label={`${capital(plane)} slice`}
          aria-valuetext={`${index + 1} of ${count}`}
          data-testid="slice-slider"
          onInput={(event) => goTo(Number(event.currentTarget.value))}
        />
      </div>
      <p class="readout" data-testid="readout">
        <span class="slice-number">
          {capital(plane)} {index + 1} / {count}
        </span>
        <span>{readout(slice, point)}</span>
        {!here && <span class="pending">{store.problem() ?? 'fetching …'}</span>}
      </p>
      <ResearchOnly />
      <ProvenanceDetails provenance={view.provenance} />
    </section>
  );
}

/** The shown slice in its plane, and in the others the one that travels with the notebook, or the middle. */
function startingIndices(view: SliceView): Record<Plane, number> {
  const start = (plane: Plane) =>
    view.slices.find((s) => s.plane === plane)?.index ?? Math.floor(view.sliceCounts[plane] / 2);
  return { axial: start('axial'), coronal: start('coronal'), sagittal: start('sagittal'), [view.plane]: view.index };
}

function readout(slice: Slice | undefined, point: number | undefined): string {
  if (!slice || point === undefined || point >= slice.hu.length)
    return 'Move over the picture for HU, lobe and texture; drag to change the window.';
  const lobe = slice.lobes?.[point];
  const texture = slice.textures?.[point];
  const parts = [`${slice.coarse ? 'about ' : ''}${slice.hu[point]} HU`];
  if (lobe) parts.push(LOBES[lobe - 1]!);
  if (texture) parts.push(TEXTURE_CLASS_LABELS[TEXTURE_CLASSES[texture - 1]!]);
  return parts.join(' · ');
}
