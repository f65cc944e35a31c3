/** Writes what is made from the verbs' declarations: docs/reference.md and the grammar that colours cells. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grammar } from '../src/kernel/language/grammar.ts';
import { referencePage } from '../src/kernel/language/reference.ts';
import { VERBS } from '../src/kernel/verbs/index.ts';
import { PROJECT } from './lib/project.ts';

const verbs = [...VERBS.values()];
await writeFile(join(PROJECT, 'docs/reference.md'), referencePage(verbs));
await writeFile(join(PROJECT, 'syntaxes/lungnb.tmLanguage.json'), `${JSON.stringify(grammar(verbs), null, 2)}\n`);
