/** Where `lungnb run` writes its results: refused before the run where something would be lost, and written with their folders. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseNotebook } from '../protocol/notebookFile.ts';
import { UserError } from './base/userError.ts';

/**
 * Throws a UserError where `out` is something else than a notebook of this version, or `html` or `json` is the notebook
 * itself: none of these is ever overwritten.
 */
export async function refuseToOverwrite(
  notebook: string,
  { out, html, json }: { readonly out?: string; readonly html?: string; readonly json?: string },
): Promise<void> {
  for (const [option, path] of Object.entries({ html, json }))
    if (path !== undefined && resolve(path) === resolve(notebook))
      throw new UserError('overwrites-input', `--${option} would overwrite the notebook itself. Choose another file.`);
  if (out === undefined || !(await stat(out).catch(() => undefined))) return;
  try {
    parseNotebook(await readFile(out, 'utf8'));
  } catch {
    throw new UserError(
      'overwrites-foreign',
      `--out: "${out}" is there already and is no notebook that this LungNB can read. It is left as it is; choose another file.`,
    );
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
