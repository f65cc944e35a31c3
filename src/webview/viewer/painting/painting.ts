/** Editing the masks of a viewer's CT by hand: the brush, how things stand, and the acts, which the kernel does. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { SlicePoint } from '../../../protocol/annotations/annotation.ts';
import { LOBES } from '../../../protocol/names.ts';
import { type Brush, NOTHING, type Stroke } from '../../../protocol/painting/brush.ts';
import type { EditingState, MaskEdit, MaskEditReply, SlicePlaceAsked } from '../../../protocol/painting/editing.ts';
import { type ShownClass, shownClasses } from '../../../protocol/shownClasses.ts';
import type { Plane, SliceView } from '../../../protocol/view.ts';
import type { Messaging } from '../../messaging.ts';
import type { Slice } from '../decode.ts';
import { createEditedLabels, type EditedLabels, type PendingStroke } from './editedLabels.ts';
import { LOBE_CLASSES } from './lobesShown.ts';

export interface BrushSettings extends Omit<Brush, 'hu'> {
  readonly radiusMm: number;
  readonly isBall: boolean;
  /** Where the brush keeps to them; kept also while it does not. */
  readonly hu: readonly [low: number, high: number];
  readonly keepsToHu: boolean;
}

export const RADIUS_MM = { least: 0.5, most: 50 } as const;

export interface Painting {
  /** Why nothing can be edited here, in a sentence; undefined where it can. */
  readonly cannot: ReadonlySignal<string | undefined>;
  readonly isOn: Signal<boolean>;
  readonly brush: Signal<BrushSettings>;
  /** As the kernel said last; undefined before editing has begun. */
  readonly state: ReadonlySignal<EditingState | undefined>;
  /** Acts that are on their way. */
  readonly waiting: ReadonlySignal<number>;
  /** The slice as it was edited. */
  edited(slice: Slice): Slice;
  change(settings: Partial<BrushSettings>): void;
  /** The labels of the layer that is painted, from 1 on. */
  labels(): readonly ShownClass[];
  /** Begins a stroke on a slice. */
  stroke(slice: Slice, isErasing: boolean): StrokeInProgress;
  fill(plane: Plane): void;
  reject(slice: Slice, pixel: number): void;
  /** Takes the label at a place, to paint with it. */
  pick(slice: Slice, pixel: number): void;
  undo(): void;
  redo(): void;
  save(): Promise<void>;
  /** Puts statements into the notebook that measure with what was edited, and runs them. */
  use(): Promise<void>;
  toggle(): Promise<void>;
}

export interface StrokeInProgress {
  add(point: SlicePoint): void;
  end(): void;
  cancel(): void;
}

export type PaintingMessaging = Pick<Messaging, 'editMask' | 'useMasks'> & Partial<Pick<Messaging, 'isRestricted'>>;

export interface PaintingParts {
  readonly view: SliceView;
  readonly messaging: PaintingMessaging;
  readonly say: (note: string) => void;
  /** The slices on screen. */
  readonly looked: () => readonly SlicePlaceAsked[];
}

/** Undefined where there is no kernel that could edit anything, or two CTs are side by side. */
export function createPainting({ view, messaging, say, looked }: PaintingParts): Painting | undefined {
  const { editMask, useMasks, isRestricted } = messaging;
  if (!editMask || !useMasks || view.beside) return undefined;
  const isOn = signal(false);
  const brush = signal<BrushSettings>(FIRST_BRUSH);
  const { state, waiting, labels, ask, heardLater } = createAsking({
    ask: (edit, look) => editMask({ handle: view.handle, edit, look }),
    say,
    looked,
  });
  const asBrush = (label = brush.peek().label): Brush => {
    const { layer, withinLung, replaces, hu, keepsToHu } = brush.peek();
    return { layer, label, withinLung, ...(replaces !== undefined && { replaces }), ...(keepsToHu && { hu }) };
  };
  return {
    cannot: computed(() => cannotEdit(view, isRestricted?.value)),
    isOn,
    brush,
    state,
    waiting,
    edited: (slice) => (state.value ? labels.on(slice) : slice),
    change: (settings) => {
      brush.value = changedBrush(brush.peek(), settings);
    },
    labels: () => (brush.value.layer === 'lobes' ? LOBE_CLASSES : shownClasses(view.ownClasses)),
    stroke: (slice, isErasing) =>
      strokeOn(slice, { ...brush.peek(), brush: asBrush(isErasing ? NOTHING : undefined) }, labels, heardLater),
    fill: (plane) => void ask({ act: 'fill', plane, brush: asBrush() }),
    reject: ({ plane, index }, pixel) =>
      void ask({ act: 'reject', layer: brush.peek().layer, at: { plane, index, pixel } }),
    pick(slice, pixel) {
      const { layer } = brush.peek();
      const label = slice[layer]?.[pixel];
      const name = label && (layer === 'lobes' ? LOBES[label - 1] : shownClasses(view.ownClasses)[label - 1]?.label);
      if (!label) return say(`There is nothing of the ${layer} here.`);
      brush.value = { ...brush.peek(), label };
      say(`The brush paints ${name}.`);
    },
    undo: () => void (state.peek()?.canUndo ? ask({ act: 'undo' }) : say('There is nothing to take back.')),
    redo: () => void (state.peek()?.canRedo ? ask({ act: 'redo' }) : say('There is nothing to bring again.')),
    async save() {
      await ask({ act: 'save' });
    },
    async use() {
      if (state.peek()?.isSaved === false && !(await ask({ act: 'save' }))) return;
      const reply = await useMasks({ handle: view.handle });
      say('problem' in reply ? reply.problem : reply.note);
    },
    async toggle() {
      const reason = cannotEdit(view, isRestricted?.peek());
      if (isOn.peek()) isOn.value = false;
      else if (reason !== undefined) say(reason);
      else {
        if (!state.peek()) say('Opening the masks …');
        if (!(await ask({ act: 'open' }))) return;
        isOn.value = true;
        const hindered = state.peek()?.cannotSave;
        if (hindered !== undefined) say(hindered);
      }
    },
  };
}

