/** The files that the options of `lungnb run` write: told apart, checked before the run, and written after it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canonicalPath, isSameFile, statOf } from '../../files/identity.ts';
import type { WriteAnswer, WriteQuestion } from '../../protocol/kernelApi.ts';
import { UserError } from '../base/userError.ts';
import { CRATE_FILES } from '../crate/runCrate.ts';
import type { SourceCell } from '../language/parser.ts';
import type { Session } from '../session/session.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = ['out', 'html', 'json', 'crate', 'pdf', 'docx'] as const;
type Option = (typeof OPTIONS)[number];

export type ResultPaths = Readonly<Partial<Record<Option, string | undefined>>>;

/** Where the results go: into the crate, or where each option says. Throws a UsageError where both are said. */
export function resultPaths(options: ResultPaths): ResultPaths {
  const { crate, ...single } = options;
  if (crate === undefined) return single;
  const { pdf, docx } = single;
  for (const option of ['out', 'html', 'json'] as const)
    if (single[option] !== undefined)
      throw new UsageError(`--crate writes what --${option} would, into its folder. Leave out one of the two.`);
  return {
    out: join(crate, CRATE_FILES.out),
    json: join(crate, CRATE_FILES.json),
    html: join(crate, CRATE_FILES.html),
    crate: join(crate, CRATE_FILES.crate),
    ...(pdf !== undefined && { pdf }),
    ...(docx !== undefined && { docx }),
  };
}

/** Two options that name the same file, by whatever path. */
export async function sameFile(paths: ResultPaths): Promise<readonly [Option, Option] | undefined> {
  const seen = new Map<string, Option>();
  for (const option of OPTIONS) {
    const path = paths[option];
    if (path === undefined) continue;
    const canonical = await canonicalPath(path).catch(() => resolve(path));
    const other = seen.get(canonical);
    if (other) return [other, option];
    seen.set(canonical, option);
  }
  return undefined;
}

type Content = string | Uint8Array;

export interface ResultFiles {
  /** Throws a UserError for the first that must not, or shall not, be written. */
  check(): Promise<void>;
  /** Writes each as `contents` makes it; messages for those that could not be made or written. */
  write(contents: Readonly<Partial<Record<Option, () => Content | Promise<Content>>>>): Promise<string[]>;
}

/** Of the notebook with these cells, as its file is now: it may be its own `--out` as long as it stays as it is. */
export async function resultFiles(
  notebook: string,
  paths: ResultPaths,
  session: Session,
  cells: readonly SourceCell[],
): Promise<ResultFiles> {
  const sha256 = createHash('sha256')
    .update(await readFile(notebook))
    .digest('hex');
  const own = await statOf(notebook);

  async function resultOf(option: Option, path: string) {
    const there = await statOf(path);
    const isNotebook = option === 'out' && own !== undefined && there !== undefined && isSameFile(own, there);
    return { writer: option, path: resolve(path), name: path, ...(isNotebook ? { replaces: sha256 } : {}) };
  }

  const named = OPTIONS.flatMap((option) => (paths[option] === undefined ? [] : [[option, paths[option]] as const]));
  return {
    async check() {
      for (const [option, path] of named)
        await withOption(option, async () => session.checkResult(await resultOf(option, path), cells));
    },
    async write(contents) {
      const failed: string[] = [];
      for (const [option, path] of named) {
        const make = contents[option];
        if (!make) continue;
        try {
          await withOption(option, async () => session.writeResult(await resultOf(option, path), await make(), cells));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          failed.push(error.message);
        }
      }
      return failed;
    },
  };
}

async function withOption(option: Option, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.code, `--${option}: ${error.message}`) : error;
  }
}

/** On the command line nobody is asked: options have said it. */
export function answerFromOptions(options: {
  readonly overwrite?: boolean | undefined;
  readonly 'allow-outside'?: boolean | undefined;
}): (question: WriteQuestion) => Promise<WriteAnswer> {
  return async ({ kind }) => {
    const option = kind === 'overwrite' ? 'overwrite' : 'allow-outside';
    return options[option]
      ? { allowed: true }
      : { allowed: false, advice: `Choose another name, or run with \`--${option}\`.` };
  };
}
