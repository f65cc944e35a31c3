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

/**
 * Calls back with the points that are clicked, tapped or lassoed in the figure, none where the mark is taken away, until
 * the returned function is called.
 */
export function listenToPoints(
  figure: HTMLElement,
  callback: (points: readonly PlotPoint[], how: HowChosen) => void,
): () => void {
  // SAFETY: Plotly makes the element of a figure an emitter of its own events.
  const emitter = figure as unknown as {
    on(name: string, listener: (event: PointsEvent) => void): void;
    removeListener(name: string, listener: (event: PointsEvent) => void): void;
  };
  // Plotly's own events do not say what pointed, and a tap comes twice: once as it is, and once as the mouse that it stands for.
  let pointer: string | undefined;
  // Plotly keeps listeners over a drawing, and may bring one back that was taken away.
  let ended = false;
  const down = ({ pointerType }: PointerEvent) => {
    pointer = pointerType;
  };
  figure.addEventListener('pointerdown', down, { capture: true });
  const clicked = (event: PointsEvent) => {
    if (pointer === undefined || ended) return;
    callback(event?.points ?? [], pointer === 'mouse' ? howChosen(event?.event) : 'toggled');
    pointer = undefined;
  };
  // Without points the mark was a mere click beside them; what is then taken away comes as `deselect`.
  const marked = (event: PointsEvent) => event && !ended && callback(event.points ?? [], 'instead');
  const cleared = () => !ended && callback([], 'instead');
  const listeners = { plotly_click: clicked, plotly_selected: marked, plotly_deselect: cleared };
  for (const [name, listener] of Object.entries(listeners)) emitter.on(name, listener);
  return () => {
    ended = true;
    figure.removeEventListener('pointerdown', down, { capture: true });
    for (const [name, listener] of Object.entries(listeners)) emitter.removeListener(name, listener);
  };
}

function howChosen(event: Partial<MouseEvent> | undefined): HowChosen {
  return event?.shiftKey || event?.ctrlKey || event?.metaKey ? 'added' : 'instead';
}
