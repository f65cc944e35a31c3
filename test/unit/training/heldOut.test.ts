/** What left training for good reaches neither an export nor a pack, under no name that it goes by. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldOutMaps } from '../../../models/evaluation/lobeMaps.ts';
import { isHeldOutMap, leftTraining, type Network } from '../../../models/training/heldOut.ts';
import { realChestFiles } from '../../../models/training/realChest.ts';

const MAP = '1.3.6.1.4.1.14519.5.2.1.6279.6001';
const FOR_GOOD = [
  `${MAP}.183982839679953938397312236359`,
  ...['LIDC-IDRI-0003', 'CPTAC-C3N-00249', 'TCGA-DE-A4MA', 'RICORD-1A-000082'],
  // Evaluation alone: nothing was ever trained on them.
  ...['LIDC-IDRI-0050', 'LIDC-IDRI-0314', 'LUNG1-001', 'cip-ct-64', 'elastix-3DCT_lung'],
];
/** Healthy lungs that lung-texture draws disease into; they judge lung-lobes. */
const BACKGROUNDS = ['LIDC-IDRI-0003', 'CPTAC-C3N-00249'];
const TRAINING = [`${MAP}.109002525524522225658609808059`, 'LIDC-IDRI-0001', 'LIDC-IDRI-0002', 'Lung-Dx-A0001'];
const hasPython = spawnSync('python3', ['--version']).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('knows what left training in every form of its file', () => {
  const forms = (name: string) => [name, `${name}.nrrd`, `${name}.lungs.nrrd`, `${name}.fine.nrrd`, `/a/${name}.zip`];
  const left = (name: string, network: Network) => forms(name).map((form) => leftTraining(form, network));
  for (const name of FOR_GOOD) {
    expect(left(name, 'lobes')).toEqual(Array(5).fill(true));
    expect(left(name, 'textures')).toEqual(Array(5).fill(!BACKGROUNDS.includes(name)));
  }
  for (const name of TRAINING) {
    expect(left(name, 'lobes')).toEqual(Array(5).fill(false));
    expect(left(name, 'textures')).toEqual(Array(5).fill(false));
  }
});

it('offers no chest to training that left it, and every other', () => {
  for (const name of [...FOR_GOOD, ...TRAINING]) writeFileSync(join(folder, `${name}.lungs.nrrd`), '');
  expect(realChestFiles(folder)).toEqual(TRAINING.map((name) => join(folder, `${name}.lungs.nrrd`)));
});

it('holds maps out by name, whatever else lies in their folder', () => {
  const digits = ['119209873306155771318545953948', '842980983137518332429408284002'];
  const files = digits.map((last) => join(folder, `${MAP}.${last}.nrrd`));
  for (const file of [...files, join(folder, `${MAP}.1.nrrd`), join(folder, `${MAP}.2.nrrd`)]) writeFileSync(file, '');
  expect(heldOutMaps(folder)).toEqual(files);
  expect(isHeldOutMap(`${FOR_GOOD[0]}.nrrd`)).toBe(true);
});

describe.skipIf(!hasPython)('packing', { timeout: 60_000 }, () => {
  const check = (volume: object) => {
    const file = join(folder, 'volumes.jsonl');
    writeFileSync(file, `${JSON.stringify({ name: 'map-0', kind: 'map', heldOut: false, ...volume })}\n`);
    return spawnSync('python3', ['models/training/held_out.py', file], { encoding: 'utf8' });
  };

  it.each(FOR_GOOD)(
    'refuses %s, held out or not, bent or renamed',
    (source) => {
      for (const volume of [
        { source },
        { source, heldOut: true },
        { name: `${source}-bent`, kind: 'real', source: 'x' },
      ]) {
        const { status, stderr } = check(volume);
        expect(stderr).toContain('left the training of lobes for good');
        expect(status).toBe(1);
      }
    },
    60_000,
  );

  it('refuses real data without a source, and a held-out map that would train', () => {
    expect(check({ kind: 'fine' }).stderr).toContain('does not say which real data it is of');
    expect(check({}).stderr).toContain('does not say which real data it is of');
    expect(check({ source: `${MAP}.119209873306155771318545953948` }).stderr).toContain('its map is held out');
  });

  it.each(FOR_GOOD.filter((name) => !BACKGROUNDS.includes(name)))(
    'refuses %s as a background of textures too',
    (source) => expect(check({ source, kind: 'fine' }).stderr).toContain('left the training of textures for good'),
    60_000,
  );

  it.each(BACKGROUNDS)('takes %s as a background of textures', (source) => {
    expect(check({ source, kind: 'fine' })).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(TRAINING)('takes %s', (source) => {
    expect(check({ source })).toMatchObject({ status: 0, stderr: '' });
  });
});
