/** What a computing page would hold that the notebook does not show. */
import type { Notebook } from '../notebook.ts';
import { atMost } from '../words/lists.ts';
import type { PageComputing } from './computing.ts';

const NAMES_SHOWN = 8;

/** Sentences on what the page holds beside its outputs, for whoever is to share it; undefined where that is nothing. */
export function heldBeside({ values }: PageComputing, { cells }: Pick<Notebook, 'cells'>): string | undefined {
  const shown = new Set(
    cells.flatMap(({ outputs = [] }) =>
      outputs.flatMap(({ view }) => (view?.type === 'table' ? view.columns.map(({ name }) => name) : [])),
    ),
  );
  const tables = Object.entries(values).flatMap(([name, value]) =>
    value.kind === 'parameter' ? [] : [{ name, columns: value.table.map((column) => column.name) }],
  );
  if (tables.length === 0) return undefined;
  const names = atMost(
    tables.map(({ name }) => name),
    NAMES_SHOWN,
  );
  const held = `To compute with, it holds all rows and columns of ${names}.`;
  const unshown = tables.flatMap(({ name, columns }) => {
    const own = columns.filter((column) => !shown.has(column));
    return own.length ? [`${name} (${atMost(own, NAMES_SHOWN)})`] : [];
  });
  return unshown.length ? `${held} No output shows these columns: ${unshown.join('; ')}.` : held;
}
