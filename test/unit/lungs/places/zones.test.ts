import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelledVoxels } from '../../../../src/kernel/ct/geometry/volume.ts';
import { lungVoxelsOfLabels } from '../../../../src/kernel/lungs/lungVoxels.ts';
import { placeVoxels, zonesOf } from '../../../../src/kernel/lungs/places/placeVoxels.ts';
import { ZONES } from '../../../../src/protocol/names.ts';

interface Case {
  readonly affine: readonly number[];
  readonly peripheral: number;
  readonly hilum: boolean;
  readonly voxels: readonly number[];
  readonly depthSum: number;
  readonly depthMost: number;
}

/** Made by test/reference/zones.py. */
const CASES: readonly Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../reference/zones.json'), 'utf8'),
);
const SIZE = [60, 50, 40] as const;

/** The two ellipsoids of zones.py, with a bar from the middle into each where there is a hilum. */
function drawn({ affine, hilum }: Pick<Case, 'affine' | 'hilum'>) {
  const labels = new Uint8Array(60 * 50 * 40);
  for (let z = 0, v = 0; z < 40; z++)
    for (let y = 0; y < 50; y++)
      for (let x = 0; x < 60; x++, v++) {
        if (((x - 16) / 12) ** 2 + ((y - 25) / 18) ** 2 + ((z - 20) / 17) ** 2 <= 1) labels[v] = z >= 22 ? 1 : 3;
        if (((x - 43) / 11) ** 2 + ((y - 25) / 18) ** 2 + ((z - 19) / 16) ** 2 <= 1) labels[v] = z >= 20 ? 4 : 5;
        if (hilum && x >= 14 && x < 46 && Math.abs(y - 25) <= 1 && Math.abs(z - 20) <= 1) labels[v] = 0;
      }
  return { size: SIZE, affine, labels };
}

function placed(of: Case) {
  const lobes = drawn(of);
  const voxels = lungVoxelsOfLabels(lobes, new Uint8Array(lobes.labels.length));
  const places = placeVoxels(lobes, voxels);
  const zones = zonesOf(places, of.peripheral);
  return { lobes, places, counts: ZONES.map((_, n) => zones.filter((zone) => zone === n + 1).length) };
}

describe('zones', () => {
  it.each(CASES.filter(({ hilum }) => !hilum))(
    'are those of scipy’s distance transform, on anisotropic and on tilted grids ($peripheral mm)',
    (of) => {
      const { lobes, places, counts } = placed(of);
      expect(counts).toEqual(of.voxels);
      expect(places.depthMm.reduce((a, b) => a + b, 0)).toBeCloseTo(of.depthSum, -1);
      expect(Math.max(...places.depthMm)).toBeCloseTo(of.depthMost, 4);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(labelledVoxels(lobes));
    },
  );

  it('take no pleura where a hilum enters the lung', () => {
    const of = CASES.find(({ hilum }) => hilum)!;
    const { places, counts } = placed(of);
    // The envelope is drawn on coarser voxels here than in the reference.
    for (const [n, count] of counts.entries()) expect(Math.abs(count - of.voxels[n]!)).toBeLessThan(100);
    // Counted as pleura, the bar would leave nothing central beside it.
    expect(Math.max(...places.depthMm)).toBeGreaterThan(23);
    expect(places.gaps.map((gaps) => gaps.some((voxels) => voxels > 0))).toEqual([true, true]);
  });

  it('leave the edge of the CT open: nobody knows of a pleura there', () => {
    const { affine } = CASES[0]!;
    const size = [10, 10, 4] as const;
    const lobes = { size, affine, labels: new Uint8Array(400).fill(3) };
    const places = placeVoxels(lobes, lungVoxelsOfLabels(lobes, new Uint8Array(400)));
    expect(places.depthMm.every((mm) => mm === Infinity)).toBe(true);
    expect(new Set(zonesOf(places, 20))).toEqual(new Set([1, 3, 5]));
  });
});
