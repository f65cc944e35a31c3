/** Enhanced multi-frame CT: what holds for one frame is in its functional groups (PS3.3 C.7.6.16). */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, multiFrameFile, SPACING, temporaryFolder, writeSeries } from './helpers.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The slices of a volume as frames of one file, in the given order. */
function multiFrame(order: readonly number[], leaveOut: readonly string[] = []): { path: string; hu: Int16Array } {
  const folder = temporaryFolder();
  folders.push(folder);
  const volume = asymmetricVolume(7, 6, order.length);
  const files = writeSeries(join(folder, 'single'), volume);
  const path = join(folder, 'multi.dcm');
  writeFileSync(
    path,
    multiFrameFile(
      order.map((n) => files[n]!),
      leaveOut,
    ),
  );
  return { path, hu: volume.hu };
}

describe('an enhanced multi-frame file', () => {
  it('is read frame by frame, in the order of positions', async () => {
    const order = [5, 2, 9, 0, 11, 7, 1, 3, 10, 4, 8, 6];
    const { path, hu } = multiFrame(order);
    const { patients } = await discoverCohort(path, unattended);
    const series = patients[0]!.series[0]!;
    expect(series.size).toEqual([7, 6, 12]);
    for (const [n, spacing] of SPACING.entries()) expect(series.spacingMm[n]).toBeCloseTo(spacing, 6);
    expect((await readSeries(series, unattended)).volume.hu).toEqual(hu);
  });

  it('that does not say where its frames lie is refused with that reason', async () => {
    const { path } = multiFrame(
      Array.from({ length: 12 }, (_, n) => n),
      ['PlanePositionSequence'],
    );
    await expect(discoverCohort(path, unattended)).rejects.toThrow(/position|where its frames lie/);
  });
});
