/**
 * Measures lung-texture through the kernel itself: on drawn chests that no training saw, whose every voxel is known,
 * and on the healthy lungs of real CT, which should read as normal.
 * Use: node models/training/evaluateTextures.ts MODELS_FOLDER REAL_CT_FOLDER OUTPUT_FOLDER [DRAWN_CHESTS]
 * Writes textures.json and one picture per case. Real CT is looked at here and never trained on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chestGrid } from '../../samples/phantom/anatomy.ts';
import { type Chest, drawPerfectChest } from '../../samples/phantom/chest.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { type Scanner, scan } from '../../samples/phantom/scanner.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { discoverCohort } from '../../src/kernel/ct/discover.ts';
import { readSeries } from '../../src/kernel/ct/readSeries.ts';
import type { LabelMap, Volume } from '../../src/kernel/ct/volume.ts';
import { findModel, openModel } from '../../src/kernel/inference/model.ts';
import { classifyTextures } from '../../src/kernel/lungs/classifyTextures.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { writeOverlay } from './overlay.ts';
import { readContours } from './references.ts';

const CLASSES = TEXTURE_CLASSES.length;
/** Slice spacings in mm of the drawn chests, in turn. */
const SLICE_MM = [3, 1.5, 5, 2.5];

const [models, realFolder, output, drawn = '12'] = process.argv.slice(2);
if (!models || !realFolder || !output)
  throw new Error('use: evaluateTextures.ts MODELS_FOLDER REAL_CT_FOLDER OUTPUT_FOLDER [DRAWN_CHESTS]');
mkdirSync(output, { recursive: true });
const model = await openModel(await findModel([models], 'lung-texture', 'textures'), 1);
const { version, sha256 } = model.manifest;
const phantoms = await measurePhantoms(Number(drawn));
const real = await measureRealLungs(realFolder);
writeFileSync(join(output, 'textures.json'), `${JSON.stringify({ version, sha256, ...phantoms, real }, null, 2)}\n`);

/** The confusion of all voxels, the error of percent per chest, and how much a second scanner changes the same chest. */
async function measurePhantoms(count: number) {
  const confusion = new Float64Array(CLASSES * CLASSES);
  const errors: number[][] = [];
  const truths: number[][] = [];
  const readings: number[][] = [];
  const retest: number[] = [];
  for (let index = 0; index < count; index++) {
    const seed = `texture-evaluation-${index}`;
    const random = createRandom(`${seed}/evaluation`);
    const disease = index % 6 === 0 ? {} : drawPlan(random, random.between(0.3, 1), 0.6);
    const grid = chestGrid(seed, 360, 400, SLICE_MM[index % SLICE_MM.length]!);
    const perfect = drawPerfectChest({ seed, grid, disease }, 2);
    const [first, second] = [randomScanner(random), randomScanner(random)].map((scanner, n) => ({
      volume: scan(grid, perfect.hu, scanner, random.fork(`scan-${n}`)),
      lobes: perfect.lobes,
      textures: perfect.textures,
    })) as [Chest, Chest];
    const counts = await confusionOf(first, `drawn-${index}`);
    for (let n = 0; n < counts.length; n++) confusion[n]! += counts[n]!;
    const truth = percents(counts, (c, p) => c * CLASSES + p);
    const read = percents(counts, (c, t) => t * CLASSES + c);
    errors.push(read.map((value, c) => Math.abs(value - truth[c]!)));
    truths.push(truth);
    readings.push(read);
    if (index % 3 === 1) {
      const again = percents(await confusionOf(second), (c, t) => t * CLASSES + c);
      retest.push(Math.abs(fibrosis(again) - fibrosis(read)));
    }
    console.log(index, JSON.stringify({ truth: truth.map((v) => round(v, 1)), read: read.map((v) => round(v, 1)) }));
  }
  const sumOver = (c: number, at: (c: number, n: number) => number) =>
    Array.from({ length: CLASSES }, (_, n) => confusion[at(c, n)]!).reduce((a, b) => a + b);
  const f1 = TEXTURE_CLASSES.map((_, c) => {
    const both = sumOver(c, (a, n) => a * CLASSES + n) + sumOver(c, (a, n) => n * CLASSES + a);
    return both ? (2 * confusion[c * CLASSES + c]!) / both : 0;
  });
  const named = (values: readonly number[], digits: number) =>
    Object.fromEntries(TEXTURE_CLASSES.map((name, c) => [name, round(values[c]!, digits)]));
  const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    drawnChests: count,
    macroF1: round(meanOf(f1), 3),
    f1: named(f1, 3),
    meanAbsoluteErrorPercent: named(
      f1.map((_, c) => meanOf(errors.map((row) => row[c]!))),
      2,
    ),
    biasPercent: named(
      f1.map((_, c) => meanOf(readings.map((row, n) => row[c]! - truths[n]![c]!))),
      2,
    ),
    confusion: TEXTURE_CLASSES.map((_, t) => Array.from(confusion.slice(t * CLASSES, (t + 1) * CLASSES))),
    fibrosisExtentBetweenScannersPercent: retest.map((value) => round(value, 2)),
  };
}

