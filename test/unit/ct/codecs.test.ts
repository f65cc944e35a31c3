/** Slices written in every compressed syntax by the codecs' own encoders and by dcmtk, and read back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import dcmjsCodecs from 'dcmjs-codecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { loadCodecs } from '../../../src/kernel/ct/codecs.ts';
import { decodeFrames, parseHeaders } from '../../../src/kernel/ct/dicomFile.ts';
import { discoverCohort } from '../../../src/kernel/ct/discover.ts';
import { readSeries } from '../../../src/kernel/ct/readSeries.ts';
import type { Volume } from '../../../src/kernel/ct/volume.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/volume.ts';
import { change, temporaryFolder, writeSeries } from './helpers.ts';

const { DicomMessage, DicomDict } = dcmjs.data;
/** Smooth enough for lossy codecs, and nowhere symmetric. */
const VOLUME: Volume = {
  size: [48, 40, 12],
  affine: axisAlignedAffine([0.7, 0.8, 2.5], [0, 0, 0]),
  hu: Int16Array.from({ length: 48 * 40 * 12 }, (_, n) =>
    Math.round(-900 + (n % 48) * 9 + (Math.floor(n / 48) % 40) * 5 + Math.floor(n / 1920) * 11),
  ),
};
const SLICE = VOLUME.hu.slice(0, 48 * 40);
const LOSSLESS = {
  RLE: '1.2.840.10008.1.2.5',
  'JPEG lossless': '1.2.840.10008.1.2.4.70',
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
  HTJ2K: '1.2.840.10008.1.2.4.201',
};
const LOSSY = { 'JPEG-LS near-lossless': '1.2.840.10008.1.2.4.81', 'JPEG 2000 lossy': '1.2.840.10008.1.2.4.91' };
const hasDcmtk = spawnSync('dcmcjpeg', ['--version']).status === 0;
if (!hasDcmtk) console.log('Skipped: dcmtk (Debian package dcmtk) is not on this machine.');

let folder: string;
let files: string[];

beforeAll(async () => {
  folder = temporaryFolder();
  files = writeSeries(folder, VOLUME);
  await loadCodecs();
});
afterAll(() => rmSync(folder, { recursive: true }));

function transcoded(file: string, syntax: string): Buffer {
  const bytes = readFileSync(file);
  const transcoder = new dcmjsCodecs.Transcoder(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  );
  transcoder.transcode(syntax, { allowedLossyError: 2, rate: 4 });
  return Buffer.from(transcoder.getDicomPart10());
}
const huOf = async (bytes: Buffer) => (await decodeFrames(bytes, [0]))[0]!.hu;
const furthest = (hu: Int16Array) => hu.reduce((most, value, n) => Math.max(most, Math.abs(value - SLICE[n]!)), 0);

describe('a compressed slice', () => {
  it.each(Object.entries(LOSSLESS))('in %s is read back exactly', async (_, syntax) => {
    const bytes = transcoded(files[0]!, syntax);
    expect(parseHeaders(bytes)[0]).toMatchObject({ transferSyntax: syntax, lossy: false });
    expect(await huOf(bytes)).toEqual(SLICE);
  });

  it.each(Object.entries(LOSSY))('in %s is read back nearly, and known to be lossy', async (_, syntax) => {
    const bytes = transcoded(files[0]!, syntax);
    expect(parseHeaders(bytes)[0]!.lossy).toBe(true);
    const error = furthest(await huOf(bytes));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThanOrEqual(30);
  });

  it.skipIf(!hasDcmtk).each([
    ['dcmcjpeg', ['+e1']],
    ['dcmcjpeg', ['+el']],
    ['dcmcjpls', []],
    ['dcmcrle', []],
    ['dcmconv', ['+tb']],
    ['dcmconv', ['+td']],
  ])('written by %s %j of dcmtk is read back exactly', async (tool, options) => {
    const out = join(folder, `${tool}.out`);
    execFileSync(tool, [...options, files[0]!, out]);
    expect(await huOf(readFileSync(out))).toEqual(SLICE);
    rmSync(out);
  });

  it('in several fragments without an offset table is put together', async () => {
    const bytes = transcoded(files[0]!, LOSSLESS['JPEG-LS']);
    const parsed = DicomMessage.readFile(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    const whole = new Uint8Array(parsed.dict['7FE00010']!.Value![0] as ArrayBuffer);
    const { compressedFrame } = await import('../../../src/kernel/ct/frames.ts');
    const fragments = [whole.slice(0, 30), whole.slice(30, 100), whole.slice(100)];
    expect(compressedFrame(fragments, 0, 1)).toEqual(whole);
    expect(compressedFrame([...fragments, ...fragments], 1, 2)).toEqual(whole);
    expect(() => compressedFrame(fragments, 1, 2)).toThrow('1 images in 3 fragments, and 2 frames');
  });

  it('that was damaged says so, and names what was expected', async () => {
    const bytes = transcoded(files[0]!, LOSSLESS['JPEG 2000']);
    bytes.fill(0, bytes.length - 400);
    await expect(huOf(bytes)).rejects.toThrow();
    const smaller = transcoded(files[0]!, LOSSLESS['JPEG-LS']);
    const parsed = DicomMessage.readFile(
      smaller.buffer.slice(smaller.byteOffset, smaller.byteOffset + smaller.length) as ArrayBuffer,
    );
    (parsed.dict['00280010'] as { Value: number[] }).Value = [80];
    const written = new DicomDict(parsed.meta);
    written.dict = parsed.dict;
    await expect(huOf(Buffer.from(written.write({ fragmentMultiframe: false })))).rejects.toThrow();
  });
});

describe('a series in a compressed syntax', () => {
  it('is loaded like any other, and flagged where it lost something', async () => {
    const packed = temporaryFolder();
    for (const [n, file] of files.entries()) writeFileSync(join(packed, `${n}.dcm`), transcoded(file, LOSSLESS.HTJ2K));
    const { patients } = await discoverCohort(packed, unattended);
    const series = patients[0]!.series[0]!;
    expect((await readSeries(series, unattended)).volume.hu).toEqual(VOLUME.hu);
    expect(series.problems.map(({ code }) => code)).not.toContain('lossy');
    for (const file of files.map((_, n) => join(packed, `${n}.dcm`)))
      change(file, (tags) => {
        tags['00282110'] = { vr: 'CS', Value: ['01'] };
      });
    const again = await discoverCohort(packed, unattended);
    expect(again.patients[0]!.series[0]!.problems.map(({ code }) => code)).toContain('lossy');
    rmSync(packed, { recursive: true });
  });
});
