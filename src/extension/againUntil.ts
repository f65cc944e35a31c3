/** Tries what another may refuse for the moment. */
import { setTimeout as wait } from 'node:timers/promises';

const TRIES = 40;
const PAUSE_MS = 50;

/** Until it is done; false where it was refused `tries` times, with `pauseMs` between them. */
export async function againUntil(
  isDone: () => PromiseLike<boolean>,
  { tries = TRIES, pauseMs = PAUSE_MS }: { readonly tries?: number; readonly pauseMs?: number } = {},
): Promise<boolean> {
  for (let left = tries; left > 0; left--) {
    if (await isDone()) return true;
    if (left > 1) await wait(pauseMs);
  }
  return false;
}
