/** Files that go, shrink or are exchanged after they were loaded: told by patient and number, never by a path. */
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { startSession } from '../../harness/session.ts';
import { asymmetricVolume, niftiFile, writeSeries, writeZip } from '../ct/helpers.ts';
import { metaHeader } from '../ct/volumeVariants.ts';

/** The folder and file names of a person. */
const NAME = /roe|jane/i;
const volume = asymmetricVolume(24, 24);

const FORMS: Readonly<Record<string, (folder: string) => string>> = {
  'a slice': (folder) => writeSeries(folder, volume)[11]!,
  'all slices': (folder) => dirname(writeSeries(folder, volume)[0]!),
  'a zip file': (folder) => {
    writeZip(`${folder}.zip`, writeSeries(`${folder} packed`, volume));
    rmSync(`${folder} packed`, { recursive: true });
    return `${folder}.zip`;
  },
  'a NIfTI file': (folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Roe.nii'), niftiFile(volume, 1));
    return join(folder, 'Roe.nii');
  },
  'the voxels of a header': (folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Roe.mhd'), metaHeader({ DimSize: '24 24 24' }, 'Jane.raw'));
    writeFileSync(join(folder, 'Jane.raw'), Buffer.from(volume.hu.buffer));
    return join(folder, 'Jane.raw');
  },
};
const CHANGES: Readonly<Record<string, (path: string) => void>> = {
  gone: (path) => rmSync(path, { recursive: true }),
  'a folder': (path) => {
    renameSync(path, `${path} Roe`);
    mkdirSync(path);
  },
  cut: (path) => {
    if (/\.(dcm|zip|nii|raw)$/.test(path)) truncateSync(path, 500);
  },
};

describe.each(Object.entries(FORMS))('%s', (_, write) => {
  it.each(Object.entries(CHANGES))(
    'that is %s leaves no name behind',
    async (_change, change) => {
      const notebook = startSession();
      // A second patient, so that what is saved holds more than an error.
      writeSeries(join(notebook.folder, 'cohort', 'P02'), volume, 'ID-2');
      const path = write(join(notebook.folder, 'cohort', 'P01', 'Roe^Jane 1951'));
      await notebook.shown('load "cohort" as c');
      change(path);
      const said: unknown[] = [];
      for (const source of [
        'show c "P01"',
        'quantify c with "tiny-textures" lobes "tiny-lobes" as ai',
        'load "cohort" as c',
        'describe c',
      ]) {
        const result = await notebook.run(source, source);
        said.push(result, notebook.views, notebook.progress);
      }
      const text = JSON.stringify(said);
      expect(text.match(new RegExp(`.{0,80}(?:${NAME.source}).{0,80}`, 'gi')) ?? []).toEqual([]);
      expect(text).not.toContain(notebook.folder);
      expect(text).not.toContain('This is a bug');
    },
    60_000,
  );
});

describe('a tar file', () => {
  it('that is gone after it was loaded is still read, and leaves no name behind', async () => {
    const notebook = startSession();
    const plain = join(notebook.folder, 'plain');
    writeSeries(join(plain, 'Roe Jane'), volume);
    mkdirSync(join(notebook.folder, 'cohort'));
    create({ file: join(notebook.folder, 'cohort', 'P01.tar'), cwd: plain, sync: true }, ['Roe Jane']);
    await notebook.shown('load "cohort" as c');
    rmSync(join(notebook.folder, 'cohort', 'P01.tar'));
    const shown = await notebook.shown('show c "P01"');
    expect(JSON.stringify([shown, notebook.progress])).not.toMatch(NAME);
  }, 60_000);
});
