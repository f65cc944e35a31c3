/** A table that sorts by its headings and copies into a spreadsheet. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TableColumn, TableView } from '../../protocol/view.ts';
import { formatCell } from '../../protocol/words/formatCell.ts';
import { Button } from '../controls.tsx';
import { ProvenanceDetails, ResearchOnly } from '../footer.tsx';
import { Messages } from '../messages.tsx';
import type { Messaging } from '../messaging.ts';
import { Prose } from '../prose.tsx';
import { type Opened, OpenedSlices } from '../viewer/openedSlices.tsx';
import { copyText, type Sorting, sortRows } from './format.ts';

function alignmentOf({ kind }: TableColumn): string {
  return kind === 'text' || kind === 'prose' ? kind : 'number';
}

/** Rows that are printed, as the style sheet has it. */
const ROWS_ON_PAPER = 40;
/** Tables of more columns than this are printed smaller, and those of many more smaller still. */
const WIDE = 11;
const WIDEST = 20;

export function TableOutput({
  view,
  messaging,
}: {
  readonly view: TableView;
  readonly messaging: Messaging;
}): JSX.Element {
  const selected = messaging.selection.patients.value;
  const [opened, setOpened] = useState<Opened>();
  const open = slicesOpener(view, messaging, setOpened);
  const patientColumn = view.columns.findIndex(({ name }) => name === 'patient');
  const isSelected = (row: TableView['rows'][number]) => patientColumn >= 0 && selected.has(String(row[patientColumn]));
  const [sorting, setSorting] = useState<Sorting>();
  const [copied, setCopied] = useState<'Copied' | 'Could not copy'>();
  const rows = sortRows(view.rows, sorting);
  const sortBy = (column: number) =>
    setSorting(
      sorting?.column !== column
        ? { column, descending: false }
        : sorting.descending
          ? undefined
          : { column, descending: true },
    );
  const copy = async () => {
    const done = await navigator.clipboard.writeText(copyText(view, rows)).then(
      () => true,
      () => false,
    );
    setCopied(done ? 'Copied' : 'Could not copy');
    setTimeout(() => setCopied(undefined), 2000);
  };
  return (
    <section class="output table-output" data-testid="table">
      <header>
        <h3>{view.title}</h3>
        <Button
          label={copied ?? 'Copy'}
          title="Copy the table, unrounded, for a spreadsheet"
          testId="copy"
          onClick={() => void copy()}
        />
      </header>
      <Messages messages={view.messages} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label={view.title}>
        <table class={widthOf(view)}>
          <Headings columns={view.columns} sorting={sorting} onSort={sortBy} />
          <tbody>
            {rows.map((row, r) => (
              <Row key={r} row={row} columns={view.columns} isSelected={isSelected(row)} onOpen={open} />
            ))}
          </tbody>
        </table>
      </section>
      {opened && <OpenedSlices opened={opened} messaging={messaging} onClose={() => setOpened(undefined)} />}
      {view.totalRows > rows.length && (
        <p class="note">
          Showing {rows.length} of {view.totalRows} rows; <code>export</code> writes all of them.
        </p>
      )}
      {rows.length > ROWS_ON_PAPER && (
        <p class="note on-paper">
          The first {ROWS_ON_PAPER} of {view.totalRows} rows.
        </p>
      )}
      {view.notes.length > 0 && (
        <ul class="notes">
          {view.notes.map((note) => (
            <li key={note}>
              <Prose text={note} />
            </li>
          ))}
        </ul>
      )}
      {view.researchOnly && <ResearchOnly />}
      <ProvenanceDetails provenance={view.provenance} />
    </section>
  );
}

type CellRow = TableView['rows'][number];

/** Opens the slices of a row's patient; undefined where the table leads to none. */
function slicesOpener(
  { handle, columns }: TableView,
  messaging: Messaging,
  show: (change: Opened | ((now: Opened | undefined) => Opened | undefined)) => void,
): ((row: CellRow) => void) | undefined {
  if (handle === undefined) return undefined;
  const cell = (row: CellRow, name: string) => String(row[columns.findIndex((column) => column.name === name)] ?? '');
  return (row) => {
    const wanted = { patient: cell(row, 'patient'), class: cell(row, 'class'), region: cell(row, 'region') };
    show({ ...wanted, reply: undefined });
    const isStill = (now: Opened | undefined) =>
      now?.patient === wanted.patient && now.class === wanted.class && now.region === wanted.region;
    void messaging
      .requestPatient({ handle, ...wanted })
      .then((reply) => show((now) => (isStill(now) ? { ...wanted, reply } : now)));
  };
}

function widthOf({ columns }: TableView): 'widest' | 'wide' | undefined {
  return columns.length > WIDEST ? 'widest' : columns.length > WIDE ? 'wide' : undefined;
}

function Headings({
  columns,
  sorting,
  onSort,
}: {
  readonly columns: readonly TableColumn[];
  readonly sorting: Sorting | undefined;
  /** Takes the number of a column. */
  readonly onSort: (column: number) => void;
}): JSX.Element {
  return (
    <thead>
      <tr>
        {columns.map((column, c) => (
          <th
            key={column.name}
            scope="col"
            class={alignmentOf(column)}
            aria-sort={sorting?.column === c ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button type="button" title={column.description ?? `Sort by ${column.label}`} onClick={() => onSort(c)}>
              {column.label}
              {column.unit && <span class="unit"> {column.unit}</span>}
              <span class="arrow" aria-hidden="true">
                {sorting?.column === c ? (sorting.descending ? '▼' : '▲') : ''}
              </span>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Row({
  row,
  columns,
  isSelected,
  onOpen,
}: {
  readonly row: CellRow;
  readonly columns: readonly TableColumn[];
  readonly isSelected: boolean;
  /** Absent where there are no slices to show. */
  readonly onOpen: ((row: CellRow) => void) | undefined;
}): JSX.Element {
  return (
    <tr class={isSelected ? 'selected' : undefined}>
      {columns.map((column, c) => (
        <td key={column.name} class={alignmentOf(column)}>
          {onOpen && column.name === 'patient' ? (
            <button
              type="button"
              class="link"
              data-testid={`open-${row[c]}`}
              title="Show the slice that tells most of this row"
              onClick={() => onOpen(row)}
            >
              {formatCell(row[c] ?? null, column)}
            </button>
          ) : (
            formatCell(row[c] ?? null, column)
          )}
        </td>
      ))}
    </tr>
  );
}
