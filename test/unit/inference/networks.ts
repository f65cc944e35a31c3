/** The networks and chests of test/fixtures/networks, and how well label maps agree. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { axisAlignedAffine, type GridSize, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';

export const NETWORKS = join(import.meta.dirname, '../../fixtures/networks');

type Chest = 'thin' | 'thick';

const chests: Readonly<Record<Chest, { readonly size: GridSize; readonly spacing: [number, number, number] }>> =
  JSON.parse(readFileSync(join(NETWORKS, 'networks.json'), 'utf8'));

function unpacked(name: string): Buffer {
  return gunzipSync(readFileSync(join(NETWORKS, `${name}.raw.gz`)));
}

export function drawnChest(name: Chest): Volume {
  const { size, spacing } = chests[name];
  const bytes = unpacked(name);
  const hu = Int16Array.from({ length: bytes.length / 2 }, (_, v) => bytes.readInt16LE(v * 2));
  return { size, affine: axisAlignedAffine(spacing, [0, 0, 0]), hu };
}

/** What the other program made of the chest, by its own label values. */
export function foundBy(program: string, chest: Chest): Uint8Array {
  return Uint8Array.from(unpacked(`${chest}-${program}`));
}

/** The Dice coefficient of each value but 0 that either has. */
export function diceOf(a: Uint8Array, b: Uint8Array): number[] {
  const values = [...new Set([...a, ...b])].filter((value) => value !== 0).sort();
  return values.map((value) => {
    let [both, all] = [0, 0];
    for (let v = 0; v < a.length; v++) {
      const [inA, inB] = [a[v] === value, b[v] === value];
      if (inA && inB) both++;
      all += Number(inA) + Number(inB);
    }
    return (2 * both) / all;
  });
}
