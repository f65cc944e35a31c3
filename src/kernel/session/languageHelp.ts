/** Help while a cell is written: the language's completions and hovers, with what the session's names hold and what lies on disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Completions, Hover, PlaceInCell, Variable } from '../../protocol/kernelApi.ts';
import { counted } from '../base/counted.ts';
import { naturally } from '../base/naturally.ts';
import type { Held } from '../language/around.ts';
import { definitionsIn } from '../language/checker.ts';
import { completionsAt, type KnownName } from '../language/completion.ts';
import { hoverAt } from '../language/hover.ts';
import { patientsOf } from '../values/studyFlow.ts';
import { kindsInWords, type Value } from '../values/value.ts';
import { VERBS } from '../verbs/index.ts';

interface Folders {
  readonly notebookFolder: string;
  readonly modelFolders: readonly string[];
}

export function complete(place: PlaceInCell, values: ReadonlyMap<string, Value>, folders: Folders): Completions {
  return completionsAt(cellSource(place), place.offset, VERBS, {
    names: knownNames(place, values),
    files: (written) => filesBeginning(folders.notebookFolder, written),
    models: (task) => modelsFor(task, folders.modelFolders),
  });
}

/** `ranMsAgo` says how long ago the cell that made a name ended. */
export function hover(
  place: PlaceInCell,
  values: ReadonlyMap<string, Value>,
  ranMsAgo: (name: string) => number | undefined,
): Hover | undefined {
  const names = knownNames(place, values).map((known) => {
    const ms = ranMsAgo(known.name);
    return ms === undefined ? known : { ...known, ran: agoInWords(ms) };
  });
  return hoverAt(cellSource(place), place.offset, VERBS, names);
}

/** "just now", "3 min ago", "2 h ago", "4 days ago". */
export function agoInWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** The text of the cell that the place is in. */
export function cellSource({ cells, cellId }: PlaceInCell): string {
  return cells.find((cell) => cell.cellId === cellId)?.source ?? '';
}

/** Names of this and of earlier cells as they are written, and names that hold something. */
function knownNames({ cells, cellId }: PlaceInCell, values: ReadonlyMap<string, Value>): KnownName[] {
  const until = cells.findIndex((cell) => cell.cellId === cellId);
  const written = definitionsIn(cells.slice(0, until + 1), VERBS);
  const names = [...new Set([...written.keys(), ...values.keys()])];
  return names.map((name) => {
    const value = values.get(name);
    return value ? { name, ...held(value) } : { name, kinds: written.get(name)?.kinds ?? [] };
  });
}

export function variableOf(name: string, value: Value, cellId: string): Variable {
  const { holds = '', columns = [] } = held(value);
  const { kind } = value;
  return { name, kind, holds, columns, cellId, ...('provenance' in value ? { provenance: value.provenance } : {}) };
}

/** Columns and patients of a result. */
export function heldIn(value: Value): Held {
  const { columns, patients } = held(value);
  return { ...(columns ? { columns } : {}), ...(patients ? { patients } : {}) };
}

function held(value: Value): Omit<KnownName, 'name'> {
  const kinds = [value.kind];
  const what = kindsInWords(kinds);
  if (value.kind === 'parameter') return { kinds, holds: `${what}, ${JSON.stringify(value.value)}` };
  if (value.kind === 'masks') return { kinds, holds: `${what}, ${counted(value.masks.files.length, 'file')}` };
  if (value.kind === 'agreement')
    return {
      kinds,
      holds: `${what}, ${counted(value.table.numRows(), 'comparison')}`,
      columns: value.table.columnNames(),
    };
  const patients = patientsOf(value);
  const count = patients ? `, ${counted(patients.length, 'patient')}` : '';
  if (value.kind === 'cohort') return { kinds, holds: `${what}${count}`, patients: patients ?? [] };
  return {
    kinds,
    holds: `${what}${count}, ${counted(value.table.numRows(), 'row')}`,
    columns: value.table.columnNames(),
    ...(patients ? { patients } : {}),
  };
}

/** Files and folders (with a slash) in the folder that is written so far. */
function filesBeginning(folder: string, written: string): string[] {
  const within = written.slice(0, written.lastIndexOf('/') + 1);
  return entriesOf(join(folder, within)).map((entry) => `${within}${entry.name}${entry.isDirectory() ? '/' : ''}`);
}

/** Folders whose manifest is of the task; each name once, as the first folder that has it wins. */
function modelsFor(task: 'lobes' | 'textures', folders: readonly string[]): string[] {
  const found = folders.flatMap((folder) =>
    entriesOf(folder).flatMap(({ name }) => (taskOf(join(folder, name, 'manifest.json')) === task ? [name] : [])),
  );
  return [...new Set(found)];
}

/** A folder without a manifest that can be read is no model, which is all that is asked here. */
function taskOf(manifest: string): unknown {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')).task;
  } catch {
    return undefined;
  }
}

/** A folder that cannot be read has nothing to offer, which is all that is asked here. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => naturally(a.name, b.name));
  } catch {
    return [];
  }
}
