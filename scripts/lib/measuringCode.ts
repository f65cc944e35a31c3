/** A digest of the sources that turn a CT into measurements: what `MEASURING_CODE` has to be. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './project.ts';

export const MEASURING_CODE_FILE = join(PROJECT, 'src/kernel/lungs/measuringCode.ts');

export function measuringCode(): string {
  const hash = createHash('sha256');
  for (const file of globSync('src/kernel/{ct,inference,lungs}/**/*.ts', { cwd: PROJECT }).sort())
    if (join(PROJECT, file) !== MEASURING_CODE_FILE)
      hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(PROJECT, file)));
  return hash.digest('hex').slice(0, 12);
}
