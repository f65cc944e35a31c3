/**
 * Small CTs that lie in every way that scanners and programs store them, with masks whose labels follow from each voxel's
 * own value: whoever reads a mask beside its CT sees of every single voxel whether its label is the right one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { cross } from '../../../src/kernel/ct/geometry/vector.ts';
import type { LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import type { DensityRow, MeasurementRow } from '../../../src/kernel/lungs/quantification.ts';
import { readSourceVoxels } from '../../../src/kernel/masks/sourceImages.ts';
import { MASK_FORMATS } from '../../../src/kernel/masks/write/formats.ts';
import { type MaskRequest, maskFilesOf } from '../../../src/kernel/masks/write/maskFiles.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../../src/protocol/names.ts';
import { asymmetricVolume, change, multiFrameFile, TAG, writeSeries } from '../ct/helpers.ts';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

export const SIZE = [10, 9, 12] as const;

type Vector = readonly [number, number, number];

export interface MaskCase {
  readonly name: string;
  /** Directions of rows and of columns. */
  readonly rows: Vector;
  readonly columns: Vector;
  /** From row to row, and from column to column, in mm. */
  readonly pixelSpacing: readonly [number, number];
  /** From slice to slice in mm, along the normal; and in whole pixels within the slice, by which a gantry tilts. */
  readonly apart: number;
  readonly shift?: readonly [number, number];
  readonly form?: 'multi-frame' | 'uneven';
}

const turned = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)] as const;
const [c1, s1] = turned(17);
const [c2, s2] = turned(-11);

export const MASK_CASES: readonly MaskCase[] = [
  { name: 'axial', rows: [1, 0, 0], columns: [0, 1, 0], pixelSpacing: [0.8, 0.8], apart: 1.25 },
  { name: 'coronal', rows: [1, 0, 0], columns: [0, 0, -1], pixelSpacing: [0.9, 0.9], apart: 2 },
  { name: 'sagittal', rows: [0, 1, 0], columns: [0, 0, -1], pixelSpacing: [0.9, 0.9], apart: 2 },
  { name: 'feet-first', rows: [-1, 0, 0], columns: [0, 1, 0], pixelSpacing: [0.7, 0.7], apart: 1 },
  { name: 'prone', rows: [-1, 0, 0], columns: [0, -1, 0], pixelSpacing: [0.7, 0.7], apart: 1 },
  { name: 'oblique', rows: [c1, s1, 0], columns: [-s1 * c2, c1 * c2, s2], pixelSpacing: [0.75, 0.75], apart: 1.5 },
  { name: 'tilted', rows: [1, 0, 0], columns: [0, 1, 0], pixelSpacing: [0.8, 0.7], apart: 2.5, shift: [0, 1] },
  { name: 'anisotropic', rows: [1, 0, 0], columns: [0, 1, 0], pixelSpacing: [1.1, 0.6], apart: 5 },
  { name: 'multi-frame', rows: [1, 0, 0], columns: [0, 1, 0], pixelSpacing: [0.8, 0.7], apart: 2, form: 'multi-frame' },
  { name: 'uneven', rows: [1, 0, 0], columns: [0, 1, 0], pixelSpacing: [0.8, 0.7], apart: 2, form: 'uneven' },
];

/** Where the n-th slice lies, its first voxel's centre in mm. */
export function positionOf(
  { rows, columns, pixelSpacing, apart, shift = [0, 0], form }: MaskCase,
  n: number,
): number[] {
  const normal = cross(rows, columns);
  // A slice is missing in the middle, where the others go on.
  const steps = form === 'uneven' && n >= 7 ? n + 1 : n;
  const [down, across] = pixelSpacing;
  return [-31, -42.5, 103.25].map(
    (start, a) => start + steps * (normal[a]! * apart + rows[a]! * across * shift[0] + columns[a]! * down * shift[1]),
  );
}

const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';
const text = (value: number) => String(Number(value.toFixed(9))).slice(0, 16);

