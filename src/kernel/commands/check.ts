/** `lungnb check`: what would keep cells from running, without running them. */
import { dirname, resolve } from 'node:path';
import type { CellText, RemarkInCell } from '../../protocol/kernelApi.ts';
import type { Notebook } from '../../protocol/notebook.ts';
import { checkCells } from '../language/checker.ts';
import { createLoadedAhead } from '../session/loadedAhead.ts';
import { resolvePath } from '../session/resolvePath.ts';
import type { Session } from '../session/session.ts';
import { print, report } from '../terminal.ts';
import { VERBS } from '../verbs/index.ts';
import { readNotebook } from './readNotebook.ts';

export async function check(path: string): Promise<number> {
  const notebook = await readNotebook(path);
  const cells = codeCells(notebook);
  const folder = dirname(resolve(path));
  const loaded = await createLoadedAhead((written) => resolvePath(written, folder))(cells);
  const found = checkCells(cells, VERBS, { loaded, held: () => undefined });
  for (const problem of found) print(problemLine(path, problem));
  return found.length ? 1 : 0;
}

/** What will fail is said before the first cell runs, which may take hours. */
export async function tellAhead(path: string, session: Session, cells: readonly CellText[]): Promise<void> {
  const { problems } = await session.check({ cells });
  if (problems.length === 0) return;
  report('Found before the run:');
  for (const problem of problems) report(problemLine(path, problem));
}

function problemLine(path: string, { cellId, problem }: RemarkInCell): string {
  return `${path}:${Number(cellId) + 1}:${placeText(problem.span)}: ${problem.message}`;
}

/** One-based line and column of a problem. */
export function placeText(span: { startLine: number; startColumn: number } | undefined): string {
  return span ? `${span.startLine + 1}:${span.startColumn + 1}` : '1:1';
}

/** Cells are told apart, and numbered for users, by their place among all. */
export function codeCells({ cells }: Notebook): CellText[] {
  return cells.flatMap(({ kind, source }, n) =>
    kind === 'code' ? [{ cellId: String(n), source: source.join('\n'), number: n + 1 }] : [],
  );
}
