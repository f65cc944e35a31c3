/** Writes docs/reference.md from the verbs' declarations. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referencePage } from '../src/kernel/language/reference.ts';
import { VERBS } from '../src/kernel/verbs/index.ts';
import { PROJECT } from './lib/project.ts';

await writeFile(join(PROJECT, 'docs', 'reference.md'), referencePage([...VERBS.values()]));
