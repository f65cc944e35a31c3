/**
 * Measures lung-lobes through the kernel itself, on real CT with lung references and on drawn chests with known lobes.
 * Use: node models/training/evaluateLobes.ts MODELS_FOLDER REAL_CT_FOLDER OUTPUT_FOLDER
 * Writes lobes.json and one picture per case. Real CT is looked at here and never trained on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chestGrid } from '../../samples/phantom/anatomy.ts';
import { drawChest } from '../../samples/phantom/chest.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { discoverCohort } from '../../src/kernel/ct/discover.ts';
import { readSeries } from '../../src/kernel/ct/readSeries.ts';
import { type Volume, voxelMl } from '../../src/kernel/ct/volume.ts';
import { findModel, openModel } from '../../src/kernel/inference/model.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { LOBES } from '../../src/protocol/names.ts';
import { readNrrd } from './nrrd.ts';
import { writeOverlay } from './overlay.ts';
import { readContours } from './references.ts';

const DRAWN_CHESTS = 4;
/** Lung drawn farther than this from the box around the reference lungs is counted as far outside. */
const FAR_MM = 20;

/** Denser than this, lung is consolidated, fibrotic or a vessel: the part that a threshold would lose. */
const DENSE_HU = -300;

interface Case {
  readonly name: string;
  readonly volume: Volume;
  /** 1 inside the lungs, by a person or a published tool. */
  readonly lungs?: Uint8Array;
  /** 1–5 in the order of LOBES. */
  readonly lobes?: Uint8Array;
}

const [models, realFolder, output] = process.argv.slice(2);
if (!models || !realFolder || !output)
  throw new Error('use: evaluateLobes.ts MODELS_FOLDER REAL_CT_FOLDER OUTPUT_FOLDER');
mkdirSync(output, { recursive: true });
const model = await openModel(await findModel([models], 'lung-lobes', 'lobes'), 1);
const results = [];
for await (const item of cases(realFolder)) {
  const start = performance.now();
  const { labels } = await segmentLobes(item.volume, model, unattended);
  const result = { name: item.name, ...scores(item, labels), seconds: round((performance.now() - start) / 1000, 1) };
  console.log(JSON.stringify(result));
  results.push(result);
  writeOverlay(join(output, `${item.name}.png`), item.volume, labels);
}
const { version, sha256 } = model.manifest;
writeFileSync(join(output, 'lobes.json'), `${JSON.stringify({ version, sha256, cases: results }, null, 2)}\n`);

async function* cases(folder: string): AsyncGenerator<Case> {
  const tumour = await readZip(join(folder, 'LUNG1-001.zip'));
  const lungs = await readContours(join(folder, 'LUNG1-001.zip'), 'mask_rtstruct/1-1.dcm', /^lung-/i, tumour);
  yield { name: 'LUNG1-001', volume: tumour, lungs };
  yield { name: 'LIDC-IDRI-0314', volume: await readZip(join(folder, 'LIDC-IDRI-0314.zip')) };
  const { values, ...grid } = readNrrd(join(folder, 'cip-ct-64.nrrd'));
  const mask = Uint8Array.from(readNrrd(join(folder, 'cip-ct-64.lungs.nrrd')).values);
  yield { name: 'cip-ct-64', volume: { ...grid, hu: values }, lungs: mask };
  for (let index = 0; index < DRAWN_CHESTS; index++) {
    const seed = `lobe-evaluation-${index}`;
    const chest = drawChest({
      seed,
      grid: chestGrid(seed, 360, 256, 3),
      disease: drawPlan(createRandom(`${seed}/plan`), index / (DRAWN_CHESTS - 1)),
      scanner: { kernel: 'SIM-LUNG', blurMm: 0.6, sharpening: 0.5, noiseHu: 25 },
      thinSlices: 2,
    });
    yield { name: `drawn-${index}`, volume: chest.volume, lobes: chest.lobes.labels };
  }
}

async function readZip(path: string): Promise<Volume> {
  const cohort = await discoverCohort(path, unattended);
  const series = cohort.patients[0]?.series[0];
  if (!series) throw new Error(`${path} holds no CT series`);
  return (await readSeries(series, unattended)).volume;
}

function scores({ volume, lungs, lobes }: Case, labels: Uint8Array) {
  const ml = voxelMl(volume);
  const volumesMl = Object.fromEntries(
    LOBES.map((name, n) => [name, Math.round(count(labels, (l) => l === n + 1) * ml)]),
  );
  const lungMl = Math.round(count(labels, (l) => l > 0) * ml);
  const reference = lungs ?? lobes;
  if (!reference) return { lungMl, volumesMl };
  const referenceMl = Math.round(count(reference, (l) => l > 0) * ml);
  const lungDice = round(dice(labels, reference, (l) => l > 0));
  const denseFound = round(shareFound(volume, labels, reference));
  const farMl = round(farFrom(volume, labels, reference) * ml, 1);
  const lobeDice =
    lobes && Object.fromEntries(LOBES.map((name, n) => [name, round(dice(labels, lobes, (l) => l === n + 1))]));
  return { lungMl, referenceMl, lungDice, denseFound, farMl, volumesMl, ...(lobeDice && { lobeDice }) };
}

function count(labels: Uint8Array, inside: (label: number) => boolean): number {
  let found = 0;
  for (const label of labels) if (inside(label)) found++;
  return found;
}

/** Dice's overlap of two label maps, 0–1. */
function dice(a: Uint8Array, b: Uint8Array, inside: (label: number) => boolean): number {
  let both = 0;
  for (let v = 0; v < a.length; v++) if (inside(a[v]!) && inside(b[v]!)) both++;
  return (2 * both) / (count(a, inside) + count(b, inside));
}

/** Share of the reference's dense lung that was labelled. */
function shareFound(volume: Volume, labels: Uint8Array, reference: Uint8Array): number {
  let dense = 0;
  let found = 0;
  for (let v = 0; v < reference.length; v++)
    if (reference[v] && volume.hu[v]! > DENSE_HU) {
      dense++;
      if (labels[v]) found++;
    }
  return found / dense;
}

/** How many labelled voxels lie outside the reference lungs' box grown by FAR_MM. */
function farFrom(volume: Volume, labels: Uint8Array, reference: Uint8Array): number {
  const [nx, ny, nz] = volume.size;
  const spacing = [volume.affine[0]!, volume.affine[5]!, volume.affine[10]!];
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  const visit = (map: Uint8Array, see: (p: readonly number[]) => void) => {
    for (let v = 0; v < map.length; v++) if (map[v]) see([v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
  };
  visit(reference, (p) => {
    for (let a = 0; a < 3; a++) {
      low[a] = Math.min(low[a]!, p[a]!);
      high[a] = Math.max(high[a]!, p[a]!);
    }
  });
  let far = 0;
  visit(labels, (p) => {
    if (p.some((value, a) => value < low[a]! - FAR_MM / spacing[a]! || value > high[a]! + FAR_MM / spacing[a]!)) far++;
  });
  return far;
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
