/** What stands beside a table's title: a search, its filters, and copying. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TableView } from '../../protocol/view.ts';
import { Button } from '../controls.tsx';
import { copyText } from './format.ts';
import { isNarrowing, type Narrowing } from './narrowed.ts';

export function TableTools({
  view,
  rows,
  isShort,
  fetchRows,
  narrowing,
  onNarrow,
  hasFilters,
  onFilters,
}: {
  readonly view: TableView;
  /** Those that are left. */
  readonly rows: TableView['rows'];
  /** Too short to be searched. */
  readonly isShort: boolean;
  /** All that are left of the whole table, in their order. */
  readonly fetchRows: () => Promise<TableView['rows']>;
  readonly narrowing: Narrowing;
  readonly onNarrow: (to: Narrowing) => void;
  readonly hasFilters: boolean;
  readonly onFilters: () => void;
}): JSX.Element {
  const [copied, setCopied] = useState<'Copied' | 'Could not copy'>();
  const copy = async () => {
    const done = await navigator.clipboard.writeText(copyText(view, await fetchRows())).then(
      () => true,
      () => false,
    );
    setCopied(done ? 'Copied' : 'Could not copy');
    setTimeout(() => setCopied(undefined), 2000);
  };
  return (
    <div class="tools">
      {!isShort && (
        <>
          {isNarrowing(narrowing) && (
            <span role="status" class="note">
              {rows.length} of {view.totalRows} rows
            </span>
          )}
          <input
            class="field search"
            type="search"
            placeholder="Search rows"
            aria-label={`Search ${view.title}`}
            data-testid="search-rows"
            value={narrowing.search}
            onInput={({ currentTarget }) => onNarrow({ ...narrowing, search: currentTarget.value })}
          />
          <Button
            label="Filter"
            title="Filter by columns"
            testId="filter-rows"
            pressed={hasFilters}
            onClick={onFilters}
          />
        </>
      )}
      <Button
        label={copied ?? 'Copy'}
        title={`Copy ${isNarrowing(narrowing) ? 'these rows' : 'the table'}, unrounded, for a spreadsheet`}
        testId="copy"
        onClick={() => void copy()}
      />
    </div>
  );
}
