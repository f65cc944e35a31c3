/** The slice viewer: planes, scrolling, window, overlay, legend, value under the pointer, and the per-lobe report. */

import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { LOBES } from '../../protocol/names.ts';
import { type ShownClass, shownClasses } from '../../protocol/shownClasses.ts';
import { type HuWindow, PLANES, type Plane, type SliceView } from '../../protocol/view.ts';
import { Button, Checkbox, Choice } from '../controls.tsx';
import { Flags } from '../flags.tsx';
import { ProvenanceDetails, ResearchOnly } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';
import { Range } from '../range.tsx';
import type { Slice } from './decode.ts';
import { Legend } from './legend.tsx';
import { shownAtFirst } from './palette.ts';
import { Picture } from './picture.tsx';
import { Report } from './report.tsx';
import { StackStrip } from './stackStrip.tsx';
import { type Slices, useSlices } from './useSlices.ts';

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

const WINDOWS = Object.entries(HU_WINDOWS).map(([name, window]) => ({ name: capital(name), window }));

/** How many slices a key moves by; `count` leads to an end. */
function stepsOf(key: string, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: 1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
    Home: -count,
    End: count,
  };
  return steps[key];
}

export function SliceViewer({
  view,
  messaging,
}: {
  readonly view: SliceView;
  readonly messaging: Messaging;
}): JSX.Element {
  const slices = useSlices(view, messaging);
  const { plane, index, count, slice, goTo } = slices;
  const [display, setDisplay] = useState<HuWindow>(view.window);
  const classes = useMemo(() => shownClasses(view.ownClasses), [view.ownClasses]);
  const [shown, setShown] = useState(() => shownAtFirst(classes));
  const [look, setLook] = useState<Look>({ opacity: 0.5, lobeLines: false, beside: view.overlay });
  const [point, setPoint] = useState<number>();
  const scroll = useCallback((steps: number) => goTo(index + steps), [goTo, index]);
  const jump = (name: string) => {
    const percent = view.axialPercent?.[name];
    if (percent) goTo(percent.indexOf(Math.max(...percent)), 'axial');
  };
  const overlay = view.overlay ? { classes, shown, lobeLines: look.lobeLines, opacity: look.opacity } : undefined;
  const label = `${capital(plane)} slice ${index + 1} of ${count} of ${view.patient}`;
  const picture = { window: display, onPoint: setPoint, onScroll: scroll, onWindow: setDisplay, label };
  return (
    <section
      class="output viewer"
      data-testid="slice-viewer"
      aria-label={`Slices of ${view.patient}`}
      onPointerEnter={slices.prepare}
      onFocusIn={slices.prepare}
      onKeyDown={(event) => {
        const steps = stepsOf(event.key, count);
        if (steps === undefined || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        event.stopPropagation();
        scroll(steps);
      }}
    >
      <Heading view={view} />
      <div class="toolbar">
        <PlaneAndWindow plane={plane} onPlane={slices.setPlane} display={display} onDisplay={setDisplay} />
        {overlay && <OverlayControls look={look} onChange={(change) => setLook({ ...look, ...change })} />}
      </div>
      <div class="stage">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll the slices while the pictures have focus */}
        <section class="pictures" tabIndex={0} aria-label={`${label}. Arrow keys scroll.`}>
          {slice ? (
            <>
              {overlay && look.beside && <Picture {...picture} slice={slice} overlay={undefined} />}
              <Picture {...picture} slice={slice} overlay={overlay} />
            </>
          ) : (
            <p class="note waiting">{slices.problem ?? 'Fetching the slice …'}</p>
          )}
        </section>
        {overlay && (
          <div class="aside">
            <Legend classes={classes} shown={shown} onChange={setShown} />
            {view.report && <Report classes={classes} report={view.report} onJump={jump} />}
          </div>
        )}
      </div>
      <Scrubber view={view} slices={slices} classes={classes} shown={shown} />
      <p class="readout" data-testid="readout">
        <span class="slice-number">
          {capital(plane)} {index + 1} / {count}
        </span>
        <span>{readout(slice, point, classes)}</span>
        {slices.isPending && <span class="pending">{slices.problem ?? 'fetching …'}</span>}
      </p>
      <ResearchOnly />
      <ProvenanceDetails provenance={view.provenance} />
    </section>
  );
}

