/** Where `lungnb run` writes its results: refused before the run where something would be lost, and written with their folders. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PAGE_DATA_ID } from '../protocol/notebook.ts';
import { parseNotebook } from '../protocol/notebookFile.ts';
import { UserError } from './base/userError.ts';

/** What each option writes, in words, and a check that throws or is false where a file's text is something else. */
const OWN_FILES = {
  out: { what: 'notebook that this LungNB can read', isOwn: (text: string) => Boolean(parseNotebook(text)) },
  html: { what: 'page of LungNB', isOwn: (text: string) => text.includes(PAGE_DATA_ID) },
  json: { what: 'JSON file of results', isOwn: (text: string) => Boolean(JSON.parse(text)?.results) },
} as const;

/**
 * Throws a UserError where a file to be written is there already and is nothing that an earlier run wrote, such as a
 * loaded table, or where `html` or `json` is the notebook itself: none of these is ever overwritten.
 */
export async function refuseToOverwrite(
  notebook: string,
  paths: Readonly<Partial<Record<keyof typeof OWN_FILES, string>>>,
): Promise<void> {
  for (const [option, { what, isOwn }] of Object.entries(OWN_FILES)) {
    const path = paths[option as keyof typeof OWN_FILES];
    if (path === undefined) continue;
    if (option !== 'out' && resolve(path) === resolve(notebook))
      throw new UserError('overwrites-input', `--${option} would overwrite the notebook itself. Choose another file.`);
    if (!(await stat(path).catch(() => undefined)) || (await readsAs(path, isOwn))) continue;
    throw new UserError(
      'overwrites-foreign',
      `--${option}: "${path}" is there already and is no ${what}. It is left as it is; choose another file.`,
    );
  }
}

async function readsAs(path: string, isOwn: (text: string) => boolean): Promise<boolean> {
  try {
    const text = await readFile(path, 'utf8');
    // An empty file, as scripts make one to have its name, loses nothing.
    return text === '' || isOwn(text);
  } catch {
    return false;
  }
}

/** Throws a UserError where the file cannot be written. */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new UserError('cannot-write', `"${path}" cannot be written: ${(error as Error).message}.`);
  }
}
