/** What a kernel hands over for a page of its notebook: nothing where the notebook shows other than what the kernel has given. */
import type { PageReply, PageRequest } from '../../protocol/page/computing.ts';
import type { Session } from '../session/session.ts';
import { computingOf, tooLarge } from './computingOf.ts';

/** Labels that were replaced by pseudonyms in the notebook are still in the kernel's tables, and go into no page by this. */
export async function answerPage(
  { cells, shown }: PageRequest,
  { ran, staleCells }: Pick<Session, 'ran' | 'staleCells'>,
): Promise<PageReply> {
  const notebook = ran();
  const stale = new Set((await staleCells({ cells })).map(({ cellId }) => cellId));
  for (const [n, { cellId, number = n + 1 }] of cells.entries()) {
    const given = notebook.shownBy(cellId);
    if (given === undefined) return { problem: `cell ${number} has not run in this kernel` };
    if (stale.has(cellId)) return { problem: `cell ${number} is out of date` };
    if (given !== shown[n]) return { problem: `cell ${number} shows other than what the kernel has given` };
  }
  const computing = computingOf(cells, notebook);
  const problem = tooLarge(computing);
  return problem === undefined ? { computing } : { problem };
}
