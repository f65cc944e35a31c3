/** What a slice viewer shows and how: state that its pictures, tools, keys and toolbar share. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type ShownClass, shownClasses } from '../../protocol/shownClasses.ts';
import type { HuWindow, SingleSliceView, Slab, SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { type Cine, createCine } from './cine.ts';
import type { Display } from './draw.ts';
import { createDrawings, type DrawingMessaging, type Drawings } from './drawings/drawings.ts';
import { withKeptSlices } from './drawings/drawnSlices.ts';
import { type Link, linkPanes } from './link.ts';
import { isShowingLobes, LOBE_CLASSES } from './painting/lobesShown.ts';
import { createPainting, type Painting, type PaintingMessaging } from './painting/painting.ts';
import { isPaintingTool } from './painting/tools.ts';
import { shownAtFirst } from './palette.ts';
import { createPane, type Pane, type PlaneAndIndices } from './pane.ts';
import { indicesOf, setThreePlanes } from './planes.ts';
import { createSeries } from './series.ts';

/** How the textures are laid over the slices, and what stands beside them. */
export interface Look {
  readonly overlay: boolean;
  readonly shown: ReadonlySet<string>;
  /** From 0 to 1. */
  readonly opacity: number;
  readonly lobeLines: boolean;
  /** The plain picture stands beside. */
  readonly beside: boolean;
  readonly inverted: boolean;
  /** Of two overlays of one CT, only where they differ. */
  readonly difference: boolean;
}

/** What one keeps when another patient is shown, or the cell has run again. */
interface Settings {
  readonly window: Signal<HuWindow>;
  readonly look: Signal<Look>;
  /** Of `TOOLS`: what dragging with the first button does, once it was chosen. */
  readonly tool: Signal<string | undefined>;
  /** Shown in the place of single slices. */
  readonly slab: Signal<Slab | undefined>;
}

export interface Viewer extends Settings {
  readonly view: SliceView;
  /** The pictures, in the order in which they stand. */
  readonly panes: Signal<readonly Pane[]>;
  /** The picture that keys act on. */
  readonly active: Signal<Pane>;
  readonly isHelpOpen: Signal<boolean>;
  /** The slice's number is being typed. */
  readonly isTyping: Signal<boolean>;
  /** What was done last, for a moment. */
  readonly note: ReadonlySignal<string | undefined>;
  say(note: string): void;
  /** Shows the patient after (or before) this one; absent where there is none to go on to. */
  readonly openPatient: ((step: 1 | -1) => void) | undefined;
  /** Shows the slices in an editor of their own, at the same place; absent where that cannot be. */
  readonly openEditor: (() => void) | undefined;
  /** Space is held, with which dragging moves the picture. */
  isSpaceHeld: boolean;
  /** Each plane has a picture of its own, with a crosshair. */
  readonly isThreePlanes: Signal<boolean>;
  /** The tool that was chosen before the crosshair. */
  toolBefore: string | undefined;
  /** Of two CTs side by side. */
  readonly link: Link | undefined;
  readonly cine: Cine;
  readonly drawings: Drawings;
  /** Masks edited by hand; absent where no kernel could do it, and of two CTs side by side. */
  readonly painting: Painting | undefined;
  change(look: Partial<Look>): void;
  dispose(): void;
}

const NOTE_MS = 4000;

/** What a viewer is made of. */
export interface ViewerParts {
  readonly view: SliceView;
  readonly messaging: DrawingMessaging &
    PaintingMessaging &
    Pick<Messaging, 'requestNeighbour' | 'openEditor' | 'keptSlices'>;
  /** The viewer that stood in this place: its settings stay, and of the same series its place. */
  readonly before?: Viewer | undefined;
  /** Shows another patient in its place. */
  readonly onPatient: (view: SliceView) => void;
}

export function createViewer({ view, messaging, before, onPatient }: ViewerParts): Viewer {
  const { window, look, tool, slab } = before ?? firstSettings(view);
  const start = before && isSamePlace(before.view, view) ? placeOf(before) : undefined;
  const { note, say, dispose } = createNote();
  const painting = createPainting({ view, messaging, say, looked: () => panes.peek().map(placeIn) });
  const { panes, active, link } = createPanes({ view, messaging, slab, start, painting });
  const cine = createCine(active);
  const { requestNeighbour, openEditor } = messaging;
  const openPatient = async (step: 1 | -1) => {
    say(step > 0 ? 'Opening the next patient …' : 'Opening the patient before …');
    const plane = active.peek().plane.peek();
    const reply = await requestNeighbour!({ handle: view.handle, step, plane });
    if ('view' in reply) onPatient(reply.view);
    else say(reply.problem);
  };
  const viewer: Viewer = {
    view,
    window,
    look,
    tool,
    slab,
    panes,
    active,
    isThreePlanes: signal(false),
    toolBefore: undefined,
    link,
    cine,
    painting,
    drawings: createDrawings(messaging, view.beside ? [view, view.beside.view] : [view]),
    isHelpOpen: signal(false),
    isTyping: signal(false),
    isSpaceHeld: false,
    note,
    say,
    openPatient: requestNeighbour && view.among ? (step) => void openPatient(step) : undefined,
    openEditor:
      openEditor &&
      (() => {
        const { plane, wanted } = active.peek();
        openEditor({ ...view, plane: plane.peek(), index: wanted.peek() });
      }),
    change(changes) {
      look.value = { ...look.peek(), ...changes };
    },
    dispose() {
      dispose();
      cine.dispose();
      link?.dispose();
      for (const one of panes.peek()) {
        one.dispose();
        one.series.dispose();
      }
    },
  };
  // Nobody edits the masks of what is shown anew.
  if (isPaintingTool(tool.peek())) tool.value = undefined;
  if (before?.isThreePlanes.peek()) {
    tool.value = before.toolBefore;
    setThreePlanes(viewer, !link);
  }
  return viewer;
}

