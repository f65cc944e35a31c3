/** Interrupting a kernel process while it looks for images, reads or measures them; and threads of it that die. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelProcess } from '../../../src/extension/kernelProcess.ts';
import { loadCodecs } from '../../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { boxOfLung, bringOwnModels } from '../cli/ownModels.ts';
import { writeDicomDirectory } from '../ct/dicomDirectories.ts';
import { temporaryFolder, writeSeries } from '../ct/helpers.ts';
import { LOSSLESS, transcoded } from '../ct/writtenSyntaxes.ts';

const MAIN = join(import.meta.dirname, '../../../src/kernel/main.ts');
const GENEROUS_MS = 90_000;
const QUANTIFY = 'quantify c with "my-textures" lobes "my-lobes" as ai';

let folder: string;
let kernel: KernelProcess;
/** Called with each progress message. */
let heard: (message: string) => void = () => undefined;
const at = (...path: string[]) => join(folder, ...path);

/** A zip file of so many empty files (APPNOTE 4.3), whose directory takes seconds to read. */
function writeManyFiles(file: string, files: number): void {
  const local = Buffer.alloc(30 + 8);
  local.write('PK\x03\x04', 0, 'latin1');
  local.writeUInt16LE(8, 26);
  const entry = Buffer.alloc(46 + 8);
  entry.write('PK\x01\x02', 0, 'latin1');
  entry.writeUInt16LE(8, 28);
  const locals = Buffer.alloc(files * local.length);
  const directory = Buffer.alloc(files * entry.length);
  for (let n = 0; n < files; n++) {
    const name = String(n).padStart(8, '0');
    local.write(name, 30);
    local.copy(locals, n * local.length);
    entry.writeUInt32LE(n * local.length, 42);
    entry.write(name, 46);
    entry.copy(directory, n * entry.length);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(locals.length, 16);
  writeFileSync(file, Buffer.concat([locals, directory, end]));
}

/** Ends its own thread while a file of its kind's name is there: as it starts, or after it has worked a little. */
const plantedIn = (place: string) => `
  import { existsSync } from 'node:fs';
  import { join } from 'node:path';
  import { isMainThread, resourceLimits } from 'node:worker_threads';
  const kind = isMainThread ? 'main' : ({ 1: 'decode', 64: 'table' }[resourceLimits.maxYoungGenerationSizeMb] ?? 'image');
  const end = (when) => {
    if (existsSync(join(${JSON.stringify(place)}, kind + '-' + when))) process.exit(7);
  };
  if (!isMainThread) {
    end('starting');
    setInterval(() => end('working'), 1).unref();
  }`;

beforeAll(async () => {
  folder = temporaryFolder();
  bringOwnModels(folder);
  writeSeries(at('cohort', 'A01'), boxOfLung());
  mkdirSync(at('many'));
  for (let n = 0; n < 12_000; n++) writeFileSync(at('many', `${n}.txt`), '');
  writeManyFiles(at('many.zip'), 60_000);
  mkdirSync(at('disc'));
  writeDicomDirectory(at('disc', 'DICOMDIR'), 300_000);
  await loadCodecs();
  const [nx, ny, nz] = [256, 256, 40];
  const hu = Int16Array.from({ length: nx * ny * nz }, (_, n) => ((n * 7919) % 2000) - 1000);
  const files = writeSeries(at('packed', 'A01'), {
    size: [nx, ny, nz],
    affine: axisAlignedAffine([1, 1, 2], [0, 0, 0]),
    hu,
  });
  for (const file of files) writeFileSync(file, transcoded(file, LOSSLESS['JPEG 2000']));
  writeFileSync(at('planted.mjs'), plantedIn(folder));
  const options = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = `${options ?? ''} --import=${at('planted.mjs')}`;
  kernel = new KernelProcess(
    MAIN,
    { notebookFolder: folder, cacheFolder: at('cache'), modelFolders: [at('models')], parameters: {} },
    {
      progress: ({ message }) => heard(message),
      output() {},
      inputChanged() {},
      log() {},
      crashed() {},
      mayWrite: async () => ({ allowed: false, advice: '' }),
    },
  );
  if (options === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = options;
  expect(await run('load "cohort" as c')).toEqual({ status: 'done' });
}, GENEROUS_MS);

afterAll(() => {
  kernel?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (source: string) => kernel.ask('runCell', { cellId: 'cell', source });
/** Resolves once a progress message holds the words, or after so many milliseconds where there is none. */
const begun = (sign: string | number) =>
  new Promise<void>((resolve) => {
    if (typeof sign === 'number') void setTimeout(sign).then(resolve);
    heard = (message) => {
      if (typeof sign === 'string' && message.includes(sign)) resolve();
    };
  });

/** The image thread dies between two cells, so that the next one has to start another. */
async function endIdle(): Promise<void> {
  writeFileSync(at('image-working'), '');
  await setTimeout(300);
  rmSync(at('image-working'));
}

// On Windows no process can be told by a signal that it shall stop computing.
describe.skipIf(process.platform === 'win32')('an interrupt', () => {
  it.each([
    ['a big folder is listed', 'load "many" as t', 'listing files'],
    ['files are looked at', 'load "many" as t', 'reading headers'],
    ['the directory of a zip file is read', 'load "many.zip" as t', 500],
    ['a DICOMDIR is read', 'load "disc/DICOMDIR" as t', 1000],
    ['a folder with a DICOMDIR is loaded', 'load "disc" as t', 1000],
    ['slices are decoded', 'load "packed" as p\nshow p "A01"', 'reading slice'],
    ['the lobes’ network runs', QUANTIFY, 'tiny-lobes'],
    ['the textures’ network runs', QUANTIFY, 'tiny-textures'],
  ])(
    'while %s ends the cell as cancelled, and the next one works',
    async (_, source, sign) => {
      if (source.includes('"disc"')) cpSync(at('planted.mjs'), at('disc', 'other'));
      const ready = begun(sign);
      const running = run(source);
      await Promise.race([ready, running]);
      await kernel.interrupt();
      expect(await running).toEqual({ status: 'cancelled' });
      expect(await run('describe c\nshow c "A01"')).toEqual({ status: 'done' });
    },
    GENEROUS_MS,
  );
});

describe('a thread that dies', () => {
  it.each([
    ['image', 'working', QUANTIFY, 'measures CTs ended unexpectedly'],
    // A slice that was not shown before, and so is not kept.
    ['image', 'starting', 'show c "A01" slice 2', 'measures CTs ended unexpectedly'],
    ['decode', 'starting', 'load "packed" as p\nshow p "A01"', 'decodes slices ended unexpectedly'],
    ['table', 'starting', 'load "t.csv" as t', 'its thread ended'],
  ])(
    '%s, %s, is a message, and the next cell works',
    async (kind, when, source, words) => {
      writeFileSync(at('t.csv'), 'patient,ggo\nA01,1\n');
      if (kind === 'image' && when === 'starting') await endIdle();
      writeFileSync(at(`${kind}-${when}`), '');
      const ended = await run(source);
      rmSync(at(`${kind}-${when}`));
      expect(ended).toMatchObject({ status: 'failed', problem: { message: expect.stringContaining(words) } });
      expect(JSON.stringify(ended)).not.toMatch(/This is a bug|undefined/);
      expect(await run(source)).toEqual({ status: 'done' });
    },
    GENEROUS_MS,
  );
});
