/** Where LungNB's own files are, from its bundle and from its source alike: the project lies two folders above either. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UserError } from './base/userError.ts';

export const PROJECT = new URL('../../', import.meta.url);
export const BUILT = new URL('out/', PROJECT);
export const OWN_MODELS = fileURLToPath(new URL('models', PROJECT));

/** A part of what `npm run build` makes for pages. Throws a UserError where it is not there. */
export async function built(part: string): Promise<string> {
  const file = new URL(part, BUILT);
  if (!existsSync(file))
    throw new UserError('not-built', `A page needs ${fileURLToPath(file)}, which \`npm run build\` makes.`);
  return readFile(file, 'utf8');
}
