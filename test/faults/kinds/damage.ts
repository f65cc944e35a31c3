/** Caches that were damaged: flipped bits, files cut short or overwritten, folders and pipes in the place of files. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../../../src/kernel/base/random.ts';
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

type Damage = (file: string, random: Random) => void;

const inPlaceOf = (make: (file: string) => void) => (file: string) => {
  rmSync(file);
  make(file);
};

/** Those that are mended by a run; the others by who clears the cache. */
const MENDED: Readonly<Record<string, Damage>> = {
  'flipped bit': (file, random) => {
    const bytes = readFileSync(file);
    bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    writeFileSync(file, bytes);
  },
  'cut short': (file, random) => truncateSync(file, Math.floor(random() * statSync(file).size)),
  empty: (file) => truncateSync(file, 0),
  'anything behind': (file) => appendFileSync(file, Buffer.from([0, 255, 10, 123, 9])),
  zeros: (file) => writeFileSync(file, Buffer.alloc(statSync(file).size)),
  gone: (file) => rmSync(file),
};
const IN_THE_WAY: Readonly<Record<string, Damage>> = {
  'a folder instead': inPlaceOf((file) => mkdirSync(file)),
  ...(process.platform === 'win32' ? {} : { 'a pipe instead': inPlaceOf((file) => execFileSync('mkfifo', [file])) }),
};
const PARTS = ['content-v2', 'index-v5'] as const;

export const damage: Fault = {
  name: 'damaged cache',
  async *attempts(rounds, reference) {
    const random = createRandom('damages');
    const all = PARTS.flatMap((part) =>
      Object.entries({ ...MENDED, ...IN_THE_WAY }).map(([name, make]) => ({ part, name, make })),
    );
    // Every kind once by default; fewer where fewer are asked for, from all over the list.
    const count = Math.max(2, Math.min(Math.round(rounds / 3), 2 * all.length));
    for (let n = 0; n < count; n++) yield attempt(all[(n * 5) % all.length]!, random, reference);
  },
};

async function attempt(
  { part, name, make }: { part: string; name: string; make: Damage },
  random: Random,
  reference: Reference,
): Promise<Outcome> {
  const computer = newComputer();
  const cache = computer.at('cache');
  cpSync(reference.cache, cache, { recursive: true });
  const files = readdirSync(join(cache, 'measured-cts', part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  make(files[Math.floor(random() * files.length)]!, random);
  const ended = await run(computer);
  const isTold = inShort(ended) === 'complete, told';
  const wrong = [
    ...unplain(ended),
    ...(ended.code === 0 ? [] : [`exit ${ended.code}`]),
    ...differences(snapshot(computer), reference, isTold ? 'machines' : 'all'),
  ];
  if (name in IN_THE_WAY) rmSync(cache, { recursive: true });
  wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
  computer.remove();
  return { tried: `${part === 'index-v5' ? 'index' : 'contents'}: ${name}`, came: inShort(ended), wrong };
}
