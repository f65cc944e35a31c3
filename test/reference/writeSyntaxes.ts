/** Writes the slices that syntaxes.py reads beside the shared ones: node test/reference/writeSyntaxes.ts FOLDER */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCodecs } from '../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { temporaryFolder } from '../unit/ct/helpers.ts';
import { FORMS, formName, LOSSLESS, LOSSY, transcoded, writeSlice } from '../unit/ct/writtenSyntaxes.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/reference/writeSyntaxes.ts FOLDER');
mkdirSync(folder, { recursive: true });
await loadCodecs();
for (const form of FORMS) {
  const file = writeSlice(temporaryFolder(), form);
  for (const [name, syntax] of Object.entries({ ...LOSSLESS, ...LOSSY }))
    writeFileSync(join(folder, `${name}, ${formName(form)}`), transcoded(file, syntax));
}
