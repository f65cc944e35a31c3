import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Notebook } from '../../protocol/notebook.ts';
import { parseNotebook } from '../../protocol/notebookFile.ts';
import { UsageError } from './usageError.ts';

/** The notebook that a command names. Throws a UsageError where there is none, a NotebookFileError where it cannot be read. */
export async function readNotebook(path: string): Promise<Notebook> {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) throw new UsageError(`There is no notebook "${path}".`);
  if (!info.isFile()) throw new UsageError(`"${path}" is no notebook. Name a file that ends in .lungnb.`);
  return parseNotebook(await readFile(path, 'utf8'));
}
