/** DICOM masks and reports for the strictest readers there are: dicom3tools' dciodvfy, and dcmtk's dsrdump. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { type MaskFile, maskFilesOf } from '../../../src/kernel/masks/write/maskFiles.ts';
import { temporaryFolder } from '../ct/helpers.ts';
import { MASK_CASES, requestOf, writeCt } from './maskCases.ts';

const has = (command: string) => spawnSync(command, ['--version']).error === undefined;
const hasDciodvfy = has('dciodvfy');
const hasDsrdump = has('dsrdump');
if (!hasDciodvfy) console.log('Skipped: dciodvfy (Debian’s dicom3tools) is not on this machine.');
if (!hasDsrdump) console.log('Skipped: dsrdump (Debian’s dcmtk) is not on this machine.');

let folder: string;
let files: readonly MaskFile[];
beforeAll(async () => {
  folder = temporaryFolder();
  const [multiFrame] = MASK_CASES.filter(({ name }) => name === 'multi-frame');
  writeCt(join(folder, 'ct'), multiFrame!);
  ({ files } = await maskFilesOf(await requestOf(join(folder, 'ct'), 'Müller 3'), unattended));
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasDciodvfy)('dciodvfy', () => {
  // Debian's is older than label maps (Supplement 243), which it does not know.
  it.each([
    ['lobes.seg.dcm', 'Segmentation'],
    ['textures.seg.dcm', 'Segmentation'],
    ['measurements.sr.dcm', 'ComprehensiveSR'],
  ])('finds no error in %s', (name, object) => {
    const { stderr } = spawnSync('dciodvfy', [join(folder, name)], { encoding: 'utf8' });
    const lines = stderr.split('\n');
    expect(lines.filter((line) => line.startsWith('Error'))).toEqual([]);
    expect(lines).toContain(object);
  });

  it('warns of nothing but empty dates and our own scheme of codes', () => {
    const said = files
      .filter(({ name }) => /s\.(seg|sr)\.dcm$/.test(name))
      .flatMap(({ name }) => spawnSync('dciodvfy', [join(folder, name)], { encoding: 'utf8' }).stderr.split('\n'));
    const warnings = new Set(said.filter((line) => line.startsWith('Warning')));
    const known =
      /needed to build DICOMDIR - Study (Date|Time|ID)|Unrecognized defined term <99LUNGNB> .*Coding Scheme Designator/;
    expect([...warnings].filter((line) => !known.test(line))).toEqual([]);
  });
});

describe.skipIf(!hasDsrdump)('dsrdump', () => {
  it('reads the report with its measures', () => {
    const { stdout, status } = spawnSync('dsrdump', [join(folder, 'measurements.sr.dcm')], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('Imaging Measurement Report');
    expect(stdout).toContain('(,,"Tracking Identifier")="RUL"');
    expect(stdout).toContain('(,,"Volume")="100" (ml,UCUM,"milliliter")');
    expect(stdout).toContain('(,,"Attenuation Coefficient")="-800.33333333333" ([hnsf\'U],UCUM,"Hounsfield unit")');
  });
});
