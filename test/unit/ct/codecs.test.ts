/** Slices written in every compressed syntax by the codecs' own encoders and by dcmtk, and read back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { decodeFrame, loadCodec } from '../../../src/kernel/ct/dicom/codecs/codecs.ts';
import { loadCodecs } from '../../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { decodeFrames, parseHeaders } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { change, temporaryFolder, writeSeries } from './helpers.ts';
import { FORMS, formName, LOSSLESS, LOSSY, SLICE, transcoded, VOLUME, writeSlice } from './writtenSyntaxes.ts';

const { DicomMessage, DicomDict } = dcmjs.data;
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

const huOf = async (bytes: Buffer) => (await decodeFrames(bytes, [0]))[0]!.hu;
const furthest = (hu: Int16Array) => hu.reduce((most, value, n) => Math.max(most, Math.abs(value - SLICE[n]!)), 0);

describe('a compressed slice', () => {
  it.each(
    FORMS.flatMap((form) =>
      Object.entries(LOSSLESS).map(([name, syntax]) => [name, formName(form), form, syntax] as const),
    ),
  )('in %s, %s, is read back exactly, and known to be lossless', async (_, __, form, syntax) => {
    const own = temporaryFolder();
    const bytes = transcoded(writeSlice(own, form), syntax);
    expect(parseHeaders(bytes)[0]).toMatchObject({ transferSyntax: syntax, lossy: false });
    const [frame] = await decodeFrames(bytes, [0]);
    expect(frame).toMatchObject({ frame: { lossy: false }, hu: SLICE });
    rmSync(own, { recursive: true });
  });

  it.each(Object.entries(LOSSY))('in %s is read back nearly, and known to be lossy', async (_, syntax) => {
    const bytes = transcoded(files[0]!, syntax);
    expect(parseHeaders(bytes)[0]!.lossy).toBe(true);
    const error = furthest(await huOf(bytes));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThanOrEqual(30);
  });

  const written = [
    ['dcmcjpeg', '+e1'],
    ['dcmcjpeg', '+el'],
    ['dcmcjpls', '+el'],
    ['dcmcrle', ''],
    ['dcmconv', '+tb'],
    ['dcmconv', '+td'],
    ['dcmconv', '+ti'],
  ] as const;
  it
    .skipIf(!hasDcmtk)
    .each(FORMS.flatMap((form) => written.map(([tool, option]) => [tool, option, formName(form), form] as const)))(
    'written by %s %s of dcmtk with %s is read back exactly',
    async (tool, option, _, form) => {
      const own = temporaryFolder();
      const out = join(own, 'out');
      execFileSync(tool, [...(option ? [option] : []), writeSlice(join(own, 'in'), form), out]);
      expect(await huOf(readFileSync(out))).toEqual(SLICE);
      rmSync(own, { recursive: true });
    },
  );

  it('in several fragments without an offset table is put together', async () => {
    const bytes = transcoded(files[0]!, LOSSLESS['JPEG-LS']);
    const parsed = DicomMessage.readFile(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    const whole = new Uint8Array(parsed.dict['7FE00010']!.Value![0] as ArrayBuffer);
    const { compressedFrame } = await import('../../../src/kernel/ct/dicom/frames.ts');
    const fragments = [whole.slice(0, 30), whole.slice(30, 100), whole.slice(100)];
    expect(compressedFrame(fragments, 0, 1)).toEqual(whole);
    expect(compressedFrame([...fragments, ...fragments], 1, 2)).toEqual(whole);
    expect(() => compressedFrame(fragments, 1, 2)).toThrow('1 images in 3 fragments, and 2 frames');
  });

  it('that was damaged says so, and names what was expected', async () => {
    const bytes = transcoded(files[0]!, LOSSLESS['JPEG 2000']);
    bytes.fill(0, bytes.length - 400);
    await expect(huOf(bytes)).rejects.toThrow('past end of input');
    const smaller = transcoded(files[0]!, LOSSLESS['JPEG-LS']);
    const parsed = DicomMessage.readFile(
      smaller.buffer.slice(smaller.byteOffset, smaller.byteOffset + smaller.length) as ArrayBuffer,
    );
    (parsed.dict['00280010'] as { Value: number[] }).Value = [80];
    const written = new DicomDict(parsed.meta);
    written.dict = parsed.dict;
    await expect(huOf(Buffer.from(written.write({ fragmentMultiframe: false })))).rejects.toThrow(
      'its compressed pixels are 48 × 40, and its header says 48 × 80',
    );
  });
});

describe('a damaged JPEG-LS frame', () => {
  const form = { rows: 40, columns: 48, bitsAllocated: 16, bitsStored: 16, signed: true };
  const frame = () => {
    const bytes = transcoded(files[0]!, LOSSLESS['JPEG-LS']);
    return new Uint8Array(bytes.subarray(bytes.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]))));
  };
  const START_OF_FRAME = [0xff, 0xf7];
  const ROWS = 5;
  const COMPONENTS = 9;
  const changed = (offset: number, ...values: readonly number[]) => {
    const bytes = frame();
    bytes.set(values, Buffer.from(bytes).indexOf(Buffer.from(START_OF_FRAME)) + offset);
    return bytes;
  };

  it('says what is wrong, and the next one is decoded', async () => {
    await loadCodec('jpeg-ls');
    const whole = decodeFrame('jpeg-ls', frame(), form).slice();
    expect(() => decodeFrame('jpeg-ls', frame().fill(0xff, 100, 300), form)).toThrow(
      /^its compressed pixels are damaged \(.*JPEG-LS/,
    );
    await loadCodec('jpeg-ls');
    expect(decodeFrame('jpeg-ls', frame(), form)).toEqual(whole);
  });

  it('gets no memory beyond that of its header', async () => {
    await loadCodec('jpeg-ls');
    expect(() => decodeFrame('jpeg-ls', changed(ROWS, 0xff, 0xff), form)).toThrow('are 48 × 65535');
    expect(() => decodeFrame('jpeg-ls', changed(COMPONENTS, 255), form)).toThrow('coloured');
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
