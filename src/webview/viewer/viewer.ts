/** What a slice viewer shows and how: state that its pictures, tools, keys and toolbar share. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TextureClass } from '../../protocol/names.ts';
import type { HuWindow, SingleSliceView, Slab, SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { type Cine, createCine } from './cine.ts';
import { createDrawings, type DrawingMessaging, type Drawings } from './drawings/drawings.ts';
import { withKeptSlices } from './drawings/drawnSlices.ts';
import { type Link, linkPanes } from './link.ts';
import { SHOWN_AT_FIRST } from './palette.ts';
import { createPane, type Pane } from './pane.ts';
import { indicesOf, setThreePlanes } from './planes.ts';
import { createSeries } from './series.ts';

/** How the textures are laid over the slices, and what stands beside them. */
export interface Look {
  readonly overlay: boolean;
  readonly shown: ReadonlySet<TextureClass>;
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
  change(look: Partial<Look>): void;
  dispose(): void;
}

const NOTE_MS = 4000;

/** With the settings of the viewer that stood in this place before, and its slices where the view is of the same series. */
export function createViewer(view: SliceView, messaging: DrawingMessaging, before?: Viewer): Viewer {
  const { window, look, tool, slab } = before ?? firstSettings(view);
  const place = before && isSamePlace(before.view, view) ? placeOf(before) : undefined;
  const shown = [view, ...(view.beside ? [view.beside.view] : [])].map((one) =>
    createPane(createSeries(one, withKept(messaging, one), slab), one === view ? place : undefined),
  );
  const [pane, other] = shown;
  const active = signal(pane!);
  const cine = createCine(active);
  const link = other && view.beside ? linkPanes([pane!, other], view.beside.levels) : undefined;
  const note = signal<string>();
  let fading: ReturnType<typeof setTimeout> | undefined;
  const panes = signal<readonly Pane[]>(shown);
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
    drawings: createDrawings(messaging),
    isHelpOpen: signal(false),
    isTyping: signal(false),
    isSpaceHeld: false,
    note,
    say(text) {
      note.value = text;
      clearTimeout(fading);
      fading = setTimeout(() => {
        note.value = undefined;
      }, NOTE_MS);
    },
    change(changes) {
      look.value = { ...look.peek(), ...changes };
    },
    dispose() {
      clearTimeout(fading);
      cine.dispose();
      link?.dispose();
      for (const one of panes.peek()) {
        one.dispose();
        one.series.dispose();
      }
    },
  };
  if (before?.isThreePlanes.peek()) {
    tool.value = before.toolBefore;
    setThreePlanes(viewer, !link);
  }
  return viewer;
}

function firstSettings(view: SliceView): Settings {
  return {
    window: signal(view.window),
    look: signal({
      overlay: true,
      shown: SHOWN_AT_FIRST,
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

/** What is drawn on is there without a kernel too. */
function withKept(messaging: DrawingMessaging, view: SingleSliceView): Pick<Messaging, 'requestSlice'> {
  return { requestSlice: withKeptSlices(messaging, view) };
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
