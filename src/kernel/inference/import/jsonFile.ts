/** JSON files of other programs, of which nothing is taken for granted. */
import { basename } from 'node:path';
import type { z } from 'zod';
import { systemErrorOf } from '../../../files/systemError.ts';
import { reasonOf } from '../../base/plainErrors.ts';
import { UserError } from '../../base/userError.ts';
import { readWhole } from '../../ct/files/regularFile.ts';

const MAX_BYTES = 50e6;

/** What the file holds, as `schema` describes it; undefined where there is no such file. Throws a UserError for any other content. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const name = `"${basename(path)}"`;
  let json: unknown;
  try {
    // Python writes numbers that JSON does not know.
    json = JSON.parse(
      (await readWhole(path, name, MAX_BYTES)).toString('utf8').replace(/:\s*-?(?:NaN|Infinity)\b/g, ': null'),
    );
  } catch (error) {
    if (systemErrorOf(error).code === 'ENOENT') return undefined;
    if (error instanceof UserError) throw error;
    throw new UserError('model-import', `${name} cannot be read as JSON: ${reasonOf(error)}.`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UserError(
    'model-import',
    `${name} is not what its program writes:${parsed.error.issues.map(({ path, message }) => `\n• ${path.join('.') || 'the whole'}: ${message}`).join('')}`,
  );
}
