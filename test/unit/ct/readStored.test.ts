import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { parseHeaders } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { toHounsfield } from '../../../src/kernel/ct/dicom/hounsfieldTable.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, change, TAG, temporaryFolder, writeSeries } from './helpers.ts';

const PIXEL_DATA = Buffer.from([0xe0, 0x7f, 0x10, 0x00]);

let folder: string;
let files: string[];
beforeEach(() => {
  folder = temporaryFolder();
  files = writeSeries(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const found = async (): Promise<Series> => (await discoverCohort(folder, unattended)).patients[0]!.series[0]!;
const huOf = async (series: Series) => (await readSeries(series, unattended)).volume.hu;
const storedIn = (bytes: Buffer) => parseHeaders(bytes)[0]!.stored;

describe('pixels that are stored as they are', () => {
  it('are found with the header, from its first bytes alone', () => {
    const bytes = readFileSync(files[0]!);
    const at = bytes.indexOf(PIXEL_DATA) + 12;
    expect(storedIn(bytes)).toMatchObject({ at, form: { rows: 6, columns: 7, bitsAllocated: 16 } });
    expect(storedIn(bytes.subarray(0, at + 10))?.at).toBe(at);
  });

  it('are the same read in place as out of the whole file', async () => {
    const series = await found();
    expect(series.sources.every(({ stored }) => stored)).toBe(true);
    const parsed = { ...series, sources: series.sources.map(({ stored: _, ...source }) => source) };
    expect(await huOf(series)).toEqual(await huOf(parsed));
    expect(await huOf(series)).toEqual(asymmetricVolume().hu);
  });

  it('are looked for again in a file that has changed since', async () => {
    const series = await found();
    for (const file of files)
      change(file, (tags) => {
        tags['00104000'] = { vr: 'LT', Value: ['Longer than before'] };
        tags[TAG.intercept] = { vr: 'DS', Value: [Number(tags[TAG.intercept]!.Value![0]) + 10] };
      });
    expect(await huOf(series)).toEqual(asymmetricVolume().hu.map((value) => value + 10));
  });

  it('are named where their file is cut short since', async () => {
    const series = await found();
    const { file } = series.sources[3]!;
    writeFileSync(file, readFileSync(file).subarray(0, -20));
    await expect(huOf(series)).rejects.toMatchObject({
      code: 'unreadable-slice',
      message: expect.stringContaining('it is cut short'),
    });
  });

  it('are left to the parser where bytes look like a second beginning, or are fewer than the header needs', () => {
    const bytes = readFileSync(files[0]!);
    const at = bytes.indexOf(PIXEL_DATA) + 12;
    const twice = Buffer.from(bytes);
    PIXEL_DATA.copy(twice, at + 20);
    expect(storedIn(twice)).toBeUndefined();
    const fewer = Buffer.from(bytes);
    fewer.writeUInt32LE(10, at - 4);
    expect(storedIn(fewer)).toBeUndefined();
  });
});

describe('Hounsfield units in place', () => {
  const table = Int16Array.from({ length: 65536 }, (_, raw) => (raw % 3000) - 1024);
  it.each([
    ['an even number', 0, 8],
    ['an odd number', 0, 7],
    ['pixels that begin at an odd place', 1, 6],
  ])('are those of the table for %s', (_, from, length) => {
    const all = Int16Array.from({ length: 9 }, (__, n) => n * 7919 - 32768);
    const expected = all.map((value, n) => (n < from || n >= from + length ? value : table[value & 0xffff]!));
    toHounsfield(all.subarray(from, from + length), table);
    expect(all).toEqual(expected);
  });
});
