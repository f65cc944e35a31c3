/** Reading a DICOMDIR, which may take many seconds of the kernel's only thread, ends by an interrupt. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeDicomDirectory } from './dicomDirectories.ts';
import { temporaryFolder } from './helpers.ts';

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
