/** A table that opens at its first rows, is searched, filtered and sorted, and copies into a spreadsheet. */
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { TableColumn, TableView } from '../../protocol/view.ts';
import { type ShownColumn, shownColumns, shownText } from '../../protocol/words/shownTable.ts';
import { ProvenanceDetails, ResearchOnly } from '../footer.tsx';
import { Messages } from '../messages.tsx';
import type { Messaging } from '../messaging.ts';
import { isOnPaper } from '../paper.ts';
import { Prose } from '../prose.tsx';
import { type Opened, OpenedSlices } from '../viewer/openedSlices.tsx';
import { type Sorting, sortRows } from './format.ts';
import { alignmentOf, Filters, Headings, Widths } from './headings.tsx';
import { isNarrowing, type Narrowing, narrowed, WHOLE } from './narrowed.ts';
import { type SlicesOpener, slicesOpener } from './slicesOpener.ts';
import { Space } from './space.tsx';
import { TableTools } from './tools.tsx';
import { type AllRows, useAllRows } from './useAllRows.ts';
import { useWindow } from './useWindow.ts';

/** Rows at which a table opens. */
const ROWS_AT_FIRST = 6;
/** Tables of a few more rows are shown whole: a click for one or two rows is no help. */
const ROWS_WITHOUT_CLICK = 8;
/** Rows that are printed. */
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
  const all = useAllRows(view, messaging);
  const [sorting, setSorting] = useState<Sorting>();
  const [narrowing, setNarrowing] = useState(WHOLE);
  const [hasFilters, setHasFilters] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const shown = useMemo(() => shownColumns(view), [view]);
  const { rows: known } = all;
  const rows = useMemo(
    () => sortRows(narrowed(known, narrowing, view.columns, shown), sorting),
    [known, narrowing, sorting, view, shown],
  );
  /** Whatever looks at rows looks at all of them. */
  const withAllRows = (change: () => void) => {
    change();
    void all.askForAll();
  };
  const isShort = view.totalRows <= ROWS_WITHOUT_CLICK;
  const isWhole = isOpen || isShort || isNarrowing(narrowing);
  const visible = isOnPaper.value ? rows.slice(0, ROWS_ON_PAPER) : isWhole ? rows : rows.slice(0, ROWS_AT_FIRST);
  return (
    <section class="output table-output" data-testid="table">
      <header>
        <h3>{view.title}</h3>
        <TableTools
          view={view}
          rows={rows}
          isShort={isShort}
          fetchRows={async () => sortRows(narrowed(await all.askForAll(), narrowing, view.columns, shown), sorting)}
          narrowing={narrowing}
          onNarrow={(to) => withAllRows(() => setNarrowing(to))}
          hasFilters={hasFilters}
          onFilters={() => {
            if (hasFilters) setNarrowing({ ...narrowing, filters: new Map() });
            setHasFilters(!hasFilters);
          }}
        />
      </header>
      <Messages messages={view.messages} />
      <Rows
        view={view}
        shown={shown}
        rows={visible}
        known={known}
        sorting={sorting}
        onSort={(column) => withAllRows(() => setSorting(nextSorting(sorting, column)))}
        filters={hasFilters ? narrowing.filters : undefined}
        onFilter={(index, wanted) => withAllRows(() => setNarrowing(withFilter(narrowing, index, wanted)))}
        isSelected={selectionIn(view, messaging)}
        openerOf={slicesOpener(view, messaging, setOpened)}
      />
      {opened && <OpenedSlices opened={opened} messaging={messaging} onClose={() => setOpened(undefined)} />}
      {!isShort && !isNarrowing(narrowing) && (
        <button
          type="button"
          class="link more"
          data-testid="all-rows"
          aria-expanded={isOpen}
          onClick={() => withAllRows(() => setIsOpen(!isOpen))}
        >
          {isOpen ? `Show the first ${ROWS_AT_FIRST} rows only` : `Show all ${view.totalRows} rows`}
        </button>
      )}
      <RowNotes view={view} all={all} isWhole={isWhole} />
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

/** Upwards, downwards, and as it came. */
function nextSorting(sorting: Sorting | undefined, column: number): Sorting | undefined {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? undefined : { column, descending: true };
}

function withFilter({ search, filters }: Narrowing, index: number, wanted: string): Narrowing {
  const others = [...filters].filter(([other]) => other !== index);
  return { search, filters: new Map(wanted.trim() === '' ? others : [...others, [index, wanted]]) };
}

function selectionIn({ columns }: TableView, { selection }: Messaging): (row: TableView['rows'][number]) => boolean {
  const patient = columns.findIndex(({ name }) => name === 'patient');
  const selected = selection.patients.value;
  return (row) => patient >= 0 && selected.has(String(row[patient]));
}

/** How many rows are missing, and why. */
function RowNotes({
  view: { rows, totalRows },
  all: { rows: known, isFetching, problem },
  isWhole,
}: {
  readonly view: TableView;
  readonly all: AllRows;
  readonly isWhole: boolean;
}): JSX.Element {
  return (
    <>
      {isFetching && <p class="note">Fetching the other rows …</p>}
      {isWhole && !isFetching && totalRows > known.length && (
        <p class="note" data-testid="rows-missing">
          {known.length} of {totalRows} rows. {problem ?? <Prose text="`export` writes all of them." />}
        </p>
      )}
      {rows.length > ROWS_ON_PAPER && (
        <p class="note on-paper">
          The first {ROWS_ON_PAPER} of {totalRows} rows.
        </p>
      )}
    </>
  );
}

function Rows({
  view: { title, columns },
  shown,
  rows,
  known,
  sorting,
  onSort,
  filters,
  onFilter,
  isSelected,
  openerOf,
}: {
  readonly view: TableView;
  readonly shown: readonly ShownColumn[];
  readonly rows: TableView['rows'];
  /** All rows that there are to choose from. */
  readonly known: TableView['rows'];
  readonly sorting: Sorting | undefined;
  readonly onSort: (index: number) => void;
  /** Absent where the filters are not shown. */
  readonly filters: ReadonlyMap<number, string> | undefined;
  readonly onFilter: (index: number, wanted: string) => void;
  readonly isSelected: (row: TableView['rows'][number]) => boolean;
  /** Absent where the table leads to no slices. */
  readonly openerOf: SlicesOpener | undefined;
}): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const { first, end, above, below } = useWindow(scroller, rows.length);
  const widths = useMemo(() => <Widths rows={known} columns={columns} shown={shown} />, [known, columns, shown]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={title} ref={scroller}>
      <table class={widthOf(shown)} aria-rowcount={rows.length + 1}>
        <thead>
          <Headings shown={shown} sorting={sorting} onSort={onSort} />
          {filters && <Filters rows={known} shown={shown} filters={filters} onFilter={onFilter} />}
          {widths}
        </thead>
        <tbody>
          {above > 0 && <Space height={above} />}
          {rows.slice(first, end).map((row, r) => (
            <Row
              key={first + r}
              index={first + r}
              row={row}
              columns={columns}
              shown={shown}
              isSelected={isSelected(row)}
              openerOf={openerOf}
            />
          ))}
          {below > 0 && <Space height={below} />}
        </tbody>
      </table>
    </section>
  );
}

