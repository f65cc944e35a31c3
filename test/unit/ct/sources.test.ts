/** What hospitals and archives hand out: any names, discs, links, packed files, and many of them. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import dcmjs from 'dcmjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { discoverManifest } from '../../../src/kernel/ct/cohort/manifest.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { withoutPrivileges } from '../../harness/privileges.ts';
import { asymmetricVolume, change, temporaryFolder, writeSeries, writeZip } from './helpers.ts';

const { DicomDict, DicomMessage, DicomMetaDictionary } = dcmjs.data;
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Preamble and magic word. */
const META_AT = 132;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const discover = (path = folder) => discoverCohort(path, unattended);
const labelsAndCodes = async (path = folder) => {
  const { patients, problems } = await discover(path);
  return { labels: patients.map(({ id }) => id), codes: problems.map(({ code }) => code) };
};
const readOnly = async (path = folder) => {
  const { patients } = await discover(path);
  return (await readSeries(patients[0]!.series[0]!, unattended)).volume.hu;
};
const parse = (file: string) => DicomMessage.readFile(new Uint8Array(readFileSync(file)).buffer);

/** The data set of a file alone, in another transfer syntax. */
function dataSet(file: string, transferSyntax: string): Buffer {
  const parsed = parse(file);
  const written = new DicomDict({ ...parsed.meta, '00020010': { vr: 'UI', Value: [transferSyntax] } });
  written.dict = parsed.dict;
  const bytes = Buffer.from(written.write());
  // The meta information's own length stands in its first element.
  return bytes.subarray(META_AT + 12 + bytes.readUInt32LE(META_AT + 8));
}

describe('DICOM in any form', () => {
  it.each([
    ['without the preamble', (file: string) => readFileSync(file).subarray(META_AT)],
    ['without preamble but with its magic word', (file: string) => readFileSync(file).subarray(META_AT - 4)],
    ['as a bare data set, explicit little endian', (file: string) => dataSet(file, EXPLICIT_LITTLE_ENDIAN)],
    ['as a bare data set, implicit', (file: string) => dataSet(file, IMPLICIT_LITTLE_ENDIAN)],
    ['packed with gzip', (file: string) => gzipSync(readFileSync(file))],
  ])('is read %s, whatever it is called', async (_, form) => {
    for (const [n, file] of writeSeries(folder).entries()) {
      const bytes = form(file);
      rmSync(file);
      writeFileSync(join(folder, `IM${n}${['', '.img', '.txt'][n % 3]}`), bytes);
    }
    expect(await readOnly()).toEqual(asymmetricVolume().hu);
  });

  it('does not take other files for bare data sets', async () => {
    writeSeries(join(folder, 'P01'));
    const others = {
      'a.bin': Buffer.alloc(4000, 8),
      'b.bin': Buffer.from([8, 0, 5, 0, 0x43, 0x53, 10, 0, ...Buffer.alloc(300, 0xff)]),
      'c.bin': Buffer.from([8, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]),
      'd.doc': Buffer.from('\b\0 a letter of any text'.repeat(40)),
    };
    for (const [name, bytes] of Object.entries(others)) writeFileSync(join(folder, 'P01', name), bytes);
    const { problems } = await discover();
    expect(problems.map(({ code, message }) => [code, message.slice(0, 11)])).toEqual([
      ['not-an-image', '4 files are'],
    ]);
  });

  it('compares a DICOMDIR with what is there, and loads what it lists when it is loaded itself', async () => {
    const files = writeSeries(join(folder, 'IMAGES'));
    writeSeries(join(folder, 'OTHER'), asymmetricVolume(5, 5, 12), 'ID-2');
    const records = [...files.map((file) => basename(file)), 'GONE'].map((name) => ({
      DirectoryRecordType: 'IMAGE',
      ReferencedFileID: ['images', name.toUpperCase()],
    }));
    const meta = {
      MediaStorageSOPClassUID: '1.2.840.10008.1.3.10',
      TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
    };
    const directory = new DicomDict(DicomMetaDictionary.denaturalizeDataset(meta));
    directory.dict = DicomMetaDictionary.denaturalizeDataset({ _vrMap: {}, DirectoryRecordSequence: records });
    writeFileSync(join(folder, 'DICOMDIR'), Buffer.from(directory.write()));
    expect(await labelsAndCodes()).toEqual({ labels: ['IMAGES', 'OTHER'], codes: ['missing-files'] });
    const { patients, problems } = await discover(join(folder, 'DICOMDIR'));
    expect(patients).toHaveLength(1);
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^1 of the 25 files that the DICOMDIR lists is missing\./) },
    ]);
  });
});