/** Voxel counts, truth by row and reading by column. */
async function confusionOf({ volume, lobes, textures }: Chest, picture?: string): Promise<Float64Array> {
  const read = (await classifyTextures(volume, lobes, model, unattended)).textures.labels;
  const counts = new Float64Array(CLASSES * CLASSES);
  for (let v = 0; v < read.length; v++) {
    const truth = textures.labels[v]!;
    if (truth > 0 && read[v]! > 0) counts[(truth - 1) * CLASSES + read[v]! - 1]!++;
  }
  if (picture) draw(picture, volume, read);
  return counts;
}

function randomScanner(random: ReturnType<typeof createRandom>): Scanner {
  const sharpening = random.chance(0.3) ? 0 : random.between(0.2, 1);
  return {
    kernel: 'SIM',
    blurMm: random.between(0.42, 0.8),
    sharpening,
    noiseHu: sharpening > 0 ? random.between(15, 50) : random.between(8, 25),
  };
}

async function measureRealLungs(folder: string) {
  const lobeModel = await openModel(await findModel([models!], 'lung-lobes', 'lobes'), 1);
  const results = [];
  const left = await readZip(join(folder, 'LIDC-IDRI-0314.zip'));
  const lobes = await segmentLobes(left, lobeModel, unattended);
  const leftLung = lobes.labels.map((label) => (label >= 4 ? label : 0));
  results.push(await readLung('LIDC-IDRI-0314 left lung', left, { ...lobes, labels: leftLung }));
  const zip = join(folder, 'LUNG1-001.zip');
  const right = await readZip(zip);
  const contours = await readContours(zip, 'mask_rtstruct/1-1.dcm', /^lung-right/i, right);
  results.push(await readLung('LUNG1-001 right lung', right, { ...right, labels: contours }));
  return results;
}

async function readLung(name: string, volume: Volume, lungs: LabelMap) {
  const { labels } = (await classifyTextures(volume, lungs, model, unattended)).textures;
  const counts = new Float64Array(CLASSES);
  for (const label of labels) if (label > 0) counts[label - 1]!++;
  const total = counts.reduce((a, b) => a + b);
  const percent = Object.fromEntries(TEXTURE_CLASSES.map((c, n) => [c, round((counts[n]! / total) * 100, 2)]));
  console.log(name, JSON.stringify(percent));
  draw(name.replaceAll(' ', '-'), volume, labels);
  return { name, percent };
}

/** Disease in colour; normal lung is left grey. */
function draw(name: string, volume: Volume, labels: Uint8Array): void {
  writeOverlay(
    join(output!, `${name}.png`),
    volume,
    labels.map((label) => (label === 1 ? 0 : label)),
  );
}

async function readZip(path: string): Promise<Volume> {
  const series = (await discoverCohort(path, unattended)).patients[0]?.series[0];
  if (!series) throw new Error(`${path} holds no CT series`);
  return (await readSeries(series, unattended)).volume;
}

/** Percent of all counted voxels per class, summed over the other dimension of the confusion. */
function percents(counts: Float64Array, at: (c: number, other: number) => number): number[] {
  const total = counts.reduce((a, b) => a + b);
  return TEXTURE_CLASSES.map((_, c) => {
    let sum = 0;
    for (let other = 0; other < CLASSES; other++) sum += counts[at(c, other)]!;
    return (sum / total) * 100;
  });
}

/** Reticulation and honeycombing together. */
function fibrosis(percent: readonly number[]): number {
  return percent[TEXTURE_CLASSES.indexOf('reticulation')]! + percent[TEXTURE_CLASSES.indexOf('honeycombing')]!;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
