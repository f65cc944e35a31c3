/** Writes what is made from declarations: of the verbs docs/reference.md and the grammar that colours cells, of what programs may ask the tools in package.json. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grammar } from '../src/kernel/language/grammar.ts';
import { referencePage } from '../src/kernel/language/reference.ts';
import { VERBS } from '../src/kernel/verbs/index.ts';
import { languageModelTools } from './lib/languageModelTools.ts';
import { PROJECT } from './lib/project.ts';

const verbs = [...VERBS.values()];
await writeFile(join(PROJECT, 'docs/reference.md'), referencePage(verbs));
await writeFile(join(PROJECT, 'syntaxes/lungnb.tmLanguage.json'), `${JSON.stringify(grammar(verbs), null, 2)}\n`);
const manifestFile = join(PROJECT, 'package.json');
const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
manifest.contributes.languageModelTools = languageModelTools();
await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