describe('folders', () => {
  it('passes hidden and system files over without a word', async () => {
    writeSeries(join(folder, 'P01'));
    for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini', '.hidden'])
      writeFileSync(join(folder, 'P01', name), 'x');
    expect(await labelsAndCodes()).toEqual({ labels: ['P01'], codes: [] });
  });

  it('follows links, and stops where they lead in a circle', async () => {
    writeSeries(join(folder, 'elsewhere', 'P01'));
    mkdirSync(join(folder, 'cohort', 'deep'), { recursive: true });
    symlinkSync(join(folder, 'elsewhere', 'P01'), join(folder, 'cohort', 'P01'));
    symlinkSync(join(folder, 'cohort'), join(folder, 'cohort', 'deep', 'back'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'cohort', 'broken'));
    expect(await labelsAndCodes(join(folder, 'cohort'))).toEqual({ labels: ['P01'], codes: ['unreadable-folder'] });
  });

  it('names a folder and a file that may not be read, and goes on', async () => {
    writeSeries(join(folder, 'P01'));
    mkdirSync(join(folder, 'P02'), { mode: 0 });
    const [file] = writeSeries(join(folder, 'P03'), asymmetricVolume(), 'ID-3');
    chmodSync(file!, 0);
    chmodSync(folder, 0o755);
    const { patients, problems } = await withoutPrivileges(() => discover());
    expect(patients.map(({ id }) => id)).toEqual(['P01', 'P03']);
    expect(problems.map(({ code }) => code)).toEqual(['unreadable-folder', 'unreadable-file']);
    expect(JSON.stringify(problems)).not.toContain(dirname(folder));
    chmodSync(join(folder, 'P02'), 0o700);
  });

  // Other systems keep names in Unicode alone.
  it.runIf(process.platform === 'linux')('says that a name is in other characters, and goes on', async () => {
    writeSeries(join(folder, 'P01'));
    // GBK and Shift-JIS.
    for (const name of ['b2a1c8cb', '8ab38ed2'])
      mkdirSync(Buffer.from(`${Buffer.from(folder).toString('hex')}2f${name}`, 'hex'));
    const { patients, problems } = await discover();
    expect(patients.map(({ id }) => id)).toEqual(['P01']);
    expect(problems.map(({ message }) => message)).toEqual([
      '2 folders or files have names in other characters than UTF-8, as GBK, Shift-JIS or Latin-1, and cannot be opened. Rename them; `convmv` does so for a whole folder.',
    ]);
  });

  it('names a path that is longer than the system allows, and goes on', async () => {
    writeSeries(join(folder, 'P02'));
    const start = process.cwd();
    try {
      process.chdir(folder);
      for (const name of ['P01', ...Array.from({ length: 22 }, () => 'a'.repeat(200))]) {
        mkdirSync(name);
        process.chdir(name);
      }
    } finally {
      process.chdir(start);
    }
    const { patients, problems } = await discover();
    expect(patients.map(({ id }) => id)).toEqual(['P02']);
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'unreadable-folder',
        message:
          'A folder or link cannot be opened (the path is longer than the system allows), and what is in it is not used. Shorten its path, or load a folder further down.',
      },
    ]);
  });

  it('reads a zip file in a folder, and one within another', async () => {
    const files = writeSeries(join(folder, 'P01'));
    writeZip(join(folder, 'P02.zip'), files);
    rmSync(join(folder, 'P01'), { recursive: true });
    expect(await labelsAndCodes()).toEqual({ labels: ['P02'], codes: [] });
    writeZip(join(folder, 'outer.zip'), [join(folder, 'P02.zip')]);
    expect(await labelsAndCodes(join(folder, 'outer.zip'))).toEqual({ labels: ['outer'], codes: [] });
  });

  it('names patients by the folders below the one that all share', async () => {
    for (const id of ['P01', 'P02'])
      writeSeries(join(folder, 'export', 'data', id, 'study', 'series'), asymmetricVolume(), id);
    expect(await labelsAndCodes()).toEqual({ labels: ['P01', 'P02'], codes: [] });
  });

  it('keeps patients apart whose PatientID was replaced by one for all', async () => {
    for (const id of ['P01', 'P02']) writeSeries(join(folder, id), asymmetricVolume(), 'ANONYMOUS');
    expect(await labelsAndCodes()).toEqual({ labels: ['P01', 'P02'], codes: [] });
  });

  it('stops soon after it is asked to, with thousands of files left', async () => {
    const [file] = writeSeries(join(folder, 'one'));
    mkdirSync(join(folder, 'many'));
    for (let n = 0; n < 2000; n++) copyFileSync(file!, join(folder, 'many', `${n}.dcm`));
    const controller = new AbortController();
    const messages: string[] = [];
    const progress = (_: number, message: string) => {
      messages.push(message);
      if (message === 'reading headers: 100 of 2000 files') controller.abort();
    };
    const task = { signal: controller.signal, progress };
    await expect(discoverCohort(join(folder, 'many'), task)).rejects.toThrow(/abort/i);
    expect(messages.at(-1)).toBe('reading headers: 100 of 2000 files');
  });
});

