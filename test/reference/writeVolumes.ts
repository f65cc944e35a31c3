/** Writes the volume files that volumes.py reads, a folder each: node test/reference/writeVolumes.ts FOLDER */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { VARIANTS, writeVariant } from '../unit/ct/volumeVariants.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/reference/writeVolumes.ts FOLDER');
for (const variant of VARIANTS) {
  const own = join(folder, variant.name);
  mkdirSync(own, { recursive: true });
  writeVariant(own, variant);
}
