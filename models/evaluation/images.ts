/** Reads the real CTs and masks that come as MetaImage, and those in zips of DICOM. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { unattended } from '../../src/kernel/base/task.ts';
import { discoverCohort } from '../../src/kernel/ct/discover.ts';
import { readSeries } from '../../src/kernel/ct/readSeries.ts';
import { axisAlignedAffine, type Grid, type GridSize, type Volume } from '../../src/kernel/ct/volume.ts';

export interface MetaImage extends Grid {
  /** In z, y, x order. */
  readonly values: Int16Array;
}

/** A compressed, little-endian MetaImage of 16-bit or 8-bit integers with axes along x, y, z (LPS). */
export function readMetaImage(file: string): MetaImage {
  const bytes = readFileSync(file);
  const last = 'ElementDataFile = LOCAL';
  const end = bytes.indexOf('\n', bytes.indexOf(last)) + 1;
  const header = new Map(
    bytes
      .subarray(0, end)
      .toString('latin1')
      .split(/\r?\n/)
      .filter((line) => line.includes(' = '))
      .map((line) => line.split(' = ') as [string, string]),
  );
  const numbers = (name: string) => (header.get(name) ?? '').split(' ').map(Number) as [number, number, number];
  const type = header.get('ElementType');
  if (header.get('CompressedData') !== 'True' || header.get('TransformMatrix') !== '1 0 0 0 1 0 0 0 1')
    throw new Error(`${file}: not a compressed MetaImage with axes along x, y, z`);
  if (type !== 'MET_SHORT' && type !== 'MET_UCHAR') throw new Error(`${file}: unexpected element type ${type}`);
  const raw = inflateSync(bytes.subarray(end));
  return {
    size: numbers('DimSize') as unknown as GridSize,
    affine: axisAlignedAffine(numbers('ElementSpacing'), numbers('Offset')),
    values:
      type === 'MET_UCHAR' ? Int16Array.from(raw) : new Int16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2),
  };
}

/** The first CT series of a zip, as `load` reads it. */
export async function readZip(path: string): Promise<Volume> {
  const series = (await discoverCohort(path, unattended)).patients[0]?.series[0];
  if (!series) throw new Error(`${path} holds no CT series`);
  return (await readSeries(series, unattended)).volume;
}
