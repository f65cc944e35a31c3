/** Plotly with only the traces that LungNB draws, and its events of points. */
import bar from 'plotly.js/lib/bar';
import box from 'plotly.js/lib/box';
import core from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';
import type { PlotPoint } from './linking.ts';

core.register([bar, box, heatmap]);

export const Plotly = core;

type PointsEvent = { readonly points?: readonly PlotPoint[]; readonly event?: Partial<MouseEvent> } | undefined;

/**
 * Calls back with the points that are clicked or lassoed in the figure, none where the mark is taken away, until the
 * returned function is called. `isAdding` is with Shift, Ctrl or Cmd held.
 */
export function listenToPoints(
  figure: HTMLElement,
  callback: (points: readonly PlotPoint[], isAdding: boolean) => void,
): () => void {
  // SAFETY: Plotly makes the element of a figure an emitter of its own events.
  const emitter = figure as unknown as {
    on(name: string, listener: (event: PointsEvent) => void): void;
    removeListener(name: string, listener: (event: PointsEvent) => void): void;
  };
  const clicked = (event: PointsEvent) =>
    callback(event?.points ?? [], Boolean(event?.event?.shiftKey || event?.event?.ctrlKey || event?.event?.metaKey));
  // Without points the mark was a mere click beside them; what is then taken away comes as `deselect`.
  const marked = (event: PointsEvent) => event && callback(event.points ?? [], false);
  const cleared = () => callback([], false);
  const listeners = { plotly_click: clicked, plotly_selected: marked, plotly_deselect: cleared };
  for (const [name, listener] of Object.entries(listeners)) emitter.on(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) emitter.removeListener(name, listener);
  };
}
