/** Reads the label maps that training and evaluation start from. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { axisAlignedAffine, type Grid, type GridSize } from '../../src/kernel/ct/volume.ts';

export interface NrrdMap extends Grid {
  /** In z, y, x order. */
  readonly values: Int16Array;
}

/** A gzip-encoded 16-bit NRRD with axes along x, y, z (LPS). */
export function readNrrd(file: string): NrrdMap {
  const bytes = readFileSync(file);
  const end = bytes.indexOf('\n\n');
  const header = new Map(
    bytes
      .subarray(0, end)
      .toString('latin1')
      .split('\n')
      .filter((line) => line.includes(': '))
      .map((line) => line.split(': ') as [string, string]),
  );
  const numbers = (name: string) => (header.get(name)?.match(/-?\d+(\.\d+)?(e-?\d+)?/gi) ?? []).map(Number);
  const [sx, , , , sy, , , , sz] = numbers('space directions');
  if (!header.get('type')?.endsWith('short') || header.get('encoding') !== 'gzip' || !sx || !sy || !sz)
    throw new Error(`${file}: not a gzip-encoded 16-bit NRRD with positive, axis-aligned directions`);
  const raw = gunzipSync(bytes.subarray(end + 2));
  return {
    size: numbers('sizes') as unknown as GridSize,
    affine: axisAlignedAffine([sx, sy, sz], numbers('space origin') as [number, number, number]),
    values: new Int16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2),
  };
}
