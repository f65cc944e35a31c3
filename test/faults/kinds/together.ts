/** Two runs at once: on one cache with results of their own, and on one cache with the same results. */
import {
  differences,
  type Fault,
  inShort,
  type Outcome,
  type Reference,
  unplain,
  wrongAfterAnotherRun,
} from '../fault.ts';
import { newComputer, run, snapshot } from '../study.ts';

export const together: Fault = {
  name: 'two runs at once',
  async *attempts(rounds, reference) {
    for (let round = 0; round < Math.max(1, Math.round(rounds / 20)); round++)
      for (const areOne of [false, true]) yield attempt(areOne, reference);
  },
};

async function attempt(areOne: boolean, reference: Reference): Promise<Outcome> {
  const first = newComputer();
  const second = areOne ? first : newComputer();
  const cache = first.at('cache');
  const ended = await Promise.all([run(first, { cache }), run(second, { cache })]);
  const wrong = ended.flatMap((one) => [
    ...unplain(one),
    ...(one.code === 0 ? [] : [`exit ${one.code}: ${one.stderr}`]),
  ]);
  for (const computer of new Set([first, second])) {
    wrong.push(...differences(snapshot(computer), reference));
    wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
    computer.remove();
  }
  return { tried: areOne ? 'one cache, the same results' : 'one cache', came: ended.map(inShort).join(', '), wrong };
}
