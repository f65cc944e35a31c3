/**
 * The slice viewer, put together from parts that know little of each other:
 *
 * - `viewer.ts` holds what all share (window, look, chosen tool, panes); `pane.ts` one picture's place (plane, slice,
 *   enlargement); `series.ts` and `sliceStore.ts` the slices of one series. They are signals: whoever draws by a
 *   `.value` is drawn again when it changes, and nothing else is.
 * - A tool is an entry of `TOOLS` (`tools.ts`): what a drag does, told by places in the picture's box; `toSlice` of
 *   `viewTransform.ts` makes pixels of the slice of them. With a label it can be chosen in the toolbar.
 * - A key is an entry of `KEYS` (`keys.ts`), from which the `?` overlay and the table in docs/viewer.md follow.
 * - A second picture is a second pane in `viewer.panes` (`createPane`, of the same series in another plane, or of
 *   another series); `Pictures` below draws them all. What lies over a picture comes by `Picture`'s `over`.
 */
import { Fragment, type JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Plane, SliceView } from '../../protocol/view.ts';
import { ProvenanceDetails, ResearchOnly } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';
import { Crosshair } from './crosshair.tsx';
import type { Slice } from './decode.ts';
import { DrawingLayer } from './drawings/layer.tsx';
import { DrawingList } from './drawings/list.tsx';
import { Headings, Remarks } from './heading.tsx';
import { Help } from './help.tsx';
import { keptInWords } from './keptSlices.ts';
import { bindingOf } from './keys.ts';
import { Legend } from './legend.tsx';
import { isShowingLobes } from './painting/lobesShown.ts';
import { PaintingPanel } from './painting/panel.tsx';
import { BrushRing } from './painting/ring.tsx';
import type { Pane } from './pane.ts';
import { labelOf, Picture } from './picture.tsx';
import { LevelLines, LevelList, ZoneBorders } from './placeLines.tsx';
import { Readout } from './readout.tsx';
import { namesBeside, Reports } from './reports.tsx';
import { Scrubber } from './scrubber.tsx';
import { Toolbar } from './toolbar.tsx';
import { usePictureHeight } from './usePictureHeight.ts';
import { classesIn, createViewer, type Viewer } from './viewer.ts';
import type { Placement } from './viewTransform.ts';

export interface SliceViewerProps {
  readonly view: SliceView;
  readonly messaging: Messaging;
  /** Fills the window, as an editor of its own. */
  readonly fills?: boolean;
  /** Told where the user looks, each time that it changes. */
  readonly onPlace?: (view: SliceView, plane: Plane, index: number) => void;
}

export function SliceViewer({ view: first, messaging, fills = false, onPlace }: SliceViewerProps): JSX.Element {
  const viewer = useViewer(first, messaging);
  const { view } = viewer;
  const { overlay } = view;
  const isWide = viewer.panes.value.length > 1;
  const other = view.beside?.by === 'same-ct' ? undefined : view.beside?.view;
  const { plane, wanted } = viewer.active.value;
  useEffect(() => onPlace?.(view, plane.value, wanted.value), [view, plane.value, wanted.value, onPlace]);
  return (
    <section
      class={fills ? 'output viewer fills' : 'output viewer'}
      data-testid="slice-viewer"
      aria-label={`Slices of ${viewer.link ? namesBeside(viewer).join(' beside ') : view.patient}`}
      onPointerEnter={() => viewer.active.peek().prepare()}
      onFocusIn={() => viewer.active.peek().prepare()}
      onKeyDown={(event) => keyDown(event, viewer)}
      onKeyUp={({ key }) => {
        if (key === ' ') viewer.isSpaceHeld = false;
      }}
      onFocusOut={() => {
        viewer.isSpaceHeld = false;
      }}
    >
      <Headings views={other ? [view, other] : [view]} withRemarks={!fills} />
      <Toolbar viewer={viewer} />
      {!fills && <PaintingPanel viewer={viewer} />}
      <div class="stage">
        <Pictures viewer={viewer} />
        {(fills || (overlay && !isWide)) && <Aside viewer={viewer} fills={fills} />}
      </div>
      <Scrubber viewer={viewer} />
      <Readout viewer={viewer} />
      <Kept pane={viewer.active.value} />
      {overlay && isWide && !fills && <Aside viewer={viewer} fills={false} />}
      {!fills && <DrawingList viewer={viewer} />}
      {!fills && <Footer view={view} />}
    </section>
  );
}

/** Where a file by itself shows slices: how many of them it has. */
function Kept({ pane }: { readonly pane: Pane }): JSX.Element | null {
  const kept = keptInWords(pane);
  if (kept === undefined) return null;
  return (
    <p class="note" data-testid="kept-slices">
      {kept}
    </p>
  );
}