/** Writes the CT into a folder of its own, slices in no order. */
export function writeCt(folder: string, one: MaskCase): void {
  mkdirSync(folder, { recursive: true });
  const files = writeSeries(folder, asymmetricVolume(...SIZE), one.name);
  for (const [n, file] of files.entries())
    change(file, (tags) => {
      tags[TAG.position] = { vr: 'DS', Value: positionOf(one, n).map(text) };
      tags[TAG.orientation] = { vr: 'DS', Value: [...one.rows, ...one.columns].map(text) };
      tags['00280030'] = { vr: 'DS', Value: one.pixelSpacing.map(text) };
      tags['00180050'] = { vr: 'DS', Value: [text(one.apart)] };
      // What a mask must not repeat.
      tags['00100010'] = { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] };
      tags['00100030'] = { vr: 'DA', Value: ['19500102'] };
      tags['00080050'] = { vr: 'SH', Value: ['ACC-4711'] };
    });
  if (one.form !== 'multi-frame') return;
  const whole = multiFrameFile(files);
  for (const file of files) rmSync(file);
  const frames = join(folder, 'frames.dcm');
  writeFileSync(frames, whole);
  change(frames, (tags) => {
    tags['00080016'] = { vr: 'UI', Value: [ENHANCED_CT] };
  });
}

/** 0 to `kinds` − 1 for a value in Hounsfield units, as if at random: test/reference/masks.py has the same. */
export function labelOf(hu: number, kinds: number, salt: number): number {
  return (Math.imul(hu + 2048 + salt * 4099, 2654435761) >>> 16) % kinds;
}

export const lobeOf = (hu: number) => labelOf(hu, 6, 1);
export const textureOf = (hu: number) => (lobeOf(hu) ? labelOf(hu, 7, 2) : 0);

const MAKER = { software: 'LungNB', version: '0.1.0', decisions: [] } as const;
export const MAKERS = {
  lobes: { ...MAKER, model: { id: 'lung-lobes', version: '1.2.3', sha256: 'ab'.repeat(32), licence: 'MIT' } },
  textures: {
    ...MAKER,
    model: { id: 'lung-texture', version: '4.5.6', sha256: 'cd'.repeat(32), licence: 'CC-BY-4.0' },
  },
} as const;

export const MEASUREMENTS: readonly MeasurementRow[] = LOBAR_REGIONS.flatMap((region, r) =>
  TEXTURE_CLASSES.map((name, c) => ({ region, class: name, volumeMl: 10 * (r + 1) + c + 0.125, percent: r + c / 8 })),
);
export const DENSITY: readonly DensityRow[] = LOBAR_REGIONS.map((region, r) => ({
  region,
  volumeMl: region === 'total' ? 1500 : 100 * r,
  meanHu: -800 - r / 3,
  sdHu: 100 + r,
  huP05: -950 + r,
  huP50: -850 + r,
  huP95: -300 + r,
  laa950Percent: r / 7,
  haaPercent: r / 9,
  huP15: -900 + r,
  skewness: 2 + r,
  kurtosis: 5 + r,
}));

/** What is asked for of a CT in a folder, with labels by its own voxels. */
export async function requestOf(folder: string, patient: string): Promise<MaskRequest> {
  const { patients } = await discoverCohort(folder, unattended);
  const series = patients[0]!.series[0]!;
  const { volume } = await readSeries(series, unattended);
  const map = (of: (hu: number) => number): LabelMap => ({
    size: volume.size,
    affine: volume.affine,
    labels: Uint8Array.from(volume.hu, (hu) => (hu <= -1024 ? 0 : of(hu))),
  });
  return {
    patient,
    lobes: map(lobeOf),
    textures: map(textureOf),
    ownClasses: [],
    knownClasses: TEXTURE_CLASSES,
    makers: MAKERS,
    measurements: MEASUREMENTS,
    density: DENSITY,
    voxels: await readSourceVoxels(series, unattended),
    formats: MASK_FORMATS,
    now: { date: '20260102', time: '030405' },
    before: {},
  };
}

/** Writes the CT of a case and all its masks, each into a folder of its own. */
export async function writeCase(folder: string, one: MaskCase): Promise<void> {
  const ct = join(folder, 'ct');
  writeCt(ct, one);
  const masks = join(folder, 'masks');
  mkdirSync(masks, { recursive: true });
  const { files, problems } = await maskFilesOf(await requestOf(ct, `Patient ${one.name}`), unattended);
  for (const { severity, message } of problems) if (severity === 'error') throw new Error(message);
  for (const { name, bytes } of files) writeFileSync(join(masks, name), bytes);
}

/** A DICOM file's data set by the names of its tags. */
export function datasetOf(bytes: Uint8Array): Record<string, unknown> {
  const { dict } = DicomMessage.readFile(new Uint8Array(bytes).buffer);
  return DicomMetaDictionary.naturalizeDataset(dict);
}

export function datasetIn(file: string): Record<string, unknown> {
  return datasetOf(readFileSync(file));
}
