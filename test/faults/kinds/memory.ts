/** Little address space: 5 GB (as `ulimit -v` counts them, 2³⁰ bytes each) are enough, and where there is less, nothing is half-written. */
import { spawnSync } from 'node:child_process';
import {
  differences,
  type Fault,
  halfWritten,
  inShort,
  type Outcome,
  type Reference,
  unplain,
  wrongAfterAnotherRun,
} from '../fault.ts';
import { newComputer, run, snapshot } from '../study.ts';

/** On a small study, which takes 3.6 on two cores, and more where threads wait; V8 reserves most of it for the code and the heaps of its threads. */
const ENOUGH_GB = 5;
/** Node starts, and its threads do not: V8 then ends the process, and no word of ours is heard. */
const TOO_LITTLE_GB = [1.5, 2.5];

export const memory: Fault = {
  name: 'address space',
  whyNot: () =>
    process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0
      ? undefined
      : 'there is no prlimit to set limits with',
  async *attempts(_, reference) {
    for (const gb of [ENOUGH_GB, ...TOO_LITTLE_GB]) yield attempt(gb, reference);
  },
};

async function attempt(gb: number, reference: Reference): Promise<Outcome> {
  const computer = newComputer();
  const ended = await run(computer, { before: ['prlimit', `--as=${gb * 2 ** 30}`] });
  const found = snapshot(computer);
  const isEnough = gb >= ENOUGH_GB;
  const wrong = isEnough
    ? [...unplain(ended), ...differences(found, reference)]
    : [...(ended.hung ? ['it hung'] : []), ...halfWritten(found, reference)];
  wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
  computer.remove();
  return { tried: `${gb} GB`, came: inShort(ended), wrong };
}
