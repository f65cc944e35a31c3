/** Enhanced multi-frame CT: what holds for one frame is in its functional groups (PS3.3 C.7.6.16). */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { afterEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { discoverCohort } from '../../../src/kernel/ct/discover.ts';
import { readSeries } from '../../../src/kernel/ct/readSeries.ts';
import { asymmetricVolume, SPACING, temporaryFolder, writeSeries } from './helpers.ts';

const { DicomMessage, DicomDict, DicomMetaDictionary } = dcmjs.data;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** One file with the slices as frames, in the given order, from which `leaveOut` takes tags of each frame's groups. */
function multiFrame(order: readonly number[], leaveOut: readonly string[] = []): { path: string; hu: Int16Array } {
  const folder = temporaryFolder();
  folders.push(folder);
  const volume = asymmetricVolume(7, 6, order.length);
  const files = writeSeries(join(folder, 'single'), volume);
  const slices = files.map((file) => {
    const bytes = readFileSync(file);
    return DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
  });
  const tags = slices.map(({ dict }) => DicomMetaDictionary.naturalizeDataset(dict));
  const first = tags[0]!;
  const pixels = Buffer.concat(order.map((n) => Buffer.from([tags[n]!.PixelData].flat()[0] as ArrayBuffer)));
  const groups = order.map((n) =>
    Object.fromEntries(
      Object.entries({
        PlanePositionSequence: [{ ImagePositionPatient: tags[n]!.ImagePositionPatient }],
        PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: tags[n]!.RescaleIntercept }],
      }).filter(([name]) => !leaveOut.includes(name)),
    ),
  );
  const { ImagePositionPatient: _, ImageOrientationPatient, PixelSpacing, SliceThickness, ...rest } = first;
  const dataset = {
    ...rest,
    NumberOfFrames: order.length,
    PixelData: [pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + pixels.length)],
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
      },
    ],
    PerFrameFunctionalGroupsSequence: groups,
    _vrMap: { PixelData: 'OW' },
  };
  const written = new DicomDict(slices[0]!.meta);
  written.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
  const path = join(folder, 'multi.dcm');
  writeFileSync(path, Buffer.from(written.write()));
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
