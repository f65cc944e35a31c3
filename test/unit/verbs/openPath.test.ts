import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { openPath } from '../../../src/kernel/verbs/load/openPath.ts';
import { asymmetricVolume, temporaryFolder, writeSeries } from '../ct/helpers.ts';
import { metaHeader, nrrdHeader } from '../ct/volumeVariants.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return openPath(join(folder, name), { resolvePath: (path) => join(folder, path), servers: [] }, unattended);
};

describe('what a path stands for', () => {
  it.each([
    ['commas', 'manifest.csv', 'patient,path\nAnna,a\nBert,b\n'],
    ['semicolons, other columns and capitals', 'manifest.txt', 'Age;Path;Patient\n61;a;Anna\n58;b;Bert\n'],
    ['tabs', 'manifest.tsv', 'patient\tpath\nAnna\ta\nBert\tb\n'],
    ['JSON', 'manifest.json', '[{"patient":"Anna","path":"a"},{"patient":"Bert","path":"b"}]'],
  ])('is a cohort where a table with %s has patients and paths', async (_, name, text) => {
    for (const path of ['a', 'b']) writeSeries(join(folder, path), asymmetricVolume(), path);
    const opened = await open(name, text);
    if (opened.kind !== 'cohort') throw new Error('the manifest was read as a table');
    expect(opened.file).toBe(join(folder, name));
    expect(opened.cohort.patients.map(({ id }) => id)).toEqual(['Anna', 'Bert']);
    expect(opened.cohort.problems.map(({ message }) => message)).toEqual(
      text.startsWith('Age')
        ? ['manifest.txt is read as a manifest: only its columns Patient and Path are used, not Age.']
        : [],
    );
  });

  it('is a table where it has no paths', async () => {
    const opened = await open('reader.csv', 'patient,ggo\nAnna,2\n');
    expect(opened).toMatchObject({ kind: 'table', file: join(folder, 'reader.csv') });
  });

  it.each([
    ['MetaImage', 'a.mhd', metaHeader({}, 'a.raw')],
    ['NRRD', 'a.nhdr', nrrdHeader({ 'data file': 'a.raw' }, '')],
  ])('is a CT where it is a header of %s, though that is text', async (_, name, header) => {
    await expect(open(name, header)).rejects.toMatchObject({ code: 'volume-file' });
  });

  it('is nothing where it is an address of another kind', async () => {
    await expect(
      openPath('ftp://server/a', { resolvePath: (path) => path, servers: [] }, unattended),
    ).rejects.toMatchObject({
      code: 'web-address',
    });
  });
});
