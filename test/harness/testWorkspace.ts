/** A folder with the samples for tests to work in: what they save and export changes nothing in the project. */
import { copyFileSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES } from '../../scripts/lib/project.ts';

/** How long measuring all samples anew may take, on a slow computer beside much else. */
export const MEASURING_MS = 900_000;

export function makeTestWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-workspace-'));
  for (const file of ['quickstart.lungnb', 'reader1.csv', 'reader2.csv', 'truth.csv'])
    copyFileSync(join(SAMPLES, file), join(folder, file));
  symlinkSync(join(SAMPLES, 'cohort'), join(folder, 'cohort'), 'junction');
  writeFileSync(join(folder, 'no-columns.csv'), 'name,number\na,1\nb,2\n');
  return folder;
}
