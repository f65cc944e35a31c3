/** Every transfer syntax at hand against pydicom: test/reference/syntaxes.py made the values. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeFrames, parseHeaders } from '../../../src/kernel/ct/dicomFile.ts';
import { transferSyntaxOf } from '../../../src/kernel/ct/transferSyntax.ts';

interface Reference {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly { sum: number; least: number; most: number; sha256: string }[];
}

const data = join(import.meta.dirname, '../../../../shared/data/dicom');
const references = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/syntaxes.json'), 'utf8'),
) as Reference[];
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the DICOM samples of ${data} are not on this machine.`);
/** Decoders of lossy JPEG round differently; LungNB's is the one of dcmtk. The slope of these files makes 0.02 stored values 0.5 HU. */
const ROUNDED = /JPEGProcess|jpeg_baseline/;

describe.skipIf(!hasData)('a DICOM file', () => {
  it.each(references.map((r) => [r.path, r] as const))('%s has pydicom’s Hounsfield units', async (path, reference) => {
    const bytes = readFileSync(join(data, path));
    const [header] = parseHeaders(bytes);
    const frames = await decodeFrames(
      bytes,
      reference.frames.map((_, n) => n),
    );
    expect([header!.rows, header!.columns]).toEqual([reference.rows, reference.columns]);
    const lossy = transferSyntaxOf(header!.transferSyntax)?.lossy === true && ROUNDED.test(path);
    for (const [n, { hu }] of frames.entries()) {
      const expected = reference.frames[n]!;
      if (lossy) {
        const sum = hu.reduce((total, value) => total + value, 0);
        expect(Math.abs(sum - expected.sum) / hu.length).toBeLessThan(0.6);
        continue;
      }
      const sha256 = createHash('sha256')
        .update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength))
        .digest('hex');
      expect(sha256).toBe(expected.sha256);
    }
  });

  it('without pixel data says so', async () => {
    await expect(decodeFrames(readFileSync(join(data, 'syntaxes/no-pixel-data.dcm')), [0])).rejects.toThrow(
      /its header says|no pixel data/,
    );
  });
});
