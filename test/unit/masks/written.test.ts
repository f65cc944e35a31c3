/**
 * Masks of CTs that lie in every way, read by others: test/reference/masks.json says what SimpleITK, nibabel, pynrrd,
 * highdicom, dcmqi and pydicom-seg found in files with exactly this content (masks.py).
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { type MaskFile, maskFilesOf } from '../../../src/kernel/masks/write/maskFiles.ts';
import { temporaryFolder } from '../ct/helpers.ts';
import { MASK_CASES, requestOf, writeCt } from './maskCases.ts';

/** `refused` where it could not be read. */
type Found = { readonly wrong?: number; readonly seen?: number; readonly refused?: string };
type Entry = { readonly sha256: string; readonly framesElsewhere?: number } & Readonly<Record<string, unknown>>;

const references: Readonly<Record<string, Readonly<Record<string, Entry>>>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/masks.json'), 'utf8'),
);

/** Without how zlib packed it, which differs between its versions: as masks.py has it. */
function content({ name, bytes }: MaskFile): Buffer {
  const file = Buffer.from(bytes);
  if (name.endsWith('.nii.gz')) return gunzipSync(file);
  const parted = (mark: string) => {
    const at = file.indexOf(mark);
    return [file.subarray(0, at), file.subarray(at + mark.length)] as const;
  };
  if (name.endsWith('.nrrd')) {
    const [head, packed] = parted('\n\n');
    return Buffer.concat([head, gunzipSync(packed)]);
  }
  if (name.endsWith('.mha')) {
    const [head, packed] = parted('ElementDataFile = LOCAL\n');
    const lines = head.toString('latin1').split('\n');
    const kept = lines.filter((line) => !line.includes('CompressedDataSize')).join('\n');
    return Buffer.concat([Buffer.from(kept, 'latin1'), inflateSync(packed)]);
  }
  return file;
}

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Who has no sheared stacks: ITK opens no NIfTI of one, dcmqi says that frames lie outside its image, and pydicom-seg lays
 * frames upon each other whatever their positions are.
 */
const NOT_TILTED = ['SimpleITK of .nii.gz', 'dcmqi of .seg.dcm', 'pydicom-seg of .seg.dcm'];
const READERS = ['SimpleITK', 'nibabel', 'pynrrd', 'highdicom', 'dcmqi', 'pydicom-seg'];

describe.each(MASK_CASES)('masks of a CT that is $name', (one) => {
  const reference = references[one.name]!;

  it('are to the byte those that others have read', async () => {
    writeCt(join(folder, one.name), one);
    const { files } = await maskFilesOf(await requestOf(join(folder, one.name), `Patient ${one.name}`), unattended);
    const digest = (file: MaskFile) => createHash('sha256').update(content(file)).digest('hex');
    expect(Object.fromEntries(files.map((file) => [file.name, digest(file)]))).toEqual(
      Object.fromEntries(Object.entries(reference).map(([name, { sha256 }]) => [name, sha256])),
    );
  });

  it('have not one wrong voxel for any of them', () => {
    for (const [name, entry] of Object.entries(reference).filter(([name]) => !name.includes('.sr.'))) {
      expect(entry.framesElsewhere ?? 0).toBe(0);
      for (const reader of READERS) {
        const found = entry[reader] as Found | undefined;
        if (!found) continue;
        const known = NOT_TILTED.some((pair) => pair.startsWith(reader) && name.endsWith(pair.split(' ').at(-1)!));
        if (one.name === 'tilted' && known) continue;
        expect(found, `${name} by ${reader}`).toEqual({ ...found, wrong: 0, seen: 10 * 9 * 12 });
      }
    }
  });
});
