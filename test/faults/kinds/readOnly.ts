/** Caches on a disk that can only be read, filled and empty. */
import { rmSync } from 'node:fs';
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
import { makeReadOnly, mountDisk, unmount, whyNoDisk } from '../mounts.ts';
import { newComputer, run, snapshot } from '../study.ts';

export const readOnly: Fault = {
  name: 'read-only cache',
  whyNot: whyNoDisk,
  async *attempts(_, reference) {
    for (const isFilled of [true, false]) yield attempt(isFilled, reference);
  },
};

async function attempt(isFilled: boolean, reference: Reference): Promise<Outcome> {
  const computer = newComputer();
  const cache = computer.at('cache');
  mountDisk(cache, 8000);
  try {
    if (isFilled) {
      await run(computer);
      for (const path of Object.keys(reference.after))
        if (!(path in reference.before)) rmSync(join(computer.root, path));
    }
    makeReadOnly(cache);
    const ended = await run(computer);
    const wrong = [
      ...unplain(ended),
      ...(ended.code === 0 ? [] : [`exit ${ended.code}`]),
      ...differences(snapshot(computer), reference, isFilled ? 'all' : 'machines'),
      ...(!isFilled && !ended.stdout.includes('its disk is read only') ? ['not told that it is read only'] : []),
    ];
    unmount(cache);
    wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
    return { tried: isFilled ? 'filled' : 'empty', came: inShort(ended), wrong };
  } finally {
    unmount(cache);
    computer.remove();
  }
}
