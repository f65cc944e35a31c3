/**
 * Copies of notebooks as they were before VS Code saves them. VS Code writes over the file itself and not in one step,
 * and no extension can change that: whoever loses power in between finds half a notebook, and here the whole one.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalPath } from '../../files/identity.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { orMissing } from '../../files/systemError.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { NotebookFileError, parseNotebook } from '../../protocol/notebookFile.ts';

/** A notebook whose saving was cut short. */
export interface CutShort {
  readonly path: string;
  /** As it was before. */
  readonly text: string;
}

const TEXT = '.lungnb';
const PATH = '.path';

async function copyPathOf(folder: string, path: string): Promise<string> {
  return join(
    folder,
    createHash('sha256')
      .update(await canonicalPath(path))
      .digest('hex'),
  );
}

/** Keeps a copy of the notebook, if it is there and whole; one that is kept already of a whole notebook outlives a damaged one. */
export async function keepCopy(folder: string, path: string): Promise<void> {
  const text = await textOf(path);
  if (text === undefined || !isWhole(text)) return;
  await makeFolder(folder, 0o700);
  const place = await copyPathOf(folder, path);
  await writeAtomically(place + PATH, await canonicalPath(path), { mode: 0o600 });
  await writeAtomically(place + TEXT, text, { mode: 0o600 });
}

/** The notebook is saved. */
export async function dropCopy(folder: string, path: string): Promise<void> {
  const place = await copyPathOf(folder, path);
  await rm(place + TEXT, { force: true });
  await rm(place + PATH, { force: true });
}

/** The notebooks that are there, but not whole, of which there is a copy; copies of all others go. */
export async function findCutShort(folder: string): Promise<CutShort[]> {
  const found: CutShort[] = [];
  for (const name of ((await readdir(folder).catch(orMissing)) ?? []).filter((one) => one.endsWith(PATH))) {
    const path = await readFile(join(folder, name), 'utf8');
    const [now, before] = [await textOf(path), await textOf(join(folder, name.replace(PATH, TEXT)))];
    if (now !== undefined && before !== undefined && !isWhole(now)) found.push({ path, text: before });
    else await dropCopy(folder, path);
  }
  return found;
}

export async function restore(folder: string, { path, text }: CutShort): Promise<void> {
  await writeAtomically(path, text);
  await dropCopy(folder, path);
}

function isWhole(text: string): boolean {
  try {
    parseNotebook(text);
    return true;
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return false;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(orMissing);
}