/** What the series is, why this slice was chosen, and what the self-checks found. */
function Heading({ view: { title, facts, reason, flags } }: { readonly view: SliceView }): JSX.Element {
  return (
    <>
      <header>
        <h3>{title}</h3>
        <p class="facts">{facts.map((fact) => `${fact.name} ${fact.value}`).join(' · ')}</p>
      </header>
      {reason && (
        <p class="note" data-testid="reason">
          {reason}
        </p>
      )}
      {flags && <Flags flags={flags} withPlace={false} />}
      {flags?.length === 0 && (
        <p class="note" data-testid="no-flags">
          No flags: the self-checks found nothing unusual.
        </p>
      )}
    </>
  );
}

function PlaneAndWindow({
  plane,
  onPlane,
  display,
  onDisplay,
}: {
  readonly plane: Plane;
  readonly onPlane: (plane: Plane) => void;
  readonly display: HuWindow;
  readonly onDisplay: (window: HuWindow) => void;
}): JSX.Element {
  const preset = WINDOWS.find(({ window: w }) => w.centre === display.centre && w.width === display.width);
  return (
    <>
      <fieldset class="group" aria-label="Plane">
        {PLANES.map((p) => (
          <Button key={p} label={capital(p)} pressed={p === plane} testId={`plane-${p}`} onClick={() => onPlane(p)} />
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
        onChange={(name) => onDisplay(WINDOWS.find((w) => w.name === name)?.window ?? display)}
      />
    </>
  );
}

/** How the textures are laid over the slices. */
interface Look {
  /** From 0 to 1. */
  readonly opacity: number;
  readonly lobeLines: boolean;
  /** The plain picture stands beside. */
  readonly beside: boolean;
}

function OverlayControls({
  look: { opacity, lobeLines, beside },
  onChange,
}: {
  readonly look: Look;
  readonly onChange: (change: Partial<Look>) => void;
}): JSX.Element {
  return (
    <>
      <span class="opacity">
        Overlay
        <Range
          min={0}
          max={100}
          value={Math.round(opacity * 100)}
          aria-label="Overlay opacity in percent"
          data-testid="opacity"
          onInput={(event) => onChange({ opacity: Number(event.currentTarget.value) / 100 })}
        />
      </span>
      <Checkbox checked={beside} label="Plain beside" testId="beside" onChange={(on) => onChange({ beside: on })} />
      <Checkbox
        checked={lobeLines}
        label="Lobe borders"
        testId="lobe-lines"
        onChange={(on) => onChange({ lobeLines: on })}
      />
    </>
  );
}

function Scrubber({
  view: { axialPercent },
  slices: { plane, index, count, goTo },
  classes,
  shown,
}: {
  readonly view: SliceView;
  readonly slices: Slices;
  readonly classes: readonly ShownClass[];
  readonly shown: ReadonlySet<string>;
}): JSX.Element {
  return (
    <div class="scrubber">
      {axialPercent && plane === 'axial' && (
        <StackStrip percent={axialPercent} slices={count} classes={classes} shown={shown} />
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
  );
}

function readout(slice: Slice | undefined, point: number | undefined, classes: readonly ShownClass[]): string {
  if (!slice || point === undefined || point >= slice.hu.length)
    return 'Move over the picture for HU, lobe and texture; drag to change the window.';
  const lobe = slice.lobes?.[point];
  const texture = slice.textures?.[point];
  const parts = [`${slice.coarse ? 'about ' : ''}${slice.hu[point]} HU`];
  if (lobe) parts.push(LOBES[lobe - 1]!);
  if (texture) parts.push(classes[texture - 1]!.label);
  return parts.join(' · ');
}
