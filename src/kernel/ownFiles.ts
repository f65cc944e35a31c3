/** Where LungNB's own files are, from its bundle and from its source alike: the project lies two folders above either. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UserError } from './base/userError.ts';

export const PROJECT = new URL('../../', import.meta.url);
const BUILT = new URL('out/', PROJECT);
export const OWN_MODELS = fileURLToPath(new URL('models', PROJECT));

/** A part of what `npm run build` makes, which `whose` need, as a message begins. Throws a UserError where it is not there. */
export async function built(part: string, whose = 'A page needs'): Promise<string> {
  const file = new URL(part, BUILT);
  if (!existsSync(file))
    throw new UserError('not-built', `${whose} ${fileURLToPath(file)}, which \`npm run build\` makes.`);
  return readFile(file, 'utf8');
}
