/** Zip files whose directory is not true. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSourceReader } from '../../../src/kernel/ct/files/sources.ts';
import { openZip } from '../../../src/kernel/ct/files/zipFile.ts';
import { temporaryFolder } from './helpers.ts';

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (bytes: Uint8Array) => {
  writeFileSync(join(folder, 'a.zip'), bytes);
  return join(folder, 'a.zip');
};
const zip = () =>
  Buffer.from(zipSync({ 'P1/a.dcm': new Uint8Array(5000).fill(7), 'P1/b.dcm': new Uint8Array(5000).fill(8) }));
/** Where the directory's entry of a file begins (APPNOTE 4.3.12). */
const entryOf = (bytes: Buffer, name: string) => bytes.indexOf(name, bytes.indexOf('PK\x01\x02')) - 46;

describe('a zip file', () => {
  it('is opened where it is what it says', async () => {
    const { zip: opened, entries } = await openZip(written(zip()), 'a.zip');
    expect([...entries.keys()]).toEqual(['P1/a.dcm', 'P1/b.dcm']);
    opened.close();
  });

  it('is refused where its files lie over one another', async () => {
    const bytes = zip();
    bytes.writeUInt32LE(bytes.readUInt32LE(entryOf(bytes, 'P1/a.dcm') + 42), entryOf(bytes, 'P1/b.dcm') + 42);
    await expect(openZip(written(bytes), 'a.zip')).rejects.toMatchObject({
      code: 'zip-untrue',
      message: expect.stringContaining('a.zip has files that lie over one another'),
    });
  });

  it('is refused where it says that it holds more files than fit into it', async () => {
    const bytes = zip();
    const end = bytes.lastIndexOf('PK\x05\x06');
    bytes.writeUInt16LE(60_000, end + 8);
    bytes.writeUInt16LE(60_000, end + 10);
    await expect(openZip(written(bytes), 'a.zip')).rejects.toMatchObject({
      code: 'zip-untrue',
      message: expect.stringContaining('says that it holds 60000 files'),
    });
  });

  it.each(['../out.dcm', 'P1/../../out.dcm', '/out.dcm', 'C:/out.dcm', '..\\out.dcm'])(
    'is refused where a file in it is called %j, and nothing is unpacked there',
    async (name) => {
      const file = written(zipSync({ 'P1/a.dcm': new Uint8Array(500), [name]: new Uint8Array(500) }));
      await expect(openZip(file, 'it.zip')).rejects.toMatchObject({ code: 'zip-unreadable' });
      for (const place of ['/out.dcm', join(folder, '..', 'out.dcm')]) expect(existsSync(place)).toBe(false);
    },
  );

  it('is read no further once that is interrupted', async () => {
    const controller = new AbortController();
    const opening = openZip(written(zip()), 'it.zip', controller.signal);
    controller.abort();
    await expect(opening).rejects.toBe(controller.signal.reason);
  });

  it('gives no more of a file than its directory says', async () => {
    const bytes = zip();
    bytes.writeUInt32LE(10, entryOf(bytes, 'P1/a.dcm') + 24);
    const reader = createSourceReader();
    try {
      await expect(reader.read({ file: written(bytes), zipEntry: 'P1/a.dcm' })).rejects.toMatchObject({
        code: 'zip-untrue',
        message: expect.stringContaining('more than the 10 bytes'),
      });
      expect(await reader.read({ file: join(folder, 'a.zip'), zipEntry: 'P1/b.dcm' })).toHaveLength(5000);
    } finally {
      reader.close();
    }
  });
});