describe('a manifest', () => {
  const row = (patient: string, path: string, line: number) => ({ patient, path: path && join(folder, path), line });
  const load = (...rows: ReturnType<typeof row>[]) => discoverManifest('list.csv', rows, {}, unattended);

  it('names patients; rows that share a name are series of one', async () => {
    writeSeries(join(folder, 'a'), asymmetricVolume(), 'X');
    const second = writeSeries(join(folder, 'b'), asymmetricVolume(6, 6, 20), 'X');
    for (const file of second)
      change(file, (tags) => Object.assign(tags, { '0020000E': { vr: 'UI', Value: ['2.25.9'] } }));
    writeSeries(join(folder, 'c'), asymmetricVolume(), 'Y');
    const { patients, problems } = await load(row('Anna', 'a', 2), row('Anna', 'b', 3), row('Bert', 'c', 4));
    expect(patients.map(({ id, series }) => [id, series.length])).toEqual([
      ['Anna', 2],
      ['Bert', 1],
    ]);
    expect(problems).toEqual([]);
  });

  it('says of each row that cannot be used why, and loads the others', async () => {
    writeSeries(join(folder, 'a'), asymmetricVolume(), 'X');
    const mixed = writeSeries(join(folder, 'mixed'), asymmetricVolume(), 'Y');
    for (const file of writeSeries(join(folder, 'other'), asymmetricVolume(), 'Z'))
      renameSync(file, join(folder, 'mixed', `other-${basename(file)}`));
    expect(mixed).toHaveLength(24);
    writeFileSync(join(folder, 'notes.txt'), 'x');
    const { patients, problems } = await load(
      row('Anna', 'a', 2),
      row('Bert', 'a', 3),
      row('Anna', 'a', 4),
      row('Cleo', 'gone', 5),
      row('Dora', 'mixed', 6),
      row('', 'a', 7),
      row('Emil', '', 8),
      row('Fred', 'notes.txt', 9),
    );
    expect(patients.map(({ id }) => id)).toEqual(['Anna']);
    expect(problems.map(({ code }) => code)).toEqual([
      'manifest-row',
      'manifest-row',
      'path-missing',
      'mixed-patients',
      'manifest-row',
      'manifest-row',
      'not-an-image',
      'no-ct',
    ]);
    expect(problems[0]!.message).toBe(
      'list.csv, line 3 (Bert): the path is that of line 2, which gives it to Anna; not used. Correct one of them.',
    );
    expect(JSON.stringify(problems)).not.toContain(folder);
  });

  it('fails where no row gives a CT', async () => {
    await expect(load(row('Anna', 'gone', 2))).rejects.toMatchObject({ code: 'no-ct' });
  });
});
