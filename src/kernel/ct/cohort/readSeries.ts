/** Reads the pixels of one series into a Volume in Hounsfield units, turned to LPS. */
import { createHash } from 'node:crypto';
import type { Remark } from '../../../protocol/remark.ts';
import type { Task } from '../../base/task.ts';
import { readDicomSeries } from '../dicom/readDicomSeries.ts';
import { createSourceReader } from '../files/sources.ts';
import { readVolumeFile } from '../formats/volumeFile.ts';
import { correctTilt, uprightGrid } from '../geometry/gantryTilt.ts';
import { lpsOrder, reorderData, reorderGrid } from '../geometry/orientation.ts';
import { inSharedHu } from '../geometry/sharedArrays.ts';
import type { Grid, Volume } from '../geometry/volume.ts';
import { addOffset } from './addOffset.ts';
import type { Series } from './cohort.ts';
import { hounsfieldChecks } from './hounsfield.ts';

export interface LoadedSeries {
  /** Its Hounsfield units lie in shared memory: several threads work on them at once. */
  readonly volume: Volume;
  /** SHA-256 of size, affine and Hounsfield units: the digest of the input for caches and provenance. */
  readonly sha256: string;
  /** What only the pixels tell. */
  readonly problems: readonly Remark[];
}

/** Throws a UserError that names the file where one cannot be decoded. */
export async function readSeries(series: Series, task: Task): Promise<LoadedSeries> {
  const { grid, hu } =
    series.format === 'dicom' ? await readDicomSeries(series, task) : await readVolumeSeries(series, task);
  const upright = uprightGrid(grid);
  const order = lpsOrder(upright.affine);
  const turned = reorderData(correctTilt(grid, addOffset(hu, series.offsetHu ?? 0)), upright.size, order);
  const volume: Volume = { ...reorderGrid(upright, order), hu: inSharedHu(turned) };
  const problems = hounsfieldChecks(volume.hu, series.id);
  const hash = createHash('sha256');
  hash.update(JSON.stringify([volume.size, volume.affine.map((v) => Number(v.toFixed(6)))]));
  hash.update(new Uint8Array(volume.hu.buffer, volume.hu.byteOffset, volume.hu.byteLength));
  return { volume, sha256: hash.digest('hex'), problems };
}

async function readVolumeSeries(series: Series, task: Task): Promise<{ grid: Grid; hu: Int16Array }> {
  const reader = createSourceReader(task.signal);
  reader.know(series.sources);
  try {
    return await readVolumeFile(series.sources[0]!, reader, task);
  } finally {
    reader.close();
  }
}