/** In an editor of its own everything else stands beside the pictures, too. */
function Aside({ viewer, fills }: { readonly viewer: Viewer; readonly fills: boolean }): JSX.Element {
  const { view } = viewer;
  return (
    <div class="aside">
      {fills && <PaintingPanel viewer={viewer} />}
      {/* While lobes are painted they have the colours. */}
      {view.overlay && !isShowingLobes(viewer) && (
        <Legend
          classes={classesIn(view)}
          shown={viewer.look.value.shown}
          onChange={(shown) => viewer.change({ shown })}
        />
      )}
      {/* Before the report, so that it is in sight where there is little height. */}
      {fills && <DrawingList viewer={viewer} />}
      {view.overlay && (
        <>
          <Reports viewer={viewer} />
          <LevelList pane={viewer.active.value} />
        </>
      )}
      {fills && (
        <>
          <Remarks view={view} />
          {view.beside && <Remarks view={view.beside.view} />}
          <Footer view={view} />
        </>
      )}
    </div>
  );
}

function Footer({ view: { provenance } }: { readonly view: SliceView }): JSX.Element {
  return (
    <>
      <ResearchOnly />
      <ProvenanceDetails provenance={provenance} />
    </>
  );
}

function Pictures({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const { slice } = viewer.active.value;
  const most = usePictureHeight();
  const isBeside = viewer.view.overlay && viewer.look.value.beside && viewer.panes.value.length === 1;
  const names = viewer.link && namesBeside(viewer);
  const over = (pane: Pane) => (slice: Slice, placement: Placement) => (
    <>
      {viewer.isThreePlanes.value && <Crosshair viewer={viewer} slice={slice} placement={placement} />}
      {viewer.look.value.lobeLines && <ZoneBorders slice={slice} placement={placement} />}
      {viewer.look.value.overlay && <LevelLines pane={pane} slice={slice} placement={placement} />}
      <DrawingLayer viewer={viewer} pane={pane} slice={slice} placement={placement} />
      <BrushRing viewer={viewer} pane={pane} placement={placement} />
    </>
  );
  const label = slice.value ? labelOf(slice.value, viewer.active.value) : 'No slice';
  return (
    <section
      class={viewer.isThreePlanes.value ? 'pictures planes' : viewer.link ? 'pictures two' : 'pictures'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll the slices while the pictures have focus
      tabIndex={0}
      aria-label={`${label}. Arrow keys scroll, ? shows all keys.`}
      style={{ '--most': `${most}px` }}
    >
      {viewer.panes.value.map((pane, n) => (
        <Fragment key={n}>
          {isBeside && <Picture viewer={viewer} pane={pane} plain over={over(pane)} />}
          <Picture viewer={viewer} pane={pane} name={names?.[n]} over={over(pane)} />
        </Fragment>
      ))}
      {viewer.isHelpOpen.value && <Help viewer={viewer} />}
    </section>
  );
}

/** A viewer of the view, or of the patient that was gone on to from it until the cell runs again. */
function useViewer(first: SliceView, messaging: Messaging): Viewer {
  const [onTo, setOnTo] = useState<{ readonly from: SliceView; readonly view: SliceView }>();
  const view = onTo?.from === first ? onTo.view : first;
  const before = useRef<Viewer>(undefined);
  const viewer = useMemo(() => {
    const onPatient = (next: SliceView) => setOnTo({ from: first, view: next });
    return createViewer({ view, messaging, before: before.current, onPatient });
  }, [view, first, messaging]);
  before.current = viewer;
  useEffect(() => {
    viewer.active.peek().warm();
    return () => viewer.dispose();
  }, [viewer]);
  return viewer;
}

/** What has keys of its own: all of them, those that move it, and those that press it. */
const WRITTEN_IN = 'input:not([type="range"]), select, vscode-dropdown';
const SLIDERS = 'input[type="range"]';
const BUTTONS = 'button, vscode-button, vscode-checkbox, summary';

function keyDown(event: KeyboardEvent, viewer: Viewer): void {
  const isIn = (selector: string) => event.target instanceof Element && event.target.closest(selector) !== null;
  if (isIn(WRITTEN_IN) || (isIn(SLIDERS) && event.key.length > 1)) return;
  if (event.key === ' ' && !isIn(BUTTONS)) viewer.isSpaceHeld = true;
  else {
    const binding = bindingOf(event);
    if (!binding || binding.isOffered?.(viewer) === false || binding.run(viewer) === false) return;
  }
  event.preventDefault();
  event.stopPropagation();
}
