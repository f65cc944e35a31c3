/** `lungnb diff`: what differs between two notebooks, with the figures that moved. */
import { basename } from 'node:path';
import { isSameFile, statOf } from '../../files/identity.ts';
import { WriteError, writeAtomically } from '../../files/writeAtomically.ts';
import { NotebookFileError } from '../../protocol/notebookFile.ts';
import { changesBetween } from '../comparing/changesBetween.ts';
import { changesPage } from '../comparing/changesPage.ts';
import { changesText } from '../comparing/changesText.ts';
import { print } from '../terminal.ts';
import { parsedArgs } from './parsedArgs.ts';
import { readNotebook } from './readNotebook.ts';
import { UsageError } from './usageError.ts';

export const DIFF_USAGE = `lungnb diff: what differs between two executed notebooks: cells, parameters, figures that moved.

  lungnb diff before.lungnb after.lungnb [--html changes.html [--overwrite]] [--all]

Nothing is run: results are compared as the files hold them. --all lists every figure that moved,
where a result has many. The exit code is 0 where nothing differs, 1 where something does, and 2
where a notebook cannot be read, or the page not be written.`;

/** The exit code. Throws a UsageError, also where the page cannot be written. */
export async function diff(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(argv);
  if (values.help) {
    print(DIFF_USAGE);
    return 0;
  }
  const [first, second, ...rest] = positionals;
  if (first === undefined || second === undefined || rest.length) throw new UsageError(DIFF_USAGE);
  const before = await readOr2(first);
  const changes = changesBetween(before, await readOr2(second));
  if (values.html !== undefined) {
    const names = [basename(first), basename(second)] as const;
    await writePage(values.html, changesPage(changes, names), [first, second], values.overwrite ?? false);
  }
  print(changesText(changes, values.all ?? false));
  return changes.cells.length + changes.madeWith.length ? 1 : 0;
}

/** The exit code 1 says that notebooks differ, so one that cannot be read is told as wrong usage, by 2. */
async function readOr2(path: string) {
  try {
    return await readNotebook(path);
  } catch (error) {
    throw error instanceof NotebookFileError ? new UsageError(`${path}: ${error.message}`) : error;
  }
}

async function writePage(path: string, page: string, notebooks: readonly string[], overwrite: boolean): Promise<void> {
  const there = await statOf(path);
  for (const notebook of there ? notebooks : []) {
    const own = await statOf(notebook);
    if (own && there && isSameFile(own, there))
      throw new UsageError(`--html: "${path}" is one of the notebooks that are compared. Choose another name.`);
  }
  if (there && !overwrite)
    throw new UsageError(`--html: "${path}" is there already. Choose another name, or run with \`--overwrite\`.`);
  try {
    await writeAtomically(path, page);
  } catch (error) {
    throw error instanceof WriteError
      ? new UsageError(`--html: "${path}" cannot be written: ${error.message}.`)
      : error;
  }
}

function parseCommand(argv: readonly string[]) {
  return parsedArgs(
    argv,
    {
      html: { type: 'string' },
      overwrite: { type: 'boolean' },
      all: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    DIFF_USAGE,
  );
}
