/** Help while a cell is written: the language's completions and hovers, with what the session's names hold and what lies on disk. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Completions, Hover, PlaceInCell, Variable } from '../../protocol/kernelApi.ts';
import { counted } from '../base/counted.ts';
import { naturally } from '../base/naturally.ts';
import { definitionsIn } from '../language/checker.ts';
import { completionsAt, type KnownName } from '../language/completion.ts';
import { hoverAt } from '../language/hover.ts';
import { VERBS } from '../verbs/index.ts';
import { patientsOf } from '../verbs/studyFlow.ts';
import { kindsInWords, type Value } from '../verbs/value.ts';

interface Folders {
  readonly notebookFolder: string;
  readonly modelFolders: readonly string[];
}

export function complete(place: PlaceInCell, values: ReadonlyMap<string, Value>, folders: Folders): Completions {
  return completionsAt(sourceOf(place), place.offset, VERBS, {
    names: knownNames(place, values),
    files: (written) => filesBeginning(folders.notebookFolder, written),
    models: folders.modelFolders.flatMap((folder) => entriesOf(folder).map(({ name }) => name)),
  });
}

export function hover(place: PlaceInCell, values: ReadonlyMap<string, Value>): Hover | undefined {
  return hoverAt(sourceOf(place), place.offset, VERBS, knownNames(place, values));
}

/** The text of the cell that the place is in. */
export function sourceOf({ cells, cellId }: PlaceInCell): string {
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

function held(value: Value): Omit<KnownName, 'name'> {
  const kinds = [value.kind];
  const what = kindsInWords(kinds);
  if (value.kind === 'parameter') return { kinds, holds: `${what}, ${JSON.stringify(value.value)}` };
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
