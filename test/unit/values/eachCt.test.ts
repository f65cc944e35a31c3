/** Several CTs of a cohort at once: those in the store first, each counted once, and what ends the whole. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Task } from '../../../src/kernel/base/task.ts';
import { bytesToMeasure, ctsAtOnce } from '../../../src/kernel/lungs/atOnce.ts';
import { eachCt } from '../../../src/kernel/values/eachCt.ts';
import type { CtToMeasure } from '../../../src/kernel/values/engine.ts';

const SIZE = [512, 512, 275] as const;
/** Memory for two of them at once, on any computer. */
const NETWORKS = 550e6;
const FOR_TWO = 2 * bytesToMeasure(SIZE, NETWORKS);
// SAFETY: of a series its size alone is asked for.
const series = { size: SIZE } as unknown as CtToMeasure['series'];
const cohort = (count: number): CtToMeasure[] =>
  Array.from({ length: count }, (_, n) => ({ patient: `P${n}`, series }));
const numberOf = ({ patient }: CtToMeasure) => Number(patient.slice(1));

/** A task that remembers what it was told, and how it is stopped. */
function watched() {
  const controller = new AbortController();
  const told: [fraction: number, message: string][] = [];
  const task: Task = { signal: controller.signal, progress: (...progress) => void told.push(progress) };
  return { task, told, stop: () => controller.abort(new Error('stopped')) };
}

it('gives results in the order of the CTs, and handles those in the store before any other is begun', async () => {
  const begun: string[] = [];
  const told: number[] = [];
  const results = await eachCt(cohort(6), {
    networkBytes: NETWORKS,
    known: async (ct) => (numberOf(ct) % 2 ? 'kept' : undefined),
    async work(n, known) {
      begun.push(`${n} ${known ?? 'new'}`);
      // The first of two ends last.
      for (let waited = 0; waited < (n % 4 === 0 ? 20 : 1); waited++) await turn();
      return n;
    },
    tell: (n) => told.push(n),
    task: watched().task,
    memoryBytes: FOR_TWO,
  });
  expect(results).toEqual([0, 1, 2, 3, 4, 5]);
  expect(begun.slice(0, 3).sort()).toEqual(['1 kept', '3 kept', '5 kept']);
  expect(told).toEqual([1, 3, 5, 0, 2, 4]);
});

it('has no more under way than memory allows, and one where it allows none', async () => {
  const most = async (memoryBytes: number) => {
    let [underWay, highest] = [0, 0];
    await eachCt(cohort(5), {
      networkBytes: NETWORKS,
      known: async () => undefined,
      async work() {
        highest = Math.max(highest, ++underWay);
        await turn();
        underWay--;
      },
      task: watched().task,
      memoryBytes,
    });
    return highest;
  };
  expect(await most(FOR_TWO)).toBe(ctsAtOnce([SIZE, SIZE], NETWORKS, FOR_TWO));
  expect(await most(bytesToMeasure(SIZE, NETWORKS))).toBe(1);
  expect(await most(1)).toBe(1);
});

it('counts each CT once, and speaks of the first under way', async () => {
  const { task, told } = watched();
  await eachCt(cohort(4), {
    networkBytes: NETWORKS,
    known: async () => undefined,
    async work(n, _, { progress }) {
      for (const fraction of [0, 0.5, 1]) {
        progress(fraction, `P${n}: ${fraction}`);
        await turn();
      }
    },
    task,
    memoryBytes: FOR_TWO,
  });
  const fractions = told.map(([fraction]) => fraction);
  expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
  expect(fractions.at(-1)).toBe(1);
  const patients = told.map(([, message]) => message.slice(0, 2));
  expect(patients).toEqual(patients.toSorted());
});

it('ends all that is under way where one fails, and where it is stopped', async () => {
  for (const how of ['fails', 'is stopped']) {
    const { task, stop } = watched();
    const signals: AbortSignal[] = [];
    const done = eachCt(cohort(4), {
      networkBytes: NETWORKS,
      known: async () => undefined,
      async work(n, _, { signal }) {
        signals.push(signal);
        await turn();
        if (n === 0 && how === 'fails') throw new Error('fails');
        if (n === 0) stop();
        return new Promise(() => {});
      },
      task,
      // On any computer the first is followed by none while it waits.
      memoryBytes: FOR_TWO,
    });
    if (how === 'fails') await expect(done).rejects.toThrow('fails');
    else {
      await turn();
      await turn();
      expect(signals[0]?.aborted).toBe(true);
    }
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(signals.length).toBeLessThan(4);
  }
});

it('leaves a look that fails to the work, which tells why', async () => {
  const results = await eachCt(cohort(2), {
    networkBytes: NETWORKS,
    known: async (ct) => {
      if (numberOf(ct) === 0) throw new Error('no mask');
      return 'kept';
    },
    work: async (n, known) => `${n} ${known ?? 'told'}`,
    task: watched().task,
  });
  expect(results).toEqual(['0 told', '1 kept']);
});
