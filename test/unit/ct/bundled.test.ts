import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleKernel } from '../../../scripts/lib/kernelBundle.ts';
import { PROJECT } from '../../../scripts/lib/project.ts';
import { loadCodecs } from '../../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import type decode from '../../../src/kernel/ct/dicom/decodeWorker.ts';
import { temporaryFolder } from './helpers.ts';
import { FORMS, LOSSLESS, SLICE, transcoded, VOLUME, writeSlice } from './writtenSyntaxes.ts';

let folder: string;
let bundled: typeof decode;

beforeAll(async () => {
  folder = temporaryFolder();
  const out = join(folder, 'kernel');
  await bundleKernel({ decodeWorker: 'src/kernel/ct/dicom/decodeWorker.ts' }, relative(PROJECT, out));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  bundled = (await import(pathToFileURL(join(out, 'decodeWorker.js')).href)).default;
  await loadCodecs();
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

it.each(Object.entries(LOSSLESS))(
  'the bundle of a decoding thread reads %s with nothing but its folder',
  async (_, syntax) => {
    mkdirSync(join(folder, syntax));
    const file = transcoded(writeSlice(join(folder, syntax), FORMS[0]!), syntax);
    const bytes = new Uint8Array(file);
    const [columns, rows] = VOLUME.size;
    const hu = new Int16Array(rows * columns);
    await bundled({ bytes, frames: [{ frame: 0, slice: 0 }], hu, columns, rows });
    expect(hu).toEqual(SLICE);
  },
);
