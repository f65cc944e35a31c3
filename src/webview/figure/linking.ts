/** Which patients stand behind the points or cells of a figure that were clicked or lassoed, and which points behind selected patients. */
import type { FigureView, LinkedPatients } from '../../protocol/view.ts';
import { plain } from './plain.ts';

/** A point as Plotly's events tell it. */
export interface PlotPoint {
  readonly data: { readonly type?: string; readonly meta?: unknown };
  readonly pointNumber: number | readonly number[];
  readonly x: unknown;
  readonly y: unknown;
}

type Trace = FigureView['data'][number];

/** The number of the panel that a trace belongs to, if its points are patients. */
export function panelOf({ meta }: { readonly meta?: unknown }): number | undefined {
  const { panel } = plain(meta);
  return typeof panel === 'number' ? panel : undefined;
}

/** The number of the panel that a point belongs to: that of its trace, or its own where each cell of a map is one. */
export function panelAt({ data, pointNumber }: PlotPoint): number | undefined {
  const own = panelOfCell(data, pointNumber);
  return typeof own === 'number' ? own : panelOf(data);
}

function panelOfCell({ meta }: PlotPoint['data'], place: PlotPoint['pointNumber']): unknown {
  const { panels } = plain(meta);
  if (typeof place === 'number' || !Array.isArray(panels)) return undefined;
  const [row, column] = place;
  return panels[row!]?.[column!];
}

/** The row of the panel of each point of a trace; each point is the row of its own number where it does not say. */
function rowsIn({ meta }: { readonly meta?: unknown }): readonly number[] | undefined {
  const { rows } = plain(meta);
  return Array.isArray(rows) ? rows : undefined;
}

/** The patients of a point of a scatter plot, or of a cell of a confusion matrix (left upwards, right across). */
export function patientsAt({ panels }: LinkedPatients, point: PlotPoint): string[] {
  const panel = panelAt(point);
  const rows = panel === undefined ? [] : (panels[panel]?.rows ?? []);
  if (panelOfCell(point.data, point.pointNumber) !== undefined) return rows.map(({ patient }) => patient);
  if (point.data.type === 'heatmap')
    return rows
      .filter((row) => row.leftCategory === point.y && row.rightCategory === point.x)
      .map(({ patient }) => patient);
  const number = typeof point.pointNumber === 'number' ? point.pointNumber : -1;
  const row = rows[rowsIn(point.data)?.[number] ?? number];
  return row ? [row.patient] : [];
}

/** The traces with the points of selected patients to the fore; all alike where none is selected. */
export function withSelection<T extends Trace>(
  traces: readonly T[],
  { panels }: LinkedPatients,
  selected: ReadonlySet<string>,
): Trace[] {
  return traces.map((trace) => {
    const panel = panelOf(trace);
    if (panel === undefined || trace.type === 'heatmap') return trace;
    const { rows } = panels[panel]!;
    const points = rowsIn(trace)?.map((n) => rows[n]!) ?? rows;
    const chosen = points.flatMap(({ patient }, n) => (selected.has(patient) ? [n] : []));
    return {
      ...trace,
      selectedpoints: chosen.length ? chosen : null,
      selected: { marker: { opacity: 1 } },
      unselected: { marker: { opacity: 0.3 } },
    };
  });
}
