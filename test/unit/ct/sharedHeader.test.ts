import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseHeaders } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { sharedHeader } from '../../../src/kernel/ct/dicom/sharedHeader.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { temporaryFolder, writeSeries } from './helpers.ts';

it('headers of a series are equal to those that were read, and share what they say alike', () => {
  const folder = temporaryFolder();
  const hu = new Int16Array(4 * 4 * 3);
  writeSeries(folder, { size: [4, 4, 3], affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]), hu }, 'A');
  const read = readdirSync(folder).map((name) => parseHeaders(readFileSync(join(folder, name)))[0]!);
  rmSync(folder, { recursive: true });
  const [first, second] = read.map(sharedHeader);
  expect([first, second]).toEqual(read.slice(0, 2));
  expect(first!.sopInstanceUid).not.toBe(second!.sopInstanceUid);
  expect(first!.orientation).toBe(second!.orientation);
  expect(first!.timing).toBe(second!.timing);
  expect(first!.stored?.form).toBe(second!.stored?.form);
});
