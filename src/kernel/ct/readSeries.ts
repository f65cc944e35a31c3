/** Reads the pixels of one series into a Volume in Hounsfield units, turned to LPS. */
import { createHash } from 'node:crypto';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from './cohort.ts';
import { type DicomHeader, decodeSlice } from './dicomFile.ts';
import { nativeGrid, positionAlongNormal } from './dicomSeries.ts';
import { lpsOrder, reorderData, reorderGrid } from './orientation.ts';
import { createSourceReader, nameOf } from './sources.ts';
import type { Grid, Volume } from './volume.ts';
import { readVolumeFile } from './volumeFile.ts';

export interface LoadedSeries {
  readonly volume: Volume;
  /** SHA-256 of size, affine and Hounsfield units: the digest of the input for caches and provenance. */
  readonly sha256: string;
}

/** Throws a UserError that names the file where one cannot be decoded. */
export async function readSeries(series: Series, task: Task): Promise<LoadedSeries> {
  const { grid, hu } =
    series.format === 'dicom' ? await readDicomSeries(series, task) : await readVolumeSeries(series, task);
  const order = lpsOrder(grid.affine);
  const volume: Volume = { ...reorderGrid(grid, order), hu: reorderData(hu, grid.size, order) };
  const hash = createHash('sha256');
  hash.update(JSON.stringify([volume.size, volume.affine.map((v) => Number(v.toFixed(6)))]));
  hash.update(new Uint8Array(volume.hu.buffer, volume.hu.byteOffset, volume.hu.byteLength));
  return { volume, sha256: hash.digest('hex') };
}

async function readVolumeSeries(series: Series, task: Task): Promise<{ grid: Grid; hu: Int16Array }> {
  const reader = createSourceReader();
  try {
    return await readVolumeFile(series.sources[0]!, reader, task);
  } finally {
    reader.close();
  }
}

async function readDicomSeries(series: Series, task: Task): Promise<{ grid: Grid; hu: Int16Array }> {
  const reader = createSourceReader();
  try {
    const slices: { header: DicomHeader; positionMm: number; hu: Int16Array }[] = [];
    for (const [n, source] of series.sources.entries()) {
      task.signal.throwIfAborted();
      task.progress(n / series.sources.length, `reading slice ${n + 1} of ${series.sources.length}`);
      try {
        const slice = decodeSlice(await reader.read(source));
        slices.push({ ...slice, positionMm: positionAlongNormal(slice.header) });
      } catch (error) {
        throw new UserError(
          'unreadable-slice',
          `${nameOf(source)} cannot be decoded: ${(error as Error).message}. Copy the file again, or remove it to go on without it.`,
        );
      }
    }
    const distances = slices.slice(1).map((s, n) => s.positionMm - slices[n]!.positionMm);
    const spacing = [...distances].sort((a, b) => a - b)[distances.length >> 1] ?? 0;
    const positions = slices.map((s) => s.positionMm);
    const grid = nativeGrid(
      slices.map((s) => s.header),
      positions,
      spacing,
    );
    return { grid, hu: stackSlices(slices, grid, spacing) };
  } finally {
    reader.close();
  }
}

/** Copies slices to their place on the uniform grid; places between slices are interpolated linearly. */
function stackSlices(
  slices: readonly { positionMm: number; hu: Int16Array }[],
  grid: Grid,
  spacing: number,
): Int16Array {
  const [nx, ny, nz] = grid.size;
  const hu = new Int16Array(nx * ny * nz);
  const start = slices[0]!.positionMm;
  let below = 0;
  for (let k = 0; k < nz; k++) {
    const position = start + k * spacing;
    while (below < slices.length - 2 && slices[below + 1]!.positionMm <= position + 1e-6) below++;
    const a = slices[below]!;
    const b = slices[Math.min(slices.length - 1, below + 1)]!;
    const gap = b.positionMm - a.positionMm;
    const share = gap > 0 ? Math.min(1, Math.max(0, (position - a.positionMm) / gap)) : 0;
    // Within a hundredth of a slice the values are copied: interpolation would only blur noise.
    if (share < 0.01) hu.set(a.hu, k * nx * ny);
    else if (share > 0.99) hu.set(b.hu, k * nx * ny);
    else for (let p = 0; p < nx * ny; p++) hu[k * nx * ny + p] = Math.round(a.hu[p]! * (1 - share) + b.hu[p]! * share);
  }
  return hu;
}
