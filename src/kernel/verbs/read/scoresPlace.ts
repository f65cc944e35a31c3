/** The file of a reader's scores: where it may be, and what is in it. */
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { canonicalPath, isWithin, specialKind, statOf } from '../../../files/identity.ts';
import { orMissing } from '../../../files/systemError.ts';
import type { ScoresFile } from '../../../protocol/reading/scores.ts';
import { UserError } from '../../base/userError.ts';
import { scoresIn } from '../../tables/scoresFileTable.ts';

export interface ScoresPlace {
  readonly path: string;
  /** Undefined where nobody has read yet. */
  readonly scores: ScoresFile | undefined;
  /** Why nothing can be written there, in a sentence. */
  readonly unwritable: string | undefined;
}

/** `path` is absolute, `name` as the user knows it. Throws a UserError where the file must not be used; it is then left as it is. */
export async function scoresPlace(
  path: string,
  { name, reader, notebookFolder }: { readonly name: string; readonly reader: string; readonly notebookFolder: string },
): Promise<ScoresPlace> {
  const canonical = await canonicalPath(path).catch(() => {
    throw new UserError('cannot-write', `"${name}" cannot be written: its link leads in a circle.`);
  });
  if (!isWithin(canonical, await canonicalPath(notebookFolder)))
    throw new UserError(
      'outside-folder',
      `"${name}" lies outside the notebook’s folder. Scores are kept within it: leave \`to\` out, or name a file there.`,
    );
  if (!/\.json$/i.test(canonical))
    throw new UserError('bad-path', `Scores are kept as JSON: "${name}" has to end in \`.json\`.`);
  const special = await specialKind(canonical);
  if (special) throw new UserError('no-file', `"${name}" is ${special}. Choose the name of a file.`);
  const scores = await readScores(canonical, name);
  if (scores && scores.reader !== reader)
    throw new UserError(
      'scores-file',
      `${basename(name)} holds the scores of ${scores.reader}, not of ${reader}. Each reader has a file of his or her own: name another one.`,
    );
  return { path: canonical, scores, unwritable: await unwritable(canonical, name) };
}

/** Undefined where there is no file. Throws a UserError where it holds something else. */
async function readScores(path: string, name: string): Promise<ScoresFile | undefined> {
  const text = await readFile(path, 'utf8').catch(orMissing);
  return text === undefined ? undefined : scoresIn(text, basename(name));
}

async function unwritable(path: string, name: string): Promise<string | undefined> {
  const place = (await statOf(path)) ? path : dirname(path);
  const ways = await Promise.all([place, dirname(path)].map((one) => mayWrite(one)));
  return ways.includes(false)
    ? `“${basename(name)}” cannot be written: the file, or its folder, can only be read. Put the notebook where you may write, or ask who owns the folder.`
    : undefined;
}

/** A folder that is not there yet is made. */
async function mayWrite(path: string): Promise<boolean> {
  if (!(await statOf(path))) return true;
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
