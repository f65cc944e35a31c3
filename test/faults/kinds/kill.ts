/** `kill -9` at moments spread over a run: while it loads, measures, writes its cache, exports, and writes its results. */
import type { ChildProcess } from 'node:child_process';
import { cpSync, type FSWatcher, mkdirSync, readdirSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { type Fault, halfWritten, inShort, type Outcome, type Reference, wrongAfterAnotherRun } from '../fault.ts';
import { type Computer, newComputer, run, snapshot } from '../study.ts';

const MOMENTS = ['load', 'quantify', 'cache', 'export', 'results'] as const;
type Moment = (typeof MOMENTS)[number];
/** What the cache has not put in place is left over once nobody has written it for an hour. */
const LONG_AGO = new Date(Date.now() - 2 * 3_600_000);
const OLD = 'patient,old\nA01,1\n';

const cacheTmp = ({ at }: Computer) => at('cache', 'measured-cts', 'tmp');

export const kill: Fault = {
  name: 'kill -9',
  async *attempts(rounds, reference) {
    const lengths = await lengthsOfMoments();
    const random = createRandom('kills');
    const left = newComputer();
    mkdirSync(cacheTmp(left), { recursive: true, mode: 0o700 });
    for (let round = 0; round < rounds; round++) {
      // Most pauses are short: writing begins at once, and is soon over. Every other moment, so that a few rounds are spread over the whole run as well.
      const moment = MOMENTS[(2 * round) % MOMENTS.length]!;
      const hasOld = Math.floor(round / MOMENTS.length) % 2 === 1;
      yield attempt({ moment, pause: random() ** 3 * lengths[moment], hasOld }, reference, left);
    }
    yield cleared(left, reference);
  },
};

/** How long each moment lasts in a run that nothing disturbs, in milliseconds. */
async function lengthsOfMoments(): Promise<Record<Moment, number>> {
  const computer = prepared();
  const begun = new Map<Moment, number>();
  await run(computer, {
    watch: (child) => onMoments(child, computer, (moment) => void begun.set(moment, performance.now())),
  });
  const ended = performance.now();
  computer.remove();
  const times = MOMENTS.map((moment) => begun.get(moment) ?? ended);
  return Object.fromEntries(
    MOMENTS.map((moment, n) => [moment, Math.max(50, (times[n + 1] ?? ended) - times[n]!)]),
  ) as Record<Moment, number>;
}

function prepared(): Computer {
  const computer = newComputer();
  mkdirSync(cacheTmp(computer), { recursive: true, mode: 0o700 });
  return computer;
}

/** Calls back once as each moment begins, as seen from outside: by what the command says, and by the files that come. */
function onMoments(child: ChildProcess, computer: Computer, begins: (moment: Moment) => void): void {
  const told = new Set<Moment>();
  const tell = (moment: Moment) => {
    if (!told.has(moment)) begins(moment);
    told.add(moment);
  };
  let said = '';
  child.stderr?.on('data', (text: string) => {
    said += text;
    if (said.includes('cell 1')) tell('load');
    if (said.includes('cell 2')) tell('quantify');
  });
  const watchers: FSWatcher[] = [
    watch(cacheTmp(computer), () => tell('cache')),
    watch(computer.at('study', 'results'), () => tell('export')),
    watch(computer.at('out'), () => tell('results')),
  ];
  child.once('close', () => {
    for (const watcher of watchers) watcher.close();
  });
}

async function attempt(
  { moment, pause, hasOld }: { moment: Moment; pause: number; hasOld: boolean },
  reference: Reference,
  left: Computer,
): Promise<Outcome> {
  const computer = prepared();
  if (hasOld) {
    writeFileSync(computer.at('study', 'results', 'ai.csv'), OLD);
    cpSync(computer.at('study', 'study.lungnb'), computer.at('out', 'executed.lungnb'));
    writeFileSync(computer.at('out', 'report.html'), OLD);
    writeFileSync(computer.at('out', 'results.json'), OLD);
  }
  const old = snapshot(computer);
  const ended = await run(computer, {
    watch: (child) =>
      onMoments(child, computer, (begun) => {
        if (begun === moment) void wait(pause).then(() => child.kill('SIGKILL'));
      }),
  });
  const wrong = halfWritten(snapshot(computer), reference, old, true);
  cpSync(cacheTmp(computer), cacheTmp(left), { recursive: true });
  wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
  computer.remove();
  return { tried: `at ${moment}${hasOld ? ', old results there' : ''}`, came: inShort(ended), wrong };
}

/** What all the kills left half-written in caches goes with the next measurement, once it is old. */
async function cleared(left: Computer, reference: Reference): Promise<Outcome> {
  const files = () =>
    readdirSync(cacheTmp(left), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const count = files().length;
  for (const { parentPath, name } of files()) utimesSync(join(parentPath, name), LONG_AGO, LONG_AGO);
  const wrong = await wrongAfterAnotherRun(left, reference);
  wrong.push(...files().map(({ name }) => `still in the cache: ${name}`));
  left.remove();
  return { tried: 'what they left in caches', came: `${count} files, cleared`, wrong };
}
