/** Looks at what the cells of a notebook load, before they run: whether it is there, and which columns and patients it has. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { CellText } from '../../protocol/kernelApi.ts';
import { unattended } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { listFiles } from '../ct/files/listFiles.ts';
import type { Loaded } from '../language/around.ts';
import { leavesOf, withParts } from '../language/clauses/clause.ts';
import type { Statement } from '../language/nodes.ts';
import { parseCell } from '../language/parser.ts';
import { VERBS } from '../verbs/index.ts';
import { type TableReading, tableAt } from '../verbs/load/openPath.ts';

/** Larger tables are looked at when they are loaded. */
const MOST_BYTES = 20e6;
/** What is remembered of files that have not changed since. */
const MOST_KNOWN = 200;

export type LoadedAhead = (
  cells: readonly CellText[],
) => Promise<(cellId: string, offset: number) => Loaded | undefined>;

/** `resolvePath` throws a UserError for what can be no path, which running the cell tells. */
export function createLoadedAhead(resolvePath: (path: string) => string): LoadedAhead {
  const known = new Map<string, Promise<Loaded | undefined>>();

  async function look({ path, reading }: Load): Promise<Loaded | undefined> {
    const info = await stat(path).catch(() => undefined);
    if (!info) return missing(path);
    const key = JSON.stringify([path, info.mtimeMs, info.size, reading ?? null]);
    const found = known.get(key) ?? (info.isDirectory() ? inFolder(path) : inFile(path, info.size, reading));
    known.delete(key);
    known.set(key, found);
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
    return found;
  }

  return async (cells) => {
    const loads = loadsOf(cells, resolvePath);
    const found = await Promise.all(loads.map(async (load) => [load.place, await look(load)] as const));
    const byPlace = new Map(found);
    return (cellId, offset) => byPlace.get(placeOf(cellId, offset));
  };
}

interface Load {
  readonly place: string;
  readonly path: string;
  /** Undefined where a clause names a parameter, so that it is not known how the table is read. */
  readonly reading: TableReading | undefined;
}

const placeOf = (cellId: string, offset: number) => `${offset} ${cellId}`;

/** The files and folders that statements name in quotes; none that an earlier statement writes. */
function loadsOf(cells: readonly CellText[], resolvePath: (path: string) => string): Load[] {
  const written: string[] = [];
  return cells.flatMap(({ cellId, source }) =>
    parseCell(source, VERBS).statements.flatMap((statement): Load[] => {
      const verb = VERBS.get(statement.verb);
      if (!verb) return [];
      const resolved = pathsIn(statement, resolvePath);
      if (!withParts(verb.subject.type).some(({ holds }) => holds === 'file')) {
        written.push(...resolved);
        return [];
      }
      const [path] = resolved;
      if (path === undefined || written.some((other) => !relative(other, path).startsWith('..'))) return [];
      return [{ place: placeOf(cellId, statement.start), path, reading: readingOf(statement) }];
    }),
  );
}

function pathsIn({ subject, clauses }: Statement, resolvePath: (path: string) => string): string[] {
  return [subject, ...[...clauses.values()].map(({ value }) => value)].flatMap(leavesOf).flatMap(({ holds, text }) => {
    if (holds !== 'file' || text === undefined || isWebAddress(text)) return [];
    return orNothing(() => [resolvePath(text)]) ?? [];
  });
}

/** As `load` would be given them. */
function readingOf({ clauses }: Statement): TableReading | undefined {
  const place = () => ({ startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 });
  const scope = { results: new Map(), waiting: new Set<string>(), parameters: {}, selected: new Set<string>(), place };
  return orNothing(() => {
    const value = (clause: string) => clauses.get(clause)?.value.resolve(scope);
    const [skip, sheet, columns] = [value('skip'), value('sheet'), value('columns')];
    return {
      ...(typeof skip === 'number' ? { skip } : {}),
      ...(typeof sheet === 'string' ? { sheet } : {}),
      ...(Array.isArray(columns) ? { columns: columns.map(([name, own]) => ({ name, own })) } : {}),
    };
  });
}

/** Undefined where a user could mend what is wrong, which running the cell tells. */
function orNothing<T>(give: () => T): T | undefined {
  try {
    return give();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** In the words of the run; undefined where something has come there meanwhile. */
async function missing(path: string): Promise<Loaded | undefined> {
  try {
    await listFiles(path, unattended);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kinds: [], missing: error.message };
  }
}

/** Folders in a folder are patients; whether CTs or masks lie there, and how files are grouped, only their headers tell. */
async function inFolder(path: string): Promise<Loaded> {
  const entries: Dirent[] = await readdir(path, { withFileTypes: true }).catch(() => []);
  const seen = entries.filter(({ name }) => !name.startsWith('.'));
  const areFolders = seen.length > 1 && seen.every((entry) => entry.isDirectory());
  return { kinds: ['cohort', 'masks'], ...(areFolders ? { patients: seen.map(({ name }) => name) } : {}) };
}

/** Of a manifest the patients, of another table its columns too. */
async function inFile(path: string, size: number, reading: TableReading | undefined): Promise<Loaded | undefined> {
  if (size > MOST_BYTES || !reading) return undefined;
  const found = await tableAt(path, unattended, reading).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const columns = found.table.columnNames();
  const patients = columns.includes('patient')
    ? { patients: [...new Set(Array.from(found.table.array('patient'), (label) => String(label ?? '').trim()))] }
    : {};
  return found.isManifest ? { kinds: ['cohort'], ...patients } : { kinds: ['table'], columns, ...patients };
}
