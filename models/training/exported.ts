/** The folder that an export writes and pack.py reads: a raw file per array, and volumes.jsonl with a line per volume. */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ExportedVolume {
  readonly name: string;
  /** The real data that it is made of, by sourceName; drawn ones have none. */
  readonly source?: string;
  /** A real chest; one drawn around a real lobe map; one drawn around drawn lungs; a slab of a drawn chest, or real lungs at native pixels, for lung-texture. */
  readonly kind: 'real' | 'map' | 'drawn' | 'slab' | 'fine';
  /** Columns, rows, slices. */
  readonly size: readonly number[];
  readonly heldOut: boolean;
  /** Of a slab: y of its first row in mm from the chest's middle, by which the lung grows denser towards the back. */
  readonly top?: number;
  /** Of real lungs at native pixels: side of a pixel in mm. Slices are 3 mm. */
  readonly pixelMm?: number;
}

/** Voxels in z, y, x order. */
export type Arrays = Readonly<Record<string, Uint8Array | Int16Array>>;

/** Begins an export folder, and gives the function that writes a volume into it. */
export function volumeWriter(folder: string): (volume: ExportedVolume, arrays: Arrays) => void {
  mkdirSync(folder, { recursive: true });
  const index = join(folder, 'volumes.jsonl');
  rmSync(index, { force: true });
  return (volume, arrays) => {
    const types = Object.entries(arrays).map(([array, voxels]) => {
      writeFileSync(join(folder, `${volume.name}.${array}`), voxels);
      return [array, voxels instanceof Int16Array ? 'int16' : 'uint8'];
    });
    appendFileSync(index, `${JSON.stringify({ ...volume, arrays: Object.fromEntries(types) })}\n`);
    console.log(volume.name, volume.size.join('×'), volume.heldOut ? 'held out' : '');
  };
}
