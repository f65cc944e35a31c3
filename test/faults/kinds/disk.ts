/** Disks that fill up under the cache, the exports, the results of the command line, or the folder for temporary files. */
import { join } from 'node:path';
import { createRandom } from '../../../src/kernel/base/random.ts';
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
import { FILLER, fillUpTo, makeRoom, mountDisk, unmount, whyNoDisk } from '../mounts.ts';
import { type Computer, newComputer, run, type Snapshot, snapshot } from '../study.ts';

const DISK_KILOBYTES = 32_000;

interface Place {
  readonly tried: string;
  readonly folder: (computer: Computer) => string;
  /** Bytes that are free, of which a part is taken at random: so much the run would write. */
  readonly mostFree: number;
  /** Results that the run makes all the same. */
  readonly complete: 'machines' | 'all' | 'none';
}

const PLACES: readonly Place[] = [
  { tried: 'cache', folder: ({ at }) => at('cache'), mostFree: 24_000, complete: 'machines' },
  { tried: 'exports', folder: ({ at }) => at('study', 'results'), mostFree: 8000, complete: 'none' },
  { tried: 'results', folder: ({ at }) => at('out'), mostFree: 4e6, complete: 'none' },
  { tried: 'TMPDIR', folder: ({ at }) => at('tmp'), mostFree: 0, complete: 'all' },
];

export const disk: Fault = {
  name: 'full disk',
  whyNot: whyNoDisk,
  async *attempts(rounds, reference) {
    const random = createRandom('disks');
    const each = Math.max(1, Math.round(rounds / 10));
    for (const place of PLACES)
      for (let round = 0; round < (place.mostFree > 0 ? each : 1); round++)
        yield attempt(place, Math.round(random() * place.mostFree), reference);
  },
};

async function attempt(place: Place, freeBytes: number, reference: Reference): Promise<Outcome> {
  const computer = newComputer();
  const folder = place.folder(computer);
  mountDisk(folder, DISK_KILOBYTES);
  try {
    fillUpTo(folder, freeBytes);
    const ended = await run(computer);
    const found = withoutFiller(snapshot(computer));
    const wrong = [
      ...unplain(ended),
      ...(ended.code !== 0 && !/disk is full/.test(ended.stderr) ? [`no word of the disk: ${ended.stderr}`] : []),
      ...(place.complete === 'none'
        ? halfWritten(inFolder(found, folder, computer), reference)
        : differences(found, reference, place.complete)),
    ];
    makeRoom(folder);
    wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
    return { tried: place.tried, came: inShort(ended), wrong };
  } finally {
    unmount(folder);
    computer.remove();
  }
}

/** Other results tell what failed here, and so are not those of a run that nothing disturbed. */
function inFolder(found: Snapshot, folder: string, { root }: Computer): Snapshot {
  return Object.fromEntries(Object.entries(found).filter(([path]) => join(root, path).startsWith(join(folder, '/'))));
}

function withoutFiller(found: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(found).filter(([path]) => !path.endsWith(join('/', FILLER))));
}
