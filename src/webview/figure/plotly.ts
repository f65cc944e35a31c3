/** Plotly with only the traces that LungNB draws, and its events of points. */
import bar from 'plotly.js/lib/bar';
import box from 'plotly.js/lib/box';
import core from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';
import type { PlotPoint } from './linking.ts';

core.register([bar, box, heatmap]);

export const Plotly = core;

type PointsEvent = { readonly points?: readonly PlotPoint[]; readonly event?: Partial<MouseEvent> } | undefined;

/** Whether the patients of points take the place of those selected, or are added to them (with Shift, Ctrl or Cmd held), or each is selected or no longer so (by touch and pen, which have no such keys). */
export type HowChosen = 'instead' | 'added' | 'toggled';

type Listener = (points: readonly PlotPoint[], how: HowChosen) => void;

/**
 * Who listens to each figure. To Plotly one function listens to each for good: it keeps its listeners over a drawing, and
 * brings back those that were taken away meanwhile.
 */
const listening = new WeakMap<HTMLElement, { now?: Listener | undefined }>();

/**
 * Calls back with the points that are clicked, tapped or lassoed in the figure, none where the mark is taken away, until
 * the returned function is called, or another one listens.
 */
export function listenToPoints(figure: HTMLElement, listener: Listener): () => void {
  const listens = listening.get(figure) ?? listenedTo(figure);
  listens.now = listener;
  return () => {
    if (listens.now === listener) listens.now = undefined;
  };
}

function listenedTo(figure: HTMLElement): { now?: Listener | undefined } {
  // SAFETY: Plotly makes the element of a figure an emitter of its own events.
  const emitter = figure as unknown as { on(name: string, listener: (event: PointsEvent) => void): void };
  const listens: { now?: Listener | undefined } = {};
  listening.set(figure, listens);
  // Plotly's own events do not say what pointed, and a tap comes twice: once as it is, and once as the mouse that it stands for.
  let pointer: string | undefined;
  figure.addEventListener(
    'pointerdown',
    ({ pointerType }) => {
      pointer = pointerType;
    },
    { capture: true },
  );
  emitter.on('plotly_click', (event) => {
    if (pointer === undefined) return;
    listens.now?.(event?.points ?? [], pointer === 'mouse' ? howChosen(event?.event) : 'toggled');
    pointer = undefined;
  });
  // Without points the mark was a mere click beside them; what is then taken away comes as `deselect`.
  emitter.on('plotly_selected', (event) => event && listens.now?.(event.points ?? [], 'instead'));
  emitter.on('plotly_deselect', () => listens.now?.([], 'instead'));
  return listens;
}

function howChosen(event: Partial<MouseEvent> | undefined): HowChosen {
  return event?.shiftKey || event?.ctrlKey || event?.metaKey ? 'added' : 'instead';
}
