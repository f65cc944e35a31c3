/** Clocks that were set: files and caches from the future, and a clock that goes back before all of them. */
import { cpSync, existsSync, globSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import {
  differences,
  type Fault,
  inShort,
  type Outcome,
  type Reference,
  unplain,
  wrongAfterAnotherRun,
} from '../fault.ts';
import { type Computer, newComputer, run, snapshot } from '../study.ts';

const FUTURE = new Date('2040-01-01T00:00:00Z');
/** A moved clock for programs that know nothing of it; on Debian in the package faketime. */
const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');

interface Clock {
  readonly tried: string;
  readonly before?: (computer: Computer) => void;
  readonly environment?: Readonly<Record<string, string>>;
}

const CLOCKS: readonly Clock[] = [
  { tried: 'files of the study from 2040', before: ({ at }) => fromTheFuture(at('study')) },
  { tried: 'a cache from 2040', before: ({ at }) => fromTheFuture(at('cache')) },
  ...(LIBRARY === undefined
    ? []
    : ['-400d', '+5000d'].map((offset) => ({
        tried: `clock set by ${offset}`,
        // The clocks that only count go on as they are: they are never set.
        environment: { LD_PRELOAD: LIBRARY, FAKETIME: offset, DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' },
      }))),
];

export const clock: Fault = {
  name: 'clock',
  async *attempts(_, reference) {
    if (LIBRARY === undefined)
      yield { tried: 'clock set back', came: 'not tried: libfaketime is not there (Debian: faketime)', wrong: [] };
    for (const one of CLOCKS) for (const isFilled of [true, false]) yield attempt(one, isFilled, reference);
  },
};

function fromTheFuture(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true }))
    if (existsSync(join(folder, String(name)))) utimesSync(join(folder, String(name)), FUTURE, FUTURE);
}

async function attempt(one: Clock, isFilled: boolean, reference: Reference): Promise<Outcome> {
  const computer = newComputer();
  if (isFilled) cpSync(reference.cache, computer.at('cache'), { recursive: true });
  one.before?.(computer);
  const ended = await run(computer, one.environment ? { environment: one.environment } : {});
  const wrong = [
    ...unplain(ended),
    ...(ended.code === 0 ? [] : [`exit ${ended.code}`]),
    ...differences(snapshot(computer), reference),
    ...(await wrongAfterAnotherRun(computer, reference)),
  ];
  computer.remove();
  return { tried: one.tried, came: inShort(ended), wrong };
}