const FIRST_BRUSH: BrushSettings = {
  layer: 'textures',
  label: 2,
  withinLung: false,
  radiusMm: 6,
  isBall: false,
  hu: [-950, -500],
  keepsToHu: false,
};

/** A label of lobes is none of textures. */
function changedBrush(before: BrushSettings, settings: Partial<BrushSettings>): BrushSettings {
  const next = { ...before, ...settings };
  if (next.layer === before.layer) return next;
  const { replaces: _, ...rest } = next;
  return { ...rest, label: next.layer === 'lobes' ? 1 : 2 };
}

interface Asked {
  readonly ask: (edit: MaskEdit, look: readonly SlicePlaceAsked[]) => Promise<MaskEditReply>;
  readonly say: (note: string) => void;
  readonly looked: () => readonly SlicePlaceAsked[];
}

/** Asks the kernel for acts, and keeps what it says of them. */
function createAsking({ ask: askKernel, say, looked }: Asked) {
  const state = signal<EditingState>();
  const waiting = signal(0);
  /** Strokes that the kernel has not answered. */
  const pending: PendingStroke[] = [];
  const labels = createEditedLabels(
    (places) => ask({ act: 'open' }, places),
    () => state.peek()?.box,
  );
  /** False where it cannot be; why is said. */
  const ask = async (edit: MaskEdit, look = looked(), stroke?: PendingStroke): Promise<boolean> => {
    const isFirst = !state.peek();
    waiting.value++;
    const reply = await askKernel(edit, look);
    waiting.value--;
    if (stroke) pending.splice(pending.indexOf(stroke), 1);
    if ('problem' in reply) {
      // A stroke that was not done is not to be seen either.
      if (stroke) labels.outdate(EVERYWHERE);
      say(reply.problem);
      return false;
    }
    state.value = reply.state;
    labels.outdate(reply.changed);
    await labels.take(reply.labels, pending);
    if (reply.note !== undefined && (edit.act !== 'open' || isFirst)) say(reply.note);
    return true;
  };
  const heardLater = (stroke: PendingStroke) => {
    pending.push(stroke);
    void ask({ act: 'stroke', ...stroke }, undefined, stroke);
  };
  return { state, waiting, labels, ask, heardLater };
}

const EVERYWHERE = {
  low: { axial: 0, coronal: 0, sagittal: 0 },
  high: { axial: Infinity, coronal: Infinity, sagittal: Infinity },
};

function strokeOn(
  slice: Slice,
  { brush, radiusMm, isBall }: Pick<BrushSettings, 'radiusMm' | 'isBall'> & { readonly brush: Brush },
  labels: EditedLabels,
  done: (stroke: PendingStroke) => void,
): StrokeInProgress {
  const before = { lobes: slice.lobes?.slice(), textures: slice.textures?.slice() };
  const path: SlicePoint[] = [];
  const strokeOf = ([first, ...others]: readonly [SlicePoint, ...SlicePoint[]]): Stroke => ({
    plane: slice.plane,
    index: slice.index,
    path: [first, ...others],
    radiusMm,
    isBall,
  });
  return {
    add(point) {
      const to: SlicePoint = [round(point[0]), round(point[1])];
      const last = path.at(-1);
      if (last?.[0] === to[0] && last[1] === to[1]) return;
      path.push(to);
      labels.paint(slice, { brush, stroke: strokeOf(last ? [last, to] : [to]) });
    },
    end() {
      const [first, ...others] = path;
      if (first) done({ brush, stroke: strokeOf([first, ...others]) });
    },
    cancel: () => labels.putBack(slice, before),
  };
}

/** Thousandths of a pixel: as much as a message needs. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function cannotEdit({ overlay }: SliceView, isRestricted: boolean | undefined): string | undefined {
  if (isRestricted) return 'This folder is not trusted, so that nothing runs and nothing can be edited.';
  if (!overlay) return 'Masks are edited from what was measured: show the CT with an overlay, `overlay ai`.';
  return undefined;
}
