/** What lies beside the cases: the reading manual, and a reference picture of each class. */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ReadingMaterial } from '../../../protocol/reading/room.ts';
import { reasonOf } from '../../base/plainErrors.ts';
import { UserError } from '../../base/userError.ts';
import { readWhole } from '../../ct/files/regularFile.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import { pointingAt } from '../pointingAt.ts';
import type { VerbContext } from '../verb.ts';

const MAX_MANUAL_BYTES = 1e6;
const MAX_PICTURE_BYTES = 2e6;
const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** Throws a UserError where a file is not there, too large, or no picture of a class. */
export async function materialOf(
  { manual, pictures }: Readonly<Record<'manual' | 'pictures', Placed<string> | undefined>>,
  classes: readonly string[],
  { resolvePath, inputs }: Pick<VerbContext, 'resolvePath' | 'inputs'>,
): Promise<ReadingMaterial> {
  const at = ({ value }: Placed<string>) => {
    const path = resolvePath(value);
    inputs.add(path);
    return path;
  };
  return {
    ...(manual
      ? { manual: await pointingAt(manual, async () => (await fileAt(at(manual), MAX_MANUAL_BYTES)).toString('utf8')) }
      : {}),
    pictures: pictures ? await pointingAt(pictures, () => picturesIn(at(pictures), classes)) : {},
  };
}

async function picturesIn(folder: string, classes: readonly string[]): Promise<Record<string, string>> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UserError('path-missing', `"${basename(folder)}" is no folder of pictures: ${reasonOf(error)}.`);
  });
  const found: Record<string, string> = {};
  for (const name of names.sort()) {
    const ending = extname(name).toLowerCase();
    const shown = classes.find((one) => one === basename(name, extname(name)).toLowerCase());
    const type = TYPES[ending];
    if (!shown || !type) continue;
    found[shown] = `data:${type};base64,${(await fileAt(join(folder, name), MAX_PICTURE_BYTES)).toString('base64')}`;
  }
  if (Object.keys(found).length) return found;
  throw new UserError(
    'path-missing',
    `"${basename(folder)}" holds no picture named after a class that is read, such as ${classes[0]}.png.`,
  );
}

async function fileAt(path: string, most: number): Promise<Buffer> {
  const name = basename(path);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw new UserError('path-missing', `There is no file "${name}".`);
  if (info.size > most)
    throw new UserError('file-too-large', `"${name}" is larger than ${most / 1e6} MB. Make it smaller.`);
  return readWhole(path, name, most);
}