/** The slice that a pane shows, or is about to. */
function placeIn({ plane, wanted }: Pane) {
  return { plane: plane.peek(), index: wanted.peek() };
}

/** One picture, or one of each of two CTs. */
function createPanes({
  view,
  messaging,
  slab,
  start,
  painting,
}: {
  readonly view: SliceView;
  readonly messaging: DrawingMessaging & Pick<Messaging, 'keptSlices'>;
  readonly slab: Settings['slab'];
  readonly start: PlaneAndIndices | undefined;
  readonly painting: Painting | undefined;
}) {
  const { keptSlices } = messaging;
  const paneOf = (one: SingleSliceView, at?: PlaneAndIndices) => {
    // What is drawn on is there without a kernel too.
    const requestSlice = withKeptSlices(messaging, one);
    const series = createSeries(one, { requestSlice, ...(keptSlices ? { keptSlices } : {}) }, slab, painting?.edited);
    return createPane(series, at);
  };
  const pane = paneOf(view, start);
  const other = view.beside && paneOf(view.beside.view);
  return {
    panes: signal<readonly Pane[]>(other ? [pane, other] : [pane]),
    active: signal(pane),
    link: other && view.beside && linkPanes([pane, other], view.beside.levels),
  };
}

/** A sentence that fades. */
function createNote() {
  const note = signal<string>();
  let fading: ReturnType<typeof setTimeout> | undefined;
  return {
    note,
    say(text: string) {
      note.value = text;
      clearTimeout(fading);
      fading = setTimeout(() => {
        note.value = undefined;
      }, NOTE_MS);
    },
    dispose: () => clearTimeout(fading),
  };
}

/** How the picture of a pane is drawn by the viewer's window and look. */
export function displayOf(viewer: Viewer, { series }: Pane, plain: boolean): Display {
  const { window, look } = viewer;
  const { overlay, shown, lobeLines, opacity, inverted } = look.peek();
  const isLaidOver = overlay && !plain && series.view.overlay;
  // Lobes are in colour while they are painted.
  const classes = isShowingLobes(viewer) ? LOBE_CLASSES : shownClasses(series.view.ownClasses);
  const inColour = classes === LOBE_CLASSES ? new Set(classes.map(({ name }) => name)) : shown;
  return {
    window: window.peek(),
    inverted,
    overlay: isLaidOver ? { classes, shown: inColour, lobeLines, opacity } : undefined,
  };
}

/** The classes that are laid over one CT, or over both side by side: their models may bring different ones. */
export function classesIn(view: SliceView): readonly ShownClass[] {
  const both = [view, ...(view.beside ? [view.beside.view] : [])];
  const laidOver = both.filter(({ overlay }) => overlay);
  const all = (laidOver.length ? laidOver : both).flatMap(({ ownClasses, onlyOwnClasses }) =>
    shownClasses(ownClasses).filter(({ colour }) => !onlyOwnClasses || colour !== undefined),
  );
  return all.filter((one, n) => all.findIndex(({ name }) => name === one.name) === n);
}

function firstSettings(view: SliceView): Settings {
  return {
    window: signal(view.window),
    look: signal({
      overlay: true,
      shown: shownAtFirst(classesIn(view)),
      opacity: 0.5,
      lobeLines: false,
      beside: false,
      inverted: false,
      difference: false,
    }),
    tool: signal(undefined),
    slab: signal(undefined),
  };
}

/** Whether the statement asks for the same picture as before, of the same series: then the user's place is kept. */
function isSamePlace(before: SliceView, { patient, series, plane, index, sliceCounts }: SliceView): boolean {
  const counts = before.sliceCounts;
  return (
    before.patient === patient &&
    before.series === series &&
    before.plane === plane &&
    before.index === index &&
    counts.axial === sliceCounts.axial &&
    counts.coronal === sliceCounts.coronal &&
    counts.sagittal === sliceCounts.sagittal
  );
}

function placeOf(viewer: Viewer) {
  return { plane: viewer.active.peek().plane.peek(), indices: indicesOf(viewer) };
}
