/** Masks that other programs wrote (test/reference/givenMasks.py) are read as they were drawn, voxel by voxel. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { discoverMasks } from '../../../src/kernel/masks/discoverMasks.ts';
import type { PlacedMasks } from '../../../src/kernel/masks/givenMasks.ts';
import type { LabelsAsked } from '../../../src/kernel/masks/maskFile.ts';
import { placeMasks } from '../../../src/kernel/masks/placing/placeMasks.ts';
import { isOther } from '../../../src/kernel/masks/reading/structures.ts';
import { voxelsIn } from '../../../src/kernel/masks/runs.ts';
import { asymmetricVolume } from '../ct/helpers.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/masks');
interface Expected {
  readonly lobes?: string;
  readonly textures?: string;
  readonly others: Readonly<Record<string, number>>;
}
const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/givenMasks.json'), 'utf8'),
);
const CT = asymmetricVolume(20, 16, 24);
const LABELS: LabelsAsked = {
  by: 'user',
  labels: [
    [1, 'RUL'],
    [2, 'RML'],
    [3, 'RLL'],
    [4, 'LUL'],
    [5, 'LLL'],
  ],
};

/** What the file comes to on the grid of its CT; with labels where it has no names. */
async function placed(name: string): Promise<PlacedMasks> {
  const folder = join(mkdtempSync(join(tmpdir(), 'lungnb-masks-')), 'P01');
  mkdirSync(folder);
  copyFileSync(join(FIXTURES, name), join(folder, name));
  const labels: LabelsAsked = name.startsWith('lobes')
    ? LABELS
    : name.startsWith('lungmask')
      ? { by: 'lungmask' }
      : { by: 'file' };
  const { files } = await discoverMasks(folder, labels, unattended);
  const others = files.flatMap(({ segments }) => segments.map(({ structure }) => structure)).filter(isOther);
  const wanted = { lobes: true, textures: true, others, allOfLungs: true };
  return placeMasks({ name: 'masks', files, digest: '' }, CT, wanted, unattended);
}

const sha = (labels: Uint8Array | undefined) => labels && createHash('sha256').update(labels).digest('hex');

describe('masks by other programs', () => {
  it.each(Object.keys(EXPECTED))('are read without one wrong voxel: %s', async (name) => {
    const { lobes, textures, others, remarks } = await placed(name);
    const found = {
      lobes: sha(lobes),
      textures: sha(textures),
      others: Object.fromEntries(others.map((one) => [one.name, voxelsIn(one.runs)])),
    };
    const { others: expectedOthers, ...maps } = EXPECTED[name]!;
    expect(found).toEqual({
      lobes: undefined,
      textures: undefined,
      ...maps,
      others: expect.objectContaining(expectedOthers),
    });
    expect(remarks.map(({ code }) => code)).toEqual(
      name === 'fractional.dcm' ? ['mask-fractional'] : name === 'contours.dcm' ? Array(2).fill('mask-contours') : [],
    );
  });
});
