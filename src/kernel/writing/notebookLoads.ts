/** Everything that a notebook loads, or has loaded, as seen from the statement that writes a file. */

import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { isLater, loadsIn } from '../language/loads.ts';
import type { SourceCell, VerbTable } from '../language/parser.ts';
import type { Load } from './resultWriter.ts';

export interface Here {
  /** All code cells in order, that of the statement among them. */
  readonly cells: readonly SourceCell[];
  /** Absent where what writes comes after all cells. */
  readonly cellId?: string;
  /** Of the statement in its cell. */
  readonly offset?: number;
}

/** How the text of cells is read: the verbs there are, parameters set from outside, and where relative paths start. */
export interface Reading {
  readonly verbs: VerbTable;
  readonly set: Readonly<Record<string, string>>;
  readonly resolvePath: (path: string) => string;
}

/** `read` is what cells have loaded already; cells that are no longer there, or read another path then, count as above. */
export function notebookLoads(
  { cells, cellId, offset = 0 }: Here,
  read: readonly { readonly cellId: string; readonly path: string }[],
  { verbs, set, resolvePath }: Reading,
): Load[] {
  const number = (id: string) => cells.findIndex((cell) => cell.cellId === id);
  const here = { cell: cellId === undefined ? cells.length : number(cellId), offset };
  const written = loadsIn(cells, verbs, set)
    .filter(({ path }) => path !== '' && !path.includes('\0') && !isWebAddress(path))
    .map((load) => ({ path: resolvePath(load.path), isLater: isLater(load, here) }));
  return [...written, ...read.map((one) => ({ path: one.path, isLater: number(one.cellId) > here.cell }))];
}
