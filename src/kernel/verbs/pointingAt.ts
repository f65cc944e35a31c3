/** Errors that point at the value that they are about. */
import { UserError } from '../base/userError.ts';
import type { Placed } from '../language/clauses/placed.ts';

/** What `work` gives; where it fails for a reason that a user can mend, the error points at the value. */
export async function pointingAt<T>(value: Placed<unknown> | undefined, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError && value?.span ? error.at(value.span) : error;
  }
}
