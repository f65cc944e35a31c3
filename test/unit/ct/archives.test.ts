/** Archives as image archives and hospitals hand them out: what is in them is read, and what cannot be is said once. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { isTar } from '../../../src/kernel/ct/files/tarFile.ts';
import { asymmetricVolume, niftiFile, temporaryFolder, writeSeries, writeZip } from './helpers.ts';
import { metaHeader } from './volumeVariants.ts';

let folder: string;
let cohort: string;
beforeEach(() => {
  folder = temporaryFolder();
  cohort = join(folder, 'cohort');
  mkdirSync(cohort);
  for (const id of ['P01', 'P02']) writeSeries(join(folder, 'plain', id), asymmetricVolume(), id);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = async (path = cohort) => {
  const { patients, problems } = await discoverCohort(path, unattended);
  const volumes = await Promise.all(
    patients.map(async ({ id, series }) => [id, (await readSeries(series[0]!, unattended)).volume.hu] as const),
  );
  return { volumes, problems };
};
const hu = asymmetricVolume().hu;
const both = {
  volumes: [
    ['P01', hu],
    ['P02', hu],
  ],
  problems: [],
};
const plain = () => join(folder, 'plain');
const writeTar = (file: string, options: { gzip?: boolean; names?: string[] } = {}) =>
  create({ file, cwd: plain(), gzip: options.gzip ?? false, sync: true, portable: true }, options.names ?? ['.']);
/** Files below the plain folder, by their paths in a zip file. */
const zipped = (names: readonly string[], path = (name: string) => name) =>
  zipSync(Object.fromEntries(names.map((name) => [path(name), new Uint8Array(readFileSync(join(plain(), name)))])));
const namesIn = (id: string) => readdirSync(join(plain(), id)).map((name) => `${id}/${name}`);

describe('a tar file', () => {
  it.each([
    ['cohort.tar', false],
    ['cohort.tar.gz', true],
    ['cohort.tgz', true],
    ['without an ending', true],
  ])('holds patients (%s)', async (name, gzip) => {
    writeTar(join(folder, name), { gzip });
    expect(await load(join(folder, name))).toEqual(both);
  });

  it('is a patient where each has one', async () => {
    for (const id of ['P01', 'P02']) writeTar(join(cohort, `${id}.tar.gz`), { gzip: true, names: [id] });
    expect(await load()).toEqual(both);
  });

  it('has names longer than its headers hold, in any script', async () => {
    const long = '患者'.repeat(30);
    const [first, ...others] = [long, 'пациент', 'Пётр ÄÖ'].map((name) => join(plain(), 'P01', name));
    mkdirSync(first!);
    for (const name of others) mkdirSync(name);
    for (const name of namesIn('P01').filter((one) => one.endsWith('.dcm'))) {
      writeFileSync(join(first!, name.slice(4)), readFileSync(join(plain(), name)));
      rmSync(join(plain(), name));
    }
    writeTar(join(folder, 'a.tar'));
    expect(await load(join(folder, 'a.tar'))).toEqual(both);
  });

  it('holds a header and its voxels side by side', async () => {
    mkdirSync(join(plain(), 'P03'));
    const voxels = Buffer.from(hu.buffer);
    const header = metaHeader({ DimSize: '7 6 24' }, 'voxels.raw');
    writeFileSync(join(plain(), 'P03', 'ct.mhd'), header);
    writeFileSync(join(plain(), 'P03', 'voxels.raw'), voxels);
    writeTar(join(folder, 'a.tar.gz'), { gzip: true, names: ['P03'] });
    const { volumes, problems } = await load(join(folder, 'a.tar.gz'));
    expect([volumes.map(([id]) => id), problems]).toEqual([['a'], []]);
  });

  it('that was copied in part gives what is whole in it, and says so', async () => {
    writeTar(join(folder, 'whole.tar'), { names: ['P01', 'P02'] });
    const bytes = readFileSync(join(folder, 'whole.tar'));
    for (const [name, part] of [
      ['a.tar', bytes.subarray(0, bytes.length * 0.7)],
      ['b.tar.gz', gzipSync(bytes).subarray(0, gzipSync(bytes).length * 0.7)],
    ] as const) {
      writeFileSync(join(folder, name), part);
      const { volumes, problems } = await load(join(folder, name));
      expect(volumes[0]).toEqual(['P01', hu]);
      expect(problems).toContainEqual({
        severity: 'warning',
        code: 'tar-unreadable',
        message: expect.stringMatching(
          /^A tar file is cut short or damaged.*Its first \d+ files are used; copy it again\.$/,
        ),
      });
    }
    writeFileSync(join(folder, 'c.tar'), bytes.subarray(0, 1200));
    await expect(load(join(folder, 'c.tar'))).rejects.toMatchObject({ code: 'tar-unreadable' });
  });

  it('is told from all else', () => {
    writeTar(join(folder, 'a.tar'));
    expect(isTar(readFileSync(join(folder, 'a.tar')))).toBe(true);
    for (const other of [
      Buffer.alloc(1024),
      Buffer.alloc(1024, 'text'),
      readFileSync(join(plain(), namesIn('P01')[0]!)),
      niftiFile(asymmetricVolume(), 1),
    ])
      expect(isTar(other)).toBe(false);
  });

  it('writes nothing where its names lead', async () => {
    const evil = join(plain(), 'P01', 'a.dcm');
    writeFileSync(evil, 'x');
    create({ file: join(folder, 'a.tar'), cwd: plain(), sync: true, prefix: '../../evil' }, ['P01']);
    await expect(load(join(folder, 'a.tar'))).rejects.toMatchObject({ code: 'no-ct' });
    expect(existsSync(join(folder, '..', '..', 'evil'))).toBe(false);
  });
});

