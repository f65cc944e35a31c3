/** What one folder, or one SeriesInstanceUID, may mix. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, change, SPACING, TAG, temporaryFolder, writeSeries } from './helpers.ts';

let folder: string;
let files: string[];
beforeEach(() => {
  folder = temporaryFolder();
  files = writeSeries(join(folder, 'P01'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = () => discoverCohort(folder, unattended);
const set = (tag: string, vr: string, value: unknown) => (tags: Record<string, { vr: string; Value?: unknown[] }>) => {
  tags[tag] = { vr, Value: Array.isArray(value) ? value : [value] };
};
const KERNEL = '00181210';
const SOP_UID = '00080018';

/** A second copy of every slice, changed, in the same series. */
function copies(edit: (file: string, n: number) => void): void {
  mkdirSync(join(folder, 'P01', 'again'));
  for (const [n, file] of files.entries()) {
    const copy = join(folder, 'P01', 'again', `${n}.dcm`);
    copyFileSync(file, copy);
    edit(copy, n);
  }
}

/** A second scan of as many slices, in the same series, higher by `slices` slices. */
function higherBy(slices: number, edit: (tags: Record<string, { vr: string; Value?: unknown[] }>) => void): void {
  copies((file, n) =>
    change(file, (tags) => {
      set(SOP_UID, 'UI', `1.2.3.${n + 1}`)(tags);
      const [x, y, z] = tags[TAG.position]!.Value as number[];
      tags[TAG.position]!.Value = [x!, y!, z! + slices * SPACING[2]];
      edit(tags);
    }),
  );
}
/** The distance between the first and the last of 24 slices is 23 steps. */
const STEPS = 23;

describe('two scans in one series', () => {
  const sizes = async () => (await load()).patients[0]!.series.map(({ size }) => size[2]).sort();

  it('by acquisition stay whole where they share more than half of their length', async () => {
    higherBy(STEPS * 0.4 - 0.2, set('00200012', 'IS', 2));
    expect(await sizes()).toEqual([24, 24]);
  });

  it('that share less than half of it are put together by their places', async () => {
    higherBy(14, set('00200012', 'IS', 2));
    expect(await sizes()).not.toEqual([24, 24]);
  });

  it('of two kernels are reconstructions of the same places from a tenth of their length on', async () => {
    higherBy(Math.round(STEPS * 0.8), set(KERNEL, 'SH', 'B30f'));
    expect((await load()).problems.map(({ message }) => message).join()).toMatch(
      /2 reconstructions that differ in kernel/,
    );
  });

  it('of two kernels are parts of the body where they share less', async () => {
    higherBy(STEPS - 1, set(KERNEL, 'SH', 'B30f'));
    expect((await load()).problems.map(({ message }) => message).join()).toMatch(
      /2 parts of the body that differ in kernel/,
    );
  });
});

describe('one series', () => {
  it('with every image twice is used once, and the copies are counted', async () => {
    copies(() => {});
    const { patients, problems } = await load();
    expect(patients[0]!.series).toHaveLength(1);
    expect(patients[0]!.series[0]!.size[2]).toBe(24);
    expect(problems.find(({ code }) => code === 'duplicate-slices')?.message).toContain('24 images are there twice');
  });

  it('with two reconstructions by kernel is two series, of which the sharp one is used', async () => {
    copies((file, n) => {
      change(file, set(KERNEL, 'SH', 'B30f'));
      change(file, set(SOP_UID, 'UI', `1.2.3.${n + 1}`));
    });
    const { patients, problems } = await load();
    const { series, choices } = patients[0]!;
    expect(series.map(({ convolutionKernel, size }) => [convolutionKernel, size[2]]).sort()).toEqual([
      ['B30f', 24],
      ['B60', 24],
    ]);
    expect(problems.find(({ code }) => code === 'several-reconstructions')?.message).toMatch(
      /2 reconstructions that differ in kernel/,
    );
    const used = choices.find((choice) => choice.used)!;
    expect(used.reason).toBe('sharp kernel');
    expect(series.find(({ id }) => id === used.series)?.convolutionKernel).toBe('B60');
  });

  it('with two images at every place, and nothing else to tell them apart, is two series', async () => {
    copies((file, n) => {
      change(file, set(SOP_UID, 'UI', `1.2.3.${n + 1}`));
      change(file, set('00200012', 'IS', 2));
      change(file, set(TAG.intercept, 'DS', -1014));
    });
    const { patients } = await load();
    expect(patients[0]!.series).toHaveLength(2);
    const [first, second] = await Promise.all(patients[0]!.series.map((series) => readSeries(series, unattended)));
    expect(second!.volume.hu[200]! - first!.volume.hu[200]!).not.toBe(0);
  });

  it('with a scout among its images, which no tag tells, leaves it out and says so', async () => {
    change(files[0]!, set(TAG.orientation, 'DS', [1, 0, 0, 0, 0, -1]));
    const { patients, problems } = await load();
    expect(patients[0]!.series[0]!.size[2]).toBe(23);
    expect(problems.find(({ code }) => code === 'mixed-orientation')?.message).toMatch(
      /1 of 24 images are scouts or have another orientation/,
    );
  });

  it('of a tilted gantry is straightened, and says by how much', async () => {
    for (const [n, file] of files.entries())
      change(file, (tags) => {
        const [x, y, z] = tags[TAG.position]!.Value as [number, number, number];
        tags[TAG.position]!.Value = [x, Number(y) + n * 2.5 * Math.tan((20 * Math.PI) / 180), z];
      });
    const { patients } = await load();
    const series = patients[0]!.series[0]!;
    expect(series.problems.find(({ code }) => code === 'gantry-tilt')?.message).toContain('tilted by 20.0°');
    const { volume } = await readSeries(series, unattended);
    expect(volume.size).toEqual(series.size);
    expect([volume.affine[2], volume.affine[6]]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });
});

describe('values that are no Hounsfield units', () => {
  it('are refused, with what to do', async () => {
    for (const file of files) change(file, set(TAG.intercept, 'DS', 1200));
    const { patients } = await load();
    await expect(readSeries(patients[0]!.series[0]!, unattended)).rejects.toMatchObject({ code: 'not-hounsfield' });
  });
});

it('the asymmetric volume has air', () => {
  expect(Math.min(...asymmetricVolume().hu)).toBe(-1000);
});
