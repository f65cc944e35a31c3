/** A chest and two models so small that a notebook measures them within a second, as a user would bring their own. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/models');

export interface ManifestJson {
  [field: string]: unknown;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
}

/** Soft tissue with a box of lung of 72 ml: its lower half of -700 HU, its upper half of -1000 HU. */
export function boxOfLung(): Volume {
  const size = [40, 40, 20] as const;
  const hu = new Int16Array(40 * 40 * 20).fill(40);
  for (let k = 4; k < 16; k++)
    for (let j = 10; j < 30; j++) for (let i = 5; i < 35; i++) hu[(k * 40 + j) * 40 + i] = k < 10 ? -700 : -1000;
  return { size, affine: axisAlignedAffine([1, 1, 10], [0, 0, 0]), hu };
}

/** Puts a fixture into `models` of the folder under another id, its manifest changed. */
export function bring(folder: string, fixture: string, id: string, change: (manifest: ManifestJson) => void): void {
  const target = join(folder, 'models', id);
  cpSync(join(FIXTURES, fixture), target, { recursive: true });
  const file = join(target, 'manifest.json');
  const manifest: ManifestJson = { ...JSON.parse(readFileSync(file, 'utf8')), id };
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

/** The models `my-lobes` and `my-textures`, which fit {@link boxOfLung}. */
export function bringOwnModels(folder: string): void {
  bring(folder, 'tiny-lobes', 'my-lobes', (m) => {
    Object.assign(m.input, { orientation: 'RAS', spacingMm: ['native', 'native', 2.5] });
    m.output.labels = [null, 'LLL', 'RML', 'RLL', 'LUL', 'RUL', null];
  });
  bring(folder, 'tiny-textures', 'my-textures', (m) => {
    m.input.spacingMm = ['native', 'native', 'native'];
    m.output.labels = ['ggo', null, 'ggo', null, null, 'emphysema'];
  });
}
