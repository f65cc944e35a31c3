/** What verbs do with the two CTs of each patient: one pair after the other, those that fail are flagged and the others go on. */
import type { Remark, SeriesRemark } from '../../protocol/remark.ts';
import { userErrorOf } from '../base/plainCause.ts';
import { failure } from '../base/remarks.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { type CtPair, doubtsOfPair } from '../values/ctPairs.ts';
import { flagsOf } from '../values/flags.ts';
import type { VerbContext } from './verb.ts';

export interface DonePair<T> {
  readonly pair: CtPair;
  readonly result: T;
}

export interface DonePairs<T> {
  readonly done: readonly DonePair<T>[];
  readonly flags: readonly SeriesRemark[];
}

/** `work` gives a result with what speaks against it. Throws a UserError where no pair has a result. */
export async function eachPair<T>(
  pairs: readonly CtPair[],
  work: (pair: CtPair, context: VerbContext) => Promise<{ readonly result: T; readonly doubts: readonly Remark[] }>,
  context: VerbContext,
): Promise<DonePairs<T>> {
  const done: DonePair<T>[] = [];
  const flags: SeriesRemark[] = [];
  for (const [n, pair] of pairs.entries()) {
    const part = subtask(context.task, n / pairs.length, (n + 1) / pairs.length);
    const label = pairs.length > 1 ? `${pair.patient} (${n + 1} of ${pairs.length}): ` : `${pair.patient}: `;
    const task: Task = {
      signal: part.signal,
      progress: (fraction, message) => part.progress(fraction, label + message),
    };
    const flag = (remarks: readonly Remark[]) => flags.push(...flagsOf(pair.patient, pair.second.series, remarks));
    try {
      const { result, doubts } = await work(pair, { ...context, task });
      done.push({ pair, result });
      flag([...(await doubtsOfPair(pair, context.task.signal)), ...doubts]);
    } catch (error) {
      if (context.task.signal.aborted) throw error;
      const { code, message } = userErrorOf(error);
      flag([failure(code, `Not compared: ${message}`)]);
    }
  }
  if (done.length === 0) throw nothingCompared(flags);
  return { done, flags };
}

function nothingCompared(flags: readonly SeriesRemark[]): UserError {
  const reasons = flags.map(({ patient, message }) => `\n• ${patient}: ${message}`).join('');
  return new UserError('nothing-compared', `No patient has two CTs that can be compared.${reasons}`);
}
