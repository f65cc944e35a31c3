/** The headings of a table, which sort it, and below them what its columns are filtered by. */
import type { JSX } from 'preact';
import type { TableColumn, TableView } from '../../protocol/view.ts';
import { formatCell } from '../../protocol/words/formatCell.ts';
import { type ShownColumn, shownText } from '../../protocol/words/shownTable.ts';
import { quotedProse } from '../prose.tsx';
import type { Sorting } from './format.ts';
import { choicesOf, EXACTLY } from './narrowed.ts';

type Rows = TableView['rows'];

export function alignmentOf({ kind }: TableColumn): string {
  return kind === 'text' || kind === 'prose' ? kind : 'number';
}

export function Headings({
  shown,
  sorting,
  onSort,
}: {
  readonly shown: readonly ShownColumn[];
  readonly sorting: Sorting | undefined;
  /** Takes the place of a column in the row. */
  readonly onSort: (index: number) => void;
}): JSX.Element {
  return (
    <tr>
      {shown.map(({ column, index }) => (
        <th
          key={column.name}
          scope="col"
          class={alignmentOf(column)}
          aria-sort={sorting?.column === index ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
        >
          <button
            type="button"
            title={quotedProse(column.description ?? `Sort by ${column.label}`)}
            onClick={() => onSort(index)}
          >
            {column.label}
            {column.unit && <span class="unit"> {column.unit}</span>}
            {sorting?.column === index && (
              <span class="arrow" aria-hidden="true">
                {sorting.descending ? ' ▼' : ' ▲'}
              </span>
            )}
          </button>
        </th>
      ))}
    </tr>
  );
}

export function Filters({
  rows,
  shown,
  filters,
  onFilter,
}: {
  readonly rows: Rows;
  readonly shown: readonly ShownColumn[];
  readonly filters: ReadonlyMap<number, string>;
  /** An empty text takes the filter away. */
  readonly onFilter: (index: number, wanted: string) => void;
}): JSX.Element {
  return (
    <tr class="filters" data-testid="filters">
      {shown.map((one) => (
        <td key={one.column.name}>
          <Filter
            {...one}
            choices={choicesOf(rows, one)}
            value={filters.get(one.index) ?? ''}
            onFilter={(wanted) => onFilter(one.index, wanted)}
          />
        </td>
      ))}
    </tr>
  );
}

function Filter({
  column,
  choices,
  value,
  onFilter,
}: ShownColumn & {
  readonly choices: readonly string[] | undefined;
  readonly value: string;
  readonly onFilter: (wanted: string) => void;
}): JSX.Element {
  const label = `Filter ${column.label}`;
  if (choices)
    return (
      <select
        class="field"
        aria-label={label}
        data-testid={`filter-${column.name}`}
        value={value}
        onChange={({ currentTarget }) => onFilter(currentTarget.value)}
      >
        <option value="">all</option>
        {choices.map((choice) => (
          <option key={choice} value={EXACTLY + choice}>
            {choice === '' ? '(empty)' : formatCell(choice, column)}
          </option>
        ))}
      </select>
    );
  return (
    <input
      class="field"
      type="text"
      aria-label={label}
      data-testid={`filter-${column.name}`}
      placeholder={alignmentOf(column) === 'number' ? '> 0' : 'holds …'}
      title={alignmentOf(column) === 'number' ? 'Such as > 5, <= 20 or 5..20' : 'What stands in the cell'}
      value={value}
      onInput={({ currentTarget }) => onFilter(currentTarget.value)}
    />
  );
}

/** Holds the columns as wide as their longest cell, whichever rows are drawn. */
export function Widths({
  rows,
  columns,
  shown,
}: {
  readonly rows: Rows;
  readonly columns: readonly TableColumn[];
  readonly shown: readonly ShownColumn[];
}): JSX.Element {
  return (
    <tr class="widths">
      {shown.map((one) => (
        <td key={one.column.name} class={alignmentOf(one.column)}>
          {longest(rows, (row) => shownText(row, columns, one))}
        </td>
      ))}
    </tr>
  );
}

function longest(rows: Rows, textOf: (row: Rows[number]) => string): string {
  return rows.reduce((most, row) => {
    const text = textOf(row);
    return text.length > most.length ? text : most;
  }, '');
}
