/** What a slice viewer shows and how: state that its pictures, tools, keys and toolbar share. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TextureClass } from '../../protocol/names.ts';
import type { HuWindow, SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { SHOWN_AT_FIRST } from './palette.ts';
import { createPane, type Pane } from './pane.ts';
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
}

/** What one keeps when another patient is shown, or the cell has run again. */
interface Settings {
  readonly window: Signal<HuWindow>;
  readonly look: Signal<Look>;
  /** Of `TOOLS`: what dragging with the first button does, once it was chosen. */
  readonly tool: Signal<string | undefined>;
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
  change(look: Partial<Look>): void;
  dispose(): void;
}

const NOTE_MS = 4000;

/** With the settings of the viewer that stood in this place before, and its slices where the view is of the same series. */
export function createViewer(view: SliceView, messaging: Pick<Messaging, 'requestSlice'>, before?: Viewer): Viewer {
  const { window, look, tool } = before ?? firstSettings(view);
  const pane = createPane(
    createSeries(view, messaging),
    before && isSamePlace(before.view, view) ? placeOf(before) : undefined,
  );
  const note = signal<string>();
  let fading: ReturnType<typeof setTimeout> | undefined;
  const panes = signal<readonly Pane[]>([pane]);
  return {
    view,
    window,
    look,
    tool,
    panes,
    active: signal(pane),
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
      for (const one of panes.peek()) one.dispose();
    },
  };
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
    }),
    tool: signal(undefined),
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

function placeOf({ active }: Viewer) {
  const { plane, indices } = active.peek();
  return { plane: plane.peek(), indices: indices.peek() };
}
