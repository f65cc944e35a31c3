/** Every transfer syntax at hand, voxel by voxel and affine by affine, against pydicom and dcmtk: test/reference/syntaxes.py made the values. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecs } from '../../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { decodeFrames, parseHeaders } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { nativeGrid } from '../../../src/kernel/ct/dicom/dicomSeries.ts';
import { temporaryFolder } from './helpers.ts';
import { FORMS, formName, LOSSLESS, LOSSY, transcoded, writeSlice } from './writtenSyntaxes.ts';

interface Reference {
  readonly path: string;
  /** The program that decoded it. */
  readonly by: 'pydicom' | 'dcmtk';
  readonly rows: number;
  readonly columns: number;
  /** Frame by frame, the affine of a single slice where the file says where it lies. */
  readonly frames: readonly { readonly sha256: string; readonly affine: readonly number[] | null }[];
}

const data = join(import.meta.dirname, '../../../../shared/data/dicom');
const { shared, written } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/syntaxes.json'), 'utf8'),
) as { shared: readonly Reference[]; written: readonly Reference[] };
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the DICOM samples of ${data} are not on this machine.`);

async function compare(bytes: Buffer, { rows, columns, frames }: Reference): Promise<void> {
  expect(parseHeaders(bytes).map((header) => [header.rows, header.columns])).toEqual(frames.map(() => [rows, columns]));
  const decoded = await decodeFrames(
    bytes,
    frames.map((_, n) => n),
  );
  for (const [n, { header, hu }] of decoded.entries()) {
    const { sha256, affine } = frames[n]!;
    const own = createHash('sha256').update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength));
    expect(own.digest('hex')).toBe(sha256);
    const { position, orientation, pixelSpacing } = header;
    const grid =
      position && orientation && pixelSpacing ? nativeGrid([header], [0], 0, { orientation, pixelSpacing }) : undefined;
    expect(grid === undefined).toBe(affine === null);
    for (const [at, value] of (affine ?? []).entries()) expect(grid!.affine[at]).toBeCloseTo(value, 5);
  }
}

describe.skipIf(!hasData)('a DICOM file', () => {
  it.each(shared.map((r) => [r.path, r.by, r] as const))(
    '%s has the Hounsfield units and affine of %s',
    async (path, _, reference) => compare(readFileSync(join(data, path)), reference),
  );

  it('of the shared ones is compared, whichever it is, if it has pixels', () => {
    const files = ['syntaxes', 'j2k-series', 'odd'].flatMap((folder) =>
      readdirSync(join(data, folder)).map((name) => `${folder}/${name}`),
    );
    const compared = shared.map(({ path }) => path);
    // The zip file is a series, compared in references.test.ts.
    expect(files.filter((path) => !compared.includes(path)).sort()).toEqual([
      'odd/ge-gantry-tilt-and-gaps.zip',
      'syntaxes/no-pixel-data.dcm',
    ]);
  });

  it('without pixel data says so', async () => {
    await expect(decodeFrames(readFileSync(join(data, 'syntaxes/no-pixel-data.dcm')), [0])).rejects.toThrow(
      /its header says|no pixel data/,
    );
  });
});

describe('a slice that was compressed', () => {
  const folder = temporaryFolder();
  beforeAll(loadCodecs);
  afterAll(() => rmSync(folder, { recursive: true }));
  const forms = FORMS.flatMap((form) =>
    Object.entries({ ...LOSSLESS, ...LOSSY }).map(
      ([name, syntax]) => [`${name}, ${formName(form)}`, form, syntax] as const,
    ),
  );

  it.each(forms)('as %s has the Hounsfield units of pydicom', async (name, form, syntax) => {
    const reference = written.find(({ path }) => path === name)!;
    await compare(transcoded(writeSlice(join(folder, name), form), syntax), reference);
  });
});
