/** Writes the CTs and masks that masks.py reads, a folder each: node test/reference/writeMasks.ts FOLDER */
import { join } from 'node:path';
import { MASK_CASES, writeCase } from '../unit/masks/maskCases.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/reference/writeMasks.ts FOLDER');
for (const one of MASK_CASES) await writeCase(join(folder, one.name), one);
