/** Reads the real CTs, and the label maps and masks, that training and evaluation start from. */
import { unattended } from '../../src/kernel/base/task.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { createSourceReader } from '../../src/kernel/ct/files/sources.ts';
import { readVoxels } from '../../src/kernel/ct/formats/volumeFile.ts';
import { lpsOrder, reorderData, reorderGrid } from '../../src/kernel/ct/geometry/orientation.ts';
import type { Grid, Volume } from '../../src/kernel/ct/geometry/volume.ts';

/** The first CT series of a path, as `load` reads it. */
export async function readCt(path: string): Promise<Volume> {
  const series = (await discoverCohort(path, unattended)).patients[0]?.series[0];
  if (!series) throw new Error(`${path} holds no CT series`);
  return (await readSeries(series, unattended)).volume;
}

/** The values of a label map or mask in z, y, x order, turned to LPS. */
export async function readLabels(file: string): Promise<Grid & { readonly values: Int16Array }> {
  const reader = createSourceReader();
  try {
    const { values, ...grid } = await readVoxels({ file }, reader, unattended, 0);
    const order = lpsOrder(grid.affine);
    return { ...reorderGrid(grid, order), values: reorderData(values, grid.size, order) };
  } finally {
    reader.close();
  }
}
