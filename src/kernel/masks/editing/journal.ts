/**
 * What was edited and is not saved yet, on the disk after every act: whatever ends the window, the kernel or the computer,
 * no more than the last act is lost. Each line is one act as the differences that it made; a line that was cut short by
 * the end is passed over, with all that follows.
 */
import { open, readFile, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { makeFolder } from '../../../files/makeFolder.ts';
import { orMissing } from '../../../files/systemError.ts';
import { type ActDifferences, DIFFERENCE_LENGTH, type Differences } from './labelEdits.ts';

export interface Journal {
  /** The acts since the last time that all was saved, in their order; acts that took back others are among them. */
  read(): Promise<ActDifferences[]>;
  /** Resolves when it is on the disk. */
  add(differences: ActDifferences): Promise<void>;
  /** All is saved. */
  clear(): Promise<void>;
}

const LINE_LIMIT = 256e6;

/** `path` is a file of this computer's user alone. `voxels` is the size of the maps: what lies beyond is damaged. */
export function createJournal(path: string, voxels: number): Journal {
  return {
    async read() {
      const text = await readFile(path, 'latin1').catch(orMissing);
      if (text === undefined) return [];
      const acts: ActDifferences[] = [];
      let whole = 0;
      // What stands behind the last line's end was being written.
      for (const line of text.split('\n').slice(0, -1)) {
        const act = actOf(line, voxels);
        if (!act) break;
        acts.push(act);
        whole += line.length + 1;
      }
      // Or the next act would be a part of that line.
      if (whole < text.length) await truncate(path, whole);
      return acts;
    },
    async add({ lobes, textures }) {
      await makeFolder(dirname(path), 0o700);
      const file = await open(path, 'a', 0o600);
      try {
        await file.appendFile(`${packed(lobes)} ${packed(textures)}\n`, 'latin1');
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    clear: () => rm(path, { force: true }),
  };
}

function packed(differences: Differences): string {
  const bytes = Buffer.from(differences.buffer, differences.byteOffset, differences.byteLength);
  return deflateRawSync(bytes, { level: 1 }).toString('base64');
}

function actOf(line: string, voxels: number): ActDifferences | undefined {
  const [lobes, textures, ...rest] = line.split(' ').map((part) => unpacked(part, voxels));
  return lobes && textures && rest.length === 0 ? { lobes, textures } : undefined;
}

function unpacked(part: string, voxels: number): Differences | undefined {
  try {
    const bytes = inflateRawSync(Buffer.from(part, 'base64'), { maxOutputLength: LINE_LIMIT });
    if (bytes.byteLength % (4 * DIFFERENCE_LENGTH) !== 0) return undefined;
    const all = new Int32Array(bytes.byteLength / 4);
    Buffer.from(all.buffer).set(bytes);
    for (let d = 0; d < all.length; d += DIFFERENCE_LENGTH)
      if (all[d]! < 0 || all[d + 1]! < 1 || all[d]! + all[d + 1]! > voxels) return undefined;
    return all;
  } catch {
    // Damaged: the acts before it are what is left.
    return undefined;
  }
}
