/** `--slices N` of `lungnb run`: the slices of its HTML page, and their size, which is told before anything is written. */
import { stat } from 'node:fs/promises';
import { type NotebookCell, viewsOf } from '../../protocol/notebook.ts';
import type { MadePageSlices } from '../../protocol/pageSlices.ts';
import type { Task } from '../base/task.ts';
import type { Session } from '../session/session.ts';
import { UsageError } from './usageError.ts';

/** Browsers open a larger page, but slowly, and few ways of sending a file take it. */
const LARGE_BYTES = 100e6;
/** A text that JavaScript can hold has half a gigabyte. */
const MOST_BYTES = 400e6;

/** How many slices of each CT the page shall have; undefined for those alone that were shown. Throws a UsageError. */
export function slicesAsked(
  written: string | undefined,
  { html }: { readonly html?: string | undefined },
): number | undefined {
  if (written === undefined) return undefined;
  const number = Number(written);
  if (!(/^\d+$/.test(written) && number > 0))
    throw new UsageError(
      `--slices expects how many slices of each CT the page shall have, such as 20, not "${written}".`,
    );
  if (html === undefined)
    throw new UsageError(
      '--slices says how many slices of each CT an HTML page has: name the page by `--html report.html`.',
    );
  return number;
}

interface Told {
  /** A line for who waits. */
  say(text: string): void;
  readonly task: Task;
}

export interface SlicesForPage {
  readonly kept?: MadePageSlices;
  /** Whether the page has all that was asked for; where not, `say` has told why. */
  readonly isWhole: boolean;
}

export async function pageSlices(
  session: Pick<Session, 'sliceStacks'>,
  cells: readonly NotebookCell[],
  perCt: number,
  told: Told,
): Promise<SlicesForPage> {
  try {
    return await makeSlices(session, cells, perCt, told);
  } catch (error) {
    if (!told.task.signal.aborted) throw error;
    told.say('--slices: given up. The page is written without them.');
    return { isWhole: false };
  }
}

async function makeSlices(
  session: Pick<Session, 'sliceStacks'>,
  cells: readonly NotebookCell[],
  perCt: number,
  { say, task }: Told,
): Promise<SlicesForPage> {
  const plan = await session.sliceStacks(viewsOf(cells), perCt, task);
  if (plan.cts === 0) {
    say('--slices: no output of this notebook shows a CT or leads to one, so that the page has no slices.');
    return { isWhole: true };
  }
  const all = inMb(plan.estimatedBytes);
  const each = inMb(plan.estimatedBytes / plan.cts);
  const size =
    plan.cts === 1 ? `about ${all} for its one CT` : `about ${each} for each of ${plan.cts} CTs, ${all} in all`;
  if (plan.estimatedBytes > MOST_BYTES) {
    say(
      `--slices ${perCt} would take ${size}; a page can hold ${inMb(MOST_BYTES)}. It is written without them. ${fewer(perCt, plan.estimatedBytes, MOST_BYTES)}`,
    );
    return { isWhole: false };
  }
  const warning =
    plan.estimatedBytes > LARGE_BYTES
      ? ` Such a page opens slowly. ${fewer(perCt, plan.estimatedBytes, LARGE_BYTES)}`
      : '';
  say(`--slices ${perCt}: ${size}.${warning}`);
  const { slices, parts, problems } = await plan.make(task);
  for (const problem of problems) say(`--slices: ${problem}`);
  return { kept: { slices, parts }, isWhole: problems.length === 0 };
}

/** What to write instead; measured CTs are not measured again. */
function fewer(perCt: number, bytes: number, most: number): string {
  const number = Math.floor((perCt * most) / bytes);
  return number > 0
    ? `\`--slices ${number}\` stays below ${inMb(most)}.`
    : `Show fewer patients: one slice of each takes more than ${inMb(most)}.`;
}

/** How large the page has become. */
export async function sizeOfPage(path: string): Promise<string> {
  const { size } = await stat(path);
  return `${path} has ${inMb(size)}.`;
}

function inMb(bytes: number): string {
  return `${bytes < 9.95e6 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
}
