/** The files that are mutated: small ones of every format and syntax that the loader reads. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { asymmetricVolume, niftiFile, temporaryFolder, writeSeries, writeZip } from '../unit/ct/helpers.ts';

/** A load that works: its files by name, of which one at a time is mutated. */
export interface Seed {
  readonly name: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

export function seeds(): Seed[] {
  const volume = asymmetricVolume(7, 6, 12);
  const folder = temporaryFolder();
  const series = writeSeries(folder, volume);
  const dicom = filesOf(folder);
  mkdirSync(join(folder, 'zip'));
  const zip = join(folder, 'zip', 'chest.zip');
  writeZip(zip, series);
  const nifti = niftiFile(volume, 1);
  return [
    { name: 'dicom', files: dicom },
    { name: 'zip', files: { 'chest.zip': readFileSync(zip) } },
    { name: 'nifti', files: { 'chest.nii': nifti } },
    { name: 'nifti.gz', files: { 'chest.nii.gz': gzipSync(nifti) } },
  ];
}

function filesOf(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
