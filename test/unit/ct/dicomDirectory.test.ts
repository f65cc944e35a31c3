/** The list of a disc, DICOMDIR: what is missing by it, and what is not. Reading one, which may take many seconds of the kernel's only thread, ends by an interrupt. */
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { parseHeaders } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { dicomDirectory, writeDicomDirectory } from './dicomDirectories.ts';
import { temporaryFolder, writeSeries } from './helpers.ts';

const KERNEL = join(import.meta.dirname, '../../../src/kernel');
const PROGRAM = `
  const { readFileSync } = await import('node:fs');
  const { filesInDicomdir } = await import(process.env.KERNEL + '/ct/dicom/dicomDirectory.ts');
  const { isInterrupted } = await import(process.env.KERNEL + '/base/interruptible.ts');
  process.on('SIGINT', () => {});
  const bytes = readFileSync(process.env.DIRECTORY);
  process.stdout.write('reading\\n');
  try {
    console.log('read', filesInDicomdir(bytes).length);
  } catch (error) {
    console.log(isInterrupted(error) ? 'interrupted' : error);
  }`;

it.skipIf(process.platform === 'win32')('is interrupted', async () => {
  const folder = temporaryFolder();
  const DIRECTORY = join(folder, 'DICOMDIR');
  writeDicomDirectory(DIRECTORY, 400_000);
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { ...process.env, KERNEL, DIRECTORY },
  });
  let said = '';
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGINT'), 500));
  child.stdout.on('data', (text) => {
    said += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  rmSync(folder, { recursive: true });
  expect(said).toBe('reading\ninterrupted\n');
});

describe('a disc', () => {
  let folder: string;
  let disc: string;
  beforeEach(() => {
    folder = temporaryFolder();
    disc = join(folder, 'disc');
    writeSeries(join(disc, 'DICOM', 'ST0'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const names = () => readdirSync(join(disc, 'DICOM', 'ST0')).sort();
  const uidOf = (name: string) => parseHeaders(readFileSync(join(disc, 'DICOM', 'ST0', name)))[0]!.sopInstanceUid!;
  const codes = async (path: string) => {
    const { patients, problems } = await discoverCohort(path, unattended);
    return [patients.map(({ id, series }) => [id, series[0]!.size[2]]), problems.map(({ code }) => code)];
  };
  const complete = [[['disc', 24]], []];
  /** The same by its list, which has the disc's folder for the root. */
  const completeByList = [[['DICOM', 24]], []];
  const whole = () => names().map((name) => ({ path: ['DICOM', 'ST0', name] }));

  it.each(['DICOMDIR', 'dicomdir', 'DicomDir.'])('with the list %s is complete', async (name) => {
    writeFileSync(join(disc, name), dicomDirectory(whole()));
    expect(await codes(folder)).toEqual(complete);
    expect(await codes(join(disc, name))).toEqual(completeByList);
  });

  it.each([
    ['in capitals', (name: string) => ['DICOM', 'ST0', name.toUpperCase()]],
    ['with the version of a disc', (name: string) => ['DICOM', 'ST0', `${name};1`]],
    ['without the ending that copying added', (name: string) => ['DICOM', 'ST0', name.replace(/\.dcm$/, '')]],
  ])('whose list has its names %s is complete', async (_, path) => {
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory(names().map((name) => ({ path: path(name) }))));
    expect(await codes(folder)).toEqual(complete);
    expect(await codes(join(disc, 'DICOMDIR'))).toEqual(completeByList);
  });

  it('has a second list in a sub-folder, as Philips writes, and is complete', async () => {
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory(whole()));
    writeFileSync(join(disc, 'DICOM', 'DIRFILE'), dicomDirectory(whole()));
    expect(await codes(folder)).toEqual(complete);
    expect(await codes(join(disc, 'DICOM', 'DIRFILE'))).toEqual(completeByList);
  });

  it('has its images elsewhere than its list says, and is complete by their UIDs', async () => {
    const listed = names().map((name, n) => ({ path: ['IMAGES', `I${n}`], sopInstanceUid: uidOf(name) }));
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory(listed));
    expect(await codes(folder)).toEqual(complete);
    expect(await codes(join(disc, 'DICOMDIR'))).toEqual(completeByList);
  });

  it('whose list names people in Japanese and Korean is read', async () => {
    const sets = ['', 'ISO 2022 IR 87', 'ISO 2022 IR 149'];
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory(whole(), sets));
    expect(await codes(join(disc, 'DICOMDIR'))).toEqual(completeByList);
  });

  it('lacks files, which are counted, though another disc has files of the same names', async () => {
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory(whole()));
    cpSync(disc, join(folder, 'other'), { recursive: true });
    for (const name of names().slice(-2)) rmSync(join(disc, 'DICOM', 'ST0', name));
    const { problems } = await discoverCohort(folder, unattended);
    expect(problems.filter(({ code }) => code === 'missing-files').map(({ message }) => message)).toEqual([
      '2 of the 24 files that the DICOMDIR lists are missing. Copy the disc again if a series is incomplete.',
    ]);
  });

  it('with the list of another copy is not called incomplete', async () => {
    writeFileSync(join(disc, 'DICOMDIR'), dicomDirectory([{ path: ['X', '1'], sopInstanceUid: '1.2.3' }]));
    const { problems } = await discoverCohort(folder, unattended);
    expect(problems).toEqual([
      { severity: 'info', code: 'missing-files', message: expect.stringContaining('another copy of the disc') },
    ]);
  });

  it('whose list is cut short is looked through as a folder, and that is said in words', async () => {
    const bytes = dicomDirectory(whole());
    writeFileSync(join(disc, 'DICOMDIR'), bytes.subarray(0, bytes.length / 2));
    const { patients, problems } = await discoverCohort(join(disc, 'DICOMDIR'), unattended);
    expect(patients.map(({ id, series }) => [id, series[0]!.size[2]])).toEqual([['DICOM', 24]]);
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'unreadable-file',
        message:
          'DICOM, file 25 cannot be read: it is the list of a disc (DICOMDIR), and cut short or damaged. Whether files of the disc are missing cannot be told.',
      },
    ]);
  });
});
