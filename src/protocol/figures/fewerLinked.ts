/** The patients behind a figure, where not all can be kept: those whose points are drawn, and of cells some by lot. */
import { createRandom } from '../random.ts';
import type { FigureView } from '../view.ts';
import { cellsOf, placesByLot, withCount } from './fewerPoints.ts';

type Trace = FigureView['data'][number];

/** The figure without the rows that no point of it names. */
export function withoutIdleRows(figure: FigureView): FigureView {
  const { patients } = figure;
  if (!patients) return figure;
  const named = patients.panels.map((_, panel) => namedRows(figure.data, panel));
  if (named.every((rows, panel) => !rows || rows.length === patients.panels[panel]!.rows.length)) return figure;
  const places = named.map((rows) => rows && new Map(rows.map((row, place) => [row, place])));
  const data = figure.data.map((trace) => {
    const { panel, rows } = linkOf(trace);
    const moved = panel === undefined ? undefined : places[panel];
    return moved && rows ? { ...trace, meta: { panel, rows: rows.map((row) => moved.get(row)!) } } : trace;
  });
  const panels = patients.panels.map((panel, n) => {
    const rows = named[n];
    return rows ? { ...panel, rows: rows.map((row) => panel.rows[row]!) } : panel;
  });
  return { ...figure, data, patients: { ...patients, panels } };
}

/** Of a figure of cells, at most so many of the patients behind them, with a note that says so. */
export function withFewerBehindCells(
  figure: FigureView,
  most: number,
  note: (kept: number, all: number) => string,
): FigureView {
  const { patients, data } = figure;
  if (!patients || data.some((trace) => linkOf(trace).panel !== undefined && cellsOf(trace))) return figure;
  const before = patients.panels.reduce((sum, { rows }) => sum + rows.length, 0);
  if (before <= most) return figure;
  const random = createRandom('patients kept');
  const panels = patients.panels.map((panel) => ({
    ...panel,
    rows: placesByLot(panel.rows.length, Math.floor((most * panel.rows.length) / before), random).map(
      (place) => panel.rows[place]!,
    ),
  }));
  const now = panels.reduce((sum, { rows }) => sum + rows.length, 0);
  return { ...figure, patients: { ...patients, panels }, ...withCount(figure, { before, now, note }) };
}

/** The rows that traces name, in rising order; undefined where a trace has the points of all, or cells. */
function namedRows(data: readonly Trace[], panel: number): number[] | undefined {
  const links = data.map(linkOf).filter((link) => link.panel === panel);
  if (links.length === 0 || links.some(({ rows }) => !rows)) return undefined;
  return [...new Set(links.flatMap(({ rows }) => rows!))].sort((a, b) => a - b);
}

function linkOf({ meta }: Trace): { readonly panel?: number; readonly rows?: readonly number[] } {
  if (typeof meta !== 'object' || meta === null) return {};
  const { panel, rows }: { panel?: unknown; rows?: unknown } = meta;
  return {
    ...(typeof panel === 'number' && { panel }),
    ...(Array.isArray(rows) && { rows }),
  };
}
