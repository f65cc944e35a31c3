/**
 * Keeps a notebook's file within 10 MB, however many large views it has together: of the largest outputs points of
 * figures go first, by lot, then the last rows of tables, then pictures that a cell draws again. What is left out says so
 * itself. Parameters, the cells' text, numbers, short tables and where results come from always stay.
 *
 * What is left out is decided by the notebook alone, and a notebook within the limit stays as it is: saved twice, or opened
 * and saved, it loses nothing further.
 */

import { withFewerBehindCells, withoutIdleRows } from './figures/fewerLinked.ts';
import { fewerPoints } from './figures/fewerPoints.ts';
import type { Notebook, NotebookOutput } from './notebook.ts';
import type { FigureView, SliceView, TableView, ViewModel } from './view.ts';
import { plainText } from './views/index.ts';

/** What git, mail and editors take well. */
export const MOST_SAVED_BYTES = 10e6;

/** Before any of them is asked for more, all figures are asked for the same. */
const POINTS = [5000, 2500, 1000, 500, 200];
const ROWS = [200, 100, 50, 20];

const WHY = 'To keep the notebook’s file within 10 MB,';

type Step = (view: ViewModel) => ViewModel;

const STEPS: readonly Step[] = [
  ...POINTS.map(
    (most): Step =>
      (view) =>
        view.type === 'figure' ? withPoints(view, most) : view,
  ),
  ...ROWS.map(
    (most): Step =>
      (view) =>
        view.type === 'table' ? withRows(view, most) : view,
  ),
  (view) => (view.type === 'slices' ? withoutPictures(view) : view),
];

/** The notebook itself where its file has at most so many bytes: `bytes` says how many an output takes, and the whole. */
export function withinSize(
  notebook: Notebook,
  { whole, ofOutput }: { readonly whole: number; readonly ofOutput: (output: NotebookOutput) => number },
  most = MOST_SAVED_BYTES,
): Notebook {
  if (whole <= most) return notebook;
  const outputs = notebook.cells.map(({ outputs = [] }) => [...outputs]);
  const sizes = outputs.map((own) => own.map(ofOutput));
  let left = whole - most;
  for (const step of STEPS) {
    for (const [cell, n] of largestFirst(sizes)) {
      if (left <= 0) break;
      const output = outputs[cell]![n]!;
      const shortened = stepped(output, step);
      if (shortened === output) continue;
      const size = ofOutput(shortened);
      left -= sizes[cell]![n]! - size;
      outputs[cell]![n] = shortened;
      sizes[cell]![n] = size;
    }
  }
  const cells = notebook.cells.map((cell, n) => (cell.outputs ? { ...cell, outputs: outputs[n]! } : cell));
  return { ...notebook, cells };
}

/** Places of outputs by size; of equal ones, in their order. */
function largestFirst(sizes: readonly (readonly number[])[]): [cell: number, output: number][] {
  const places = sizes.flatMap((own, cell) => own.map((_, n): [number, number] => [cell, n]));
  return places.sort(([a, m], [b, n]) => sizes[b]![n]! - sizes[a]![m]!);
}

function stepped(output: NotebookOutput, step: Step): NotebookOutput {
  if (!output.view) return output;
  const view = step(output.view);
  if (view === output.view) return output;
  return { ...output, view, ...(output.text !== undefined && { text: plainText(view) }) };
}

function withPoints(view: FigureView, most: number): FigureView {
  const fewer = withoutIdleRows(fewerPoints(view, most, pointsKept));
  return withFewerBehindCells(fewer, most, behindCellsKept);
}

function pointsKept(kept: number, all: number): string {
  return `${WHY} ${kept} of ${all} points are kept, by lot, with the outermost of each panel, while all count in the numbers, lines and boxes; run the cell again to see more.`;
}

function behindCellsKept(kept: number, all: number): string {
  return `${WHY} ${kept} of the ${all} patients behind its cells are kept, by lot, while all count in the cells; run the cell again to choose from all.`;
}

function withRows(view: TableView, most: number): TableView {
  const { rows, totalRows, notes } = view;
  if (rows.length <= most) return view;
  const note = (kept: number) =>
    `${WHY} the first ${kept} of ${totalRows} rows are kept; run the cell again to see more.`;
  const others = notes.filter((one) => one !== note(rows.length));
  return { ...view, rows: rows.slice(0, most), notes: [...others, note(most)] };
}

function withoutPictures(view: SliceView): SliceView {
  if (view.slices.length === 0 && !view.beside?.view.slices.length) return view;
  const reason = `${WHY} its pictures are left out; run the cell again to see them.`;
  const { beside } = view;
  return {
    ...view,
    slices: [],
    reason: view.reason === undefined ? reason : `${view.reason} ${reason}`,
    ...(beside && { beside: { ...beside, view: { ...beside.view, slices: [] } } }),
  };
}
