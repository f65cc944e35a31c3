/** What a renderer asked for, or the problem that it shows in its place. */
import { UserError } from '../base/userError.ts';

/** Rejects where `work` fails for another reason than one that a user can mend. */
export async function orProblem<T>(work: () => Promise<T>): Promise<T | { readonly problem: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}
