/**
 * Goes through the CTs of a cohort, several at once: while one has the networks, others are read, resampled and measured.
 * Those that are in the store come first, so that none of them waits for a network.
 */
import { concurrently } from '../base/concurrently.ts';
import type { Task } from '../base/task.ts';
import { ctsAtOnce } from '../lungs/atOnce.ts';
import type { CtToMeasure } from './engine.ts';

export interface EachCt<Known, Result> {
  /** What the store has of a CT, which asks for no pixel; undefined where it has to be measured. */
  readonly known: (ct: CtToMeasure) => Promise<Known | undefined>;
  /** What comes of a CT. What fails because of it alone has to be kept to it: a failure, like the signal of its task, ends all that is under way. */
  readonly work: (n: number, known: Known | undefined, task: Task) => Promise<Result>;
  /** Told of the results in the order of the CTs: first of those in the store, then of the others. */
  readonly tell?: (result: Result) => void;
  /** Each CT has the same share of its progress, whose words are those of the first CT under way. */
  readonly task: Task;
  /** Of the whole process, for all CTs that are measured at once; a share of the computer’s where it is left out. */
  readonly memoryBytes?: number | undefined;
  /** What the networks take of it. */
  readonly networkBytes: number;
}

/** The results in the order of the CTs. Rejects at once where `work` fails, or the task is stopped. */
export async function eachCt<Known, Result>(
  cts: readonly CtToMeasure[],
  { known, work, tell, task, memoryBytes, networkBytes }: EachCt<Known, Result>,
): Promise<Result[]> {
  const ending = new AbortController();
  const signal = AbortSignal.any([task.signal, ending.signal]);
  const shares = sharesOf(task, cts.length);
  const results = new Array<Result>(cts.length);
  const go = async (n: number, found: Known | undefined) => {
    results[n] = await work(n, found, { signal, progress: shares.of(n) });
    shares.done(n);
  };
  /** `step` says whether it has a result. */
  const several = async (places: readonly number[], step: (n: number) => Promise<boolean>) => {
    const turns = inTurn(places);
    const sizes = places.map((n) => cts[n]!.series.size);
    try {
      await concurrently(places, ctsAtOnce(sizes, networkBytes, memoryBytes), signal, async (n) => {
        const has = await step(n);
        turns.ended(n, () => has && tell?.(results[n]!));
      });
    } finally {
      turns.waitNoLonger();
    }
  };
  const open: number[] = [];
  try {
    await several([...cts.keys()], async (n) => {
      // What hinders the look hinders the work too, which tells it.
      const found = await known(cts[n]!).catch(() => undefined);
      if (found === undefined) open.push(n);
      else await go(n, found);
      return found !== undefined;
    });
    await several(
      open.sort((one, other) => one - other),
      async (n) => {
        await go(n, undefined);
        return true;
      },
    );
    return results;
  } finally {
    ending.abort();
  }
}

/** Holds back what is to be done of a place until all places before it have ended. */
function inTurn(places: readonly number[]) {
  const held = new Map<number, () => void>();
  let next = 0;
  return {
    ended(place: number, then: () => void): void {
      held.set(place, then);
      for (let at = places[next]!; held.has(at); at = places[++next]!) {
        held.get(at)!();
        held.delete(at);
      }
    },
    /** Those that are missing will not come any more. */
    waitNoLonger(): void {
      for (const place of places) held.get(place)?.();
      held.clear();
    },
  };
}

/** Makes one progress of those of the CTs. */
function sharesOf(task: Task, count: number) {
  let total = 0;
  /** How far each CT under way is, and its last words. */
  const underWay = new Map<number, { fraction: number; message: string }>();
  const of =
    (n: number): Task['progress'] =>
    (fraction, message) => {
      total += fraction - (underWay.get(n)?.fraction ?? 0);
      underWay.set(n, { fraction, message });
      const first = underWay.get(Math.min(...underWay.keys()))!;
      task.progress(Math.min(1, total / count), first.message);
    };
  return {
    of,
    done(n: number): void {
      total += 1 - (underWay.get(n)?.fraction ?? 0);
      underWay.delete(n);
    },
  };
}