function widthOf(columns: readonly ShownColumn[]): 'widest' | 'wide' | undefined {
  return columns.length > WIDEST ? 'widest' : columns.length > WIDE ? 'wide' : undefined;
}

function Row({
  index,
  row,
  columns,
  shown,
  isSelected,
  openerOf,
}: {
  /** Among the rows that are left, from 0. */
  readonly index: number;
  readonly row: TableView['rows'][number];
  readonly columns: readonly TableColumn[];
  readonly shown: readonly ShownColumn[];
  readonly isSelected: boolean;
  readonly openerOf: SlicesOpener | undefined;
}): JSX.Element {
  const open = openerOf?.(row);
  return (
    <tr class={isSelected ? 'selected' : undefined} aria-rowindex={index + 2}>
      {shown.map((one) => (
        <td
          key={one.column.name}
          class={`${alignmentOf(one.column)}${one.column.kind === 'p-value' ? ' p-value' : ''}`}
        >
          {open && one.column.name === 'patient' ? (
            <button
              type="button"
              class="link"
              data-testid={`open-${shownText(row, columns, one)}`}
              title="Show the slice that tells most of this row"
              onClick={open}
            >
              {shownText(row, columns, one)}
            </button>
          ) : (
            shownText(row, columns, one)
          )}
        </td>
      ))}
    </tr>
  );
}
