/** The file that a table of a cell was loaded from, and another in its place: chosen, or dropped onto the cell. It never leaves the page. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Prose } from '../prose.tsx';
import type { PageState, TableFile } from './pageState.ts';

const ACCEPTED = '.csv,.tsv,.txt,.json,text/csv,text/tab-separated-values,application/json';

export function LoadedFile({ table, state }: { readonly table: TableFile; readonly state: PageState }): JSX.Element {
  const { name, file: own } = table;
  const input = useRef<HTMLInputElement>(null);
  const { file, reading, problem } = state.files.value[name] ?? {};
  return (
    <div class="file" data-testid="loaded-file" data-name={name}>
      <span role="status">
        {file === undefined ? (
          <>
            <b>{name}</b> is from {own}.
          </>
        ) : (
          <>
            <b>{name}</b> is from {file}, in the place of {own}.
          </>
        )}
        {reading !== undefined && ` Reading ${reading}…`}
      </span>
      <button type="button" data-testid="choose-file" onClick={() => input.current?.click()}>
        Put another file in its place…
      </button>
      <span class="hint">or drop one here: csv, tsv or JSON. It stays in this page.</span>
      {file !== undefined && (
        <button type="button" data-testid="own-file" onClick={() => state.putBack(name)}>
          Back to {own}
        </button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED}
        aria-label={`A file in the place of ${own}`}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) void state.putFile(name, chosen);
          // The same file may be chosen again, once it was mended.
          event.currentTarget.value = '';
        }}
      />
      {problem && (
        <p class="problem" role="alert" data-testid="file-problem">
          <Prose text={problem} /> {file ?? own} stays.
        </p>
      )}
    </div>
  );
}

/** Of files that are dropped anywhere on the page: one that is dropped beside its place would take the page's otherwise. */
export function takeDroppedFiles(state: PageState): void {
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    const table = file && tableDroppedOn(event.target, file.name, state);
    if (table) void state.putFile(table.name, file);
  });
}

/** The table on whose line it falls; else the only one of the cell, or of the page, or the one that was loaded from a file of that name. */
function tableDroppedOn(target: EventTarget | null, file: string, state: PageState): TableFile | undefined {
  if (!(target instanceof Element)) return undefined;
  const cell = target.closest<HTMLElement>('[data-place]');
  const line = target.closest<HTMLElement>('[data-testid="loaded-file"]');
  const ofCell = cell ? state.filesOf(Number(cell.dataset.place)) : [];
  const tables = ofCell.length > 0 ? ofCell : state.cells.flatMap((_, place) => state.filesOf(place));
  return (
    tables.find(({ name }) => name === line?.dataset.name) ??
    (tables.length === 1 ? tables[0] : tables.find((one) => one.file === file))
  );
}
