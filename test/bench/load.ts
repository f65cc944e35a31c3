/**
 * `npm run bench -- load`: reading 300 slices of 512 × 512, uncompressed and compressed, by LungNB, by pydicom with numpy
 * and by SimpleITK (where Python has them), on the same files in one run, the readers taking turns. Each is measured
 * without its start, with the growth of its memory against the volume's own bytes. Then what `describe` takes of an archive
 * of thousands of series.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dcmjsCodecs from 'dcmjs-codecs';
import { writeDicomSeries } from '../../samples/phantom/dicom.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { bundleKernel } from '../../scripts/lib/kernelBundle.ts';
import { PROJECT } from '../../scripts/lib/project.ts';
import { KERNEL_ENVIRONMENT } from '../../src/extension/kernelEnvironment.ts';
import { loadCodecs } from '../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';
import { describeMany } from './manySeries.ts';

const SLICES = 300;
const ROUNDS = 3;
/** As of a lung kernel at usual dose: noise is what compression has to work at. */
const NOISE_HU = 25;
const SYNTAXES: Readonly<Record<string, string | undefined>> = {
  uncompressed: undefined,
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
};
/** A Python with pydicom (and plugins for JPEG-LS and JPEG 2000) and SimpleITK, if `python3` is none. */
const PYTHON = process.env.LUNGNB_BENCH_PYTHON ?? 'python3';

interface Measured {
  readonly seconds: number;
  /** Peak growth of memory while reading, as a multiple of the volume's bytes. */
  readonly memory: number;
}

const here = import.meta.dirname;
/** LungNB's own code as it ships: threads that strip types first would be measured with them. */
const OWN = join(PROJECT, 'out/bench');
const READERS: Readonly<Record<string, (folder: string) => string>> = {
  LungNB: (folder) =>
    execFileSync(process.execPath, [join(OWN, 'loadOnce.js'), folder], {
      encoding: 'utf8',
      env: { ...process.env, ...KERNEL_ENVIRONMENT },
    }),
  pydicom: (folder) => execFileSync(PYTHON, [join(here, 'peers.py'), 'pydicom', folder], { encoding: 'utf8' }),
  SimpleITK: (folder) => execFileSync(PYTHON, [join(here, 'peers.py'), 'SimpleITK', folder], { encoding: 'utf8' }),
};

const root = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
try {
  console.log(`Making ${SLICES} slices in ${Object.keys(SYNTAXES).length} syntaxes …`);
  await bundleKernel(
    { loadOnce: 'test/bench/loadOnce.ts', decodeWorker: 'src/kernel/ct/dicom/decodeWorker.ts' },
    'out/bench',
  );
  await makeSeries();
  for (const name of Object.keys(SYNTAXES)) compare(name);
  await describeMany(join(root, 'archive'));
} finally {
  rmSync(root, { recursive: true });
}

async function makeSeries(): Promise<void> {
  const random = createRandom('bench');
  const hu = new Int16Array(512 * 512 * SLICES);
  const noise = Float32Array.from({ length: 1 << 20 }, () => random.normal() * NOISE_HU);
  for (let p = 0; p < hu.length; p++) {
    const [x, y] = [(p % 512) - 256, (Math.floor(p / 512) % 512) - 256];
    const inside = Math.hypot(x / 210, y / 160) < 1;
    const lung = Math.hypot((Math.abs(x) - 95) / 75, y / 110) < 1;
    hu[p] = Math.round((inside ? (lung ? -840 : 30) : -1000) + noise[(p * 7 + (p >> 13)) % noise.length]!);
  }
  const plain = join(root, 'uncompressed');
  const volume = { size: [512, 512, SLICES] as const, affine: axisAlignedAffine([0.7, 0.7, 1], [0, 0, 0]), hu };
  writeDicomSeries(plain, volume, {
    patientId: 'bench',
    manufacturer: 'bench',
    convolutionKernel: 'B60',
    sliceThicknessMm: 1,
  });
  await loadCodecs();
  for (const [name, syntax] of Object.entries(SYNTAXES)) {
    if (!syntax) continue;
    mkdirSync(join(root, name));
    for (const file of readdirSync(plain)) {
      const bytes = readFileSync(join(plain, file));
      const transcoder = new dcmjsCodecs.Transcoder(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
      );
      transcoder.transcode(syntax);
      writeFileSync(join(root, name, file), Buffer.from(transcoder.getDicomPart10()));
    }
  }
}

function compare(name: string): void {
  const results = new Map<string, Measured[]>();
  const missing = new Set<string>();
  for (let round = 0; round < ROUNDS; round++)
    for (const [reader, read] of Object.entries(READERS)) {
      if (missing.has(reader)) continue;
      try {
        const measured = JSON.parse(read(join(root, name))) as Measured;
        results.set(reader, [...(results.get(reader) ?? []), measured]);
      } catch (error) {
        missing.add(reader);
        console.log(`${reader} is not compared: ${(error as Error).message.split('\n').at(-2)}`);
      }
    }
  const median = (reader: string, of: (m: Measured) => number) =>
    (results.get(reader) ?? []).map(of).sort((a, b) => a - b)[ROUNDS >> 1]!;
  const own = median('LungNB', (m) => m.seconds);
  console.log(`\n${name}, ${SLICES} slices of 512 × 512, median of ${ROUNDS}`);
  console.table(
    Object.fromEntries(
      [...results.keys()].map((reader) => {
        const seconds = median(reader, (m) => m.seconds);
        return [
          reader,
          {
            seconds: Number(seconds.toFixed(2)),
            'times LungNB': Number((seconds / own).toFixed(2)),
            'peak memory / volume': Number(median(reader, (m) => m.memory).toFixed(2)),
          },
        ];
      }),
    ),
  );
}