describe('archives in archives', () => {
  const inner = () =>
    Object.fromEntries(['P01', 'P02'].map((id) => [`${id}.zip`, zipped(namesIn(id), (name) => name.slice(4))]));

  it('are read: zip in zip', async () => {
    writeFileSync(join(folder, 'a.zip'), zipSync(inner()));
    expect(await load(join(folder, 'a.zip'))).toEqual(both);
  });

  it('are read: tar.gz in zip, and zip in tar', async () => {
    writeTar(join(folder, 'P01.tar.gz'), { gzip: true, names: ['P01'] });
    writeZip(join(cohort, 'a.zip'), [join(folder, 'P01.tar.gz')]);
    expect((await load(join(cohort, 'a.zip'))).volumes).toEqual([['a', hu]]);
    writeFileSync(join(plain(), 'P03.zip'), inner()['P01.zip']!);
    writeTar(join(folder, 'b.tar'), { names: ['P03.zip', 'P02'] });
    expect((await load(join(folder, 'b.tar'))).volumes.map(([id]) => id)).toEqual(['P02', 'P03']);
  });

  it('are entered four deep, and no further', async () => {
    let bytes = zipped(namesIn('P01'));
    for (let depth = 0; depth < 3; depth++) bytes = zipSync({ [`P01-${depth}.zip`]: bytes });
    writeFileSync(join(folder, 'deep.zip'), bytes);
    expect((await load(join(folder, 'deep.zip'))).volumes).toHaveLength(1);
    writeFileSync(join(folder, 'deeper.zip'), zipSync({ 'a.zip': bytes }));
    await expect(load(join(folder, 'deeper.zip'))).rejects.toMatchObject({ code: 'zip-in-zip' });
  });
});

describe('a zip file', () => {
  /** Sets the flag of encryption (APPNOTE 4.4.4) of entries whose name fits, in the directory. */
  const locked = (zip: Uint8Array, name: RegExp) => {
    const bytes = Buffer.from(zip);
    for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 4))
      if (name.test(bytes.toString('latin1', at + 46, at + 46 + bytes.readUInt16LE(at + 28)))) bytes[at + 8]! |= 1;
    return bytes;
  };

  it('with a password is told once, whatever is in it', async () => {
    writeFileSync(join(folder, 'a.zip'), locked(zipped([...namesIn('P01'), ...namesIn('P02')]), /./));
    await expect(load(join(folder, 'a.zip'))).rejects.toMatchObject({
      code: 'zip-entry-unreadable',
      message: 'a.zip is a zip file that is protected by a password (48 files). Unpack it, and load the folder.',
    });
  });

  it('with a password on some of its files gives the others, and says so once', async () => {
    writeFileSync(join(folder, 'a.zip'), locked(zipped([...namesIn('P01'), ...namesIn('P02')]), /P02/));
    const { volumes, problems } = await load(join(folder, 'a.zip'));
    expect(volumes).toHaveLength(1);
    expect(problems.map(({ message }) => message)).toEqual([
      '24 files of a zip file are protected by a password, and not used. Unpack it, and load the folder.',
    ]);
  });

  it('with backslashes in its names, as some programs on Windows write, is read', async () => {
    const names = [...namesIn('P01'), ...namesIn('P02')];
    writeFileSync(
      join(folder, 'a.zip'),
      zipped(names, (name) => name.replaceAll('/', '\\')),
    );
    expect(await load(join(folder, 'a.zip'))).toEqual(both);
  });

  it('of a Mac, with its `._` files and thumbnails, says nothing of these', async () => {
    const junk = ['__MACOSX/P01/._1.dcm', 'P01/._1.dcm', 'P01/.DS_Store', 'P02/Thumbs.db'];
    const files = Object.fromEntries(
      [...namesIn('P01'), ...namesIn('P02')].map((name) => [name, new Uint8Array(readFileSync(join(plain(), name)))]),
    );
    writeFileSync(
      join(folder, 'a.zip'),
      zipSync({ ...files, ...Object.fromEntries(junk.map((name) => [name, new Uint8Array(9)])) }),
    );
    expect(await load(join(folder, 'a.zip'))).toEqual(both);
  });
});

describe('archives that are not read', () => {
  it('are named together, with what to do', async () => {
    writeSeries(join(cohort, 'P03'));
    for (const [name, hex] of [
      ['P01.7z', '377abcaf271c0004'],
      ['P02.rar', '526172211a070100'],
      ['P04.tar.xz', 'fd377a585a000004'],
    ] as const)
      writeFileSync(join(cohort, name), Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(600)]));
    const { volumes, problems } = await load();
    expect(volumes.map(([id]) => id)).toEqual(['P03']);
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'other-archive',
        message: expect.stringMatching(
          /^3 archives are of a kind that LungNB does not read \(7z, rar, xz\), and not used: .*Unpack them, and load the folder/,
        ),
      },
    ]);
  });
});
