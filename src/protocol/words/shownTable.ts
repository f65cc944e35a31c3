/** Tables as they are shown, on screen and in plain text: a confidence interval stands within the cells of what it is of. */
import type { CellValue, TableColumn, TableView } from '../view.ts';
import { formatCell } from './formatCell.ts';

/** A column that is shown, with its place in a row, and that of the ends of its interval. */
export interface ShownColumn {
  readonly column: TableColumn;
  readonly index: number;
  readonly ends: readonly [low: number, high: number] | undefined;
}

export function shownColumns({ columns }: Pick<TableView, 'columns'>): ShownColumn[] {
  const placeOf = (name: string) => columns.findIndex((column) => column.name === name);
  const all = columns.map((column, index): ShownColumn => {
    const [low, high] = (column.interval ?? []).map(placeOf);
    const isWhole = low !== undefined && high !== undefined && low >= 0 && high >= 0;
    return { column, index, ends: isWhole ? [low, high] : undefined };
  });
  const within = new Set(all.flatMap(({ ends }) => ends ?? []));
  return agreementBesideKappa(all.filter(({ index }) => !within.has(index)));
}

/** How often both sides agree is read together with κ, before its standard error and p, and is seen without scrolling. */
function agreementBesideKappa(shown: readonly ShownColumn[]): ShownColumn[] {
  const agreement = shown.find(({ column }) => column.name === 'percent_agreement');
  const isKappa = ({ column }: ShownColumn) => column.name === 'kappa';
  if (!agreement || !shown.some(isKappa)) return [...shown];
  return shown.flatMap((one) => (one === agreement ? [] : isKappa(one) ? [one, agreement] : [one]));
}

/** "0.71", or "0.71 [0.58; 0.80]" where both ends of the interval are known. */
export function shownText(row: readonly CellValue[], columns: readonly TableColumn[], shown: ShownColumn): string {
  const text = formatCell(row[shown.index] ?? null, shown.column);
  const [low, high] = (shown.ends ?? []).map((end) => formatCell(row[end] ?? null, columns[end]!));
  return text && low && high ? `${text} [${low}; ${high}]` : text;
}
