import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { type AxisWeights, gridWeights, respacedGrid } from '../../../src/kernel/ct/geometry/resample.ts';
import { decideSeries } from '../../../src/kernel/lungs/decideSeries.ts';
import { type Decisions, decideVoxels, inOverlap } from '../../../src/kernel/lungs/decisions.ts';
import { cropGrid } from '../../../src/kernel/lungs/lungBox.ts';
import { gatherLungVoxels, type LungVoxels, textureBox } from '../../../src/kernel/lungs/lungVoxels.ts';
import { LOBES, TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';

type Voxel = Partial<Record<TextureClass, number>> & { hu?: number };

/** Lung voxels of 1 ml in rows of `nx` in one slice; all of the right upper lobe. */
function voxelsOf(list: readonly Voxel[], nx = list.length): LungVoxels {
  const rows = Array.from({ length: list.length / nx }, (_, row) => [row * nx, nx]);
  return {
    size: [nx, rows.length, 1],
    affine: [10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 1],
    runs: Int32Array.from(rows.flat()),
    lobes: new Uint8Array(list.length).fill(1),
    classes: TEXTURE_CLASSES,
    probabilities: Uint16Array.from(TEXTURE_CLASSES.flatMap((name) => list.map((voxel) => (voxel[name] ?? 0) * 65535))),
    best: Uint8Array.from(list, (voxel) => bestOf(TEXTURE_CLASSES.map((name) => voxel[name] ?? 0))),
    hu: Int16Array.from(list, ({ hu = -850 }) => hu),
  };
}

function bestOf(probabilities: readonly number[]): number {
  const most = Math.max(...probabilities);
  return most >= 1 - probabilities.reduce((a, b) => a + b, 0) ? probabilities.indexOf(most) + 1 : 0;
}

const NONE: Decisions = { thresholds: {}, overlaps: [] };
const decided = (voxels: readonly Voxel[], decisions: Partial<Decisions>, nx?: number) =>
  Array.from(decideVoxels(voxelsOf(voxels, nx), { ...NONE, ...decisions }), (label) => TEXTURE_CLASSES[label - 1]);

describe('decideVoxels', () => {
  it('takes the most probable class where nothing is decided', () => {
    expect(
      decided(
        [
          { normal: 0.5, ggo: 0.3 },
          { ggo: 0.6, normal: 0.4 },
        ],
        {},
      ),
    ).toEqual(['normal', 'ggo']);
  });

  it('takes a class from its threshold on, before more probable ones, and below it never', () => {
    const voxels = [
      { normal: 0.6, honeycombing: 0.35 },
      { normal: 0.5, honeycombing: 0.25, ggo: 0.2 },
    ];
    expect(decided(voxels, { thresholds: { honeycombing: 0.3 } })).toEqual(['honeycombing', 'normal']);
    expect(decided([{ honeycombing: 0.7, ggo: 0.2 }], { thresholds: { honeycombing: 0.8 } })).toEqual(['ggo']);
  });

  it('takes the one of several that exceeds its threshold by the largest factor', () => {
    const thresholds = { ggo: 0.4, reticulation: 0.1 };
    expect(decided([{ ggo: 0.6, reticulation: 0.3, normal: 0.1 }], { thresholds })).toEqual(['reticulation']);
  });

  it('takes the most probable of all where all have a threshold and none is reached', () => {
    const thresholds = Object.fromEntries(TEXTURE_CLASSES.map((name) => [name, 0.9]));
    expect(decided([{ ggo: 0.5, normal: 0.4, emphysema: 0.1 }], { thresholds })).toEqual(['ggo']);
  });

  it('takes emphysema by density alone where that is asked for', () => {
    const voxels = [
      { normal: 0.9, hu: -960 },
      { emphysema: 0.7, normal: 0.3, hu: -900 },
      { normal: 1, hu: -950 },
    ];
    expect(decided(voxels, { emphysemaBelowHu: -950 })).toEqual(['emphysema', 'normal', 'normal']);
  });

  it('leaves a voxel without a class where none of the six is most probable', () => {
    expect(decided([{ ggo: 0.2, normal: 0.1 }], {})).toEqual([undefined]);
  });

  it('gives islands below the smallest volume to the next best class, and leaves larger ones and normal lung', () => {
    const pictureOf = (minimumMl: number) => {
      const voxels = [...'G...GG.GG.....G'].map((sign) => (sign === 'G' ? GGO : NORMAL));
      return decided(voxels, { minimumMl }, 5)
        .map((name) => (name === 'ggo' ? 'G' : '.'))
        .join('');
    };
    expect(pictureOf(1)).toBe('G...GG.GG.....G');
    expect(pictureOf(2)).toBe('G....G.GG......');
    expect(pictureOf(3)).toBe('...............');
  });
});

const NORMAL = { normal: 0.9, ggo: 0.1 };
const GGO = { ggo: 0.8, normal: 0.15 };

describe('decideSeries', () => {
  it('measures shares of regions, and overlaps beside them', () => {
    const voxels = voxelsOf([{ ggo: 0.5, reticulation: 0.4 }, { ggo: 0.6, normal: 0.4 }, { normal: 1 }, { normal: 1 }]);
    const overlap = { classes: ['ggo', 'reticulation'], at: 0.35 } as const;
    expect(Array.from(inOverlap(voxels, overlap))).toEqual([1, 0, 0, 0]);
    const { measurements, overlaps } = decideSeries(voxels, { ...NONE, overlaps: [overlap] }, false);
    expect(measurements.find((row) => row.region === 'RUL' && row.class === 'ggo')).toEqual({
      region: 'RUL',
      class: 'ggo',
      volumeMl: 2,
      percent: 50,
    });
    expect(overlaps.filter(({ region }) => region === 'total' || region === 'LLL')).toEqual([
      { region: 'total', class: 'ggo-and-reticulation', volumeMl: 1, percent: 25 },
      { region: 'LLL', class: 'ggo-and-reticulation', volumeMl: 0, percent: undefined },
    ]);
  });
});

describe('gathered voxels', () => {
  it('measure to what the label maps measure to, and draw the same map', () => {
    const random = createRandom('gathered');
    const size = [24, 20, 12] as const;
    const affine = [0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 1];
    const at = (index: number) => [index % 24, Math.floor(index / 24) % 20, Math.floor(index / 480)] as const;
    const inside = (index: number) => {
      const [x, y, z] = at(index);
      return ((x - 12) / 10) ** 2 + ((y - 10) / 8) ** 2 + ((z - 6) / 5) ** 2 < 1;
    };
    const lobes = {
      size,
      affine,
      labels: Uint8Array.from({ length: 5760 }, (_, i) => (inside(i) ? 1 + (at(i)[0] % 5) : 0)),
    };
    const volume = { size, affine, hu: Int16Array.from(lobes.labels, () => -900 + random() * 400) };
    const box = textureBox(lobes)!;
    const grid = respacedGrid(cropGrid(lobes, box), [1, 1, 1.5]);
    const voxels = grid.size[0] * grid.size[1] * grid.size[2];
    // One class is far ahead of the others everywhere, so that rounding decides nothing.
    const bytes = new Uint8Array(6 * voxels);
    for (let v = 0; v < voxels; v++) bytes[(v % 6) * voxels + v] = 200 + Math.floor(random() * 50);
    const gathered = gatherLungVoxels(lobes, { ...grid, bytes }, volume.hu);
    const { textures, ...measured } = decideSeries(gathered, NONE, true);
    const expected = new Uint8Array(5760);
    const weights = gridWeights(grid, cropGrid(lobes, box));
    for (const index of lobes.labels.keys()) {
      if (!lobes.labels[index]) continue;
      const p = Array.from({ length: 6 }, () => 0);
      forEachCorner(
        weights,
        at(index).map((n, a) => n - box.low[a]!),
        (corner, weight) => {
          const voxel = (corner[2]! * grid.size[1] + corner[1]!) * grid.size[0] + corner[0]!;
          for (const c of p.keys()) p[c]! += weight * bytes[c * voxels + voxel]!;
        },
      );
      expected[index] = p.indexOf(Math.max(...p)) + 1;
    }
    const differing = expected.filter((label, index) => label !== textures[index]).length;
    expect(differing).toBeLessThanOrEqual(3);
    for (const { region, class: name, volumeMl, percent } of measured.measurements) {
      const inRegion = (index: number) => region === 'total' || LOBES[lobes.labels[index]! - 1] === region;
      const all = [...lobes.labels.keys()].filter((index) => lobes.labels[index] && inRegion(index));
      const count = all.filter((index) => textures[index] === TEXTURE_CLASSES.indexOf(name as TextureClass) + 1).length;
      expect(volumeMl).toBeCloseTo((count * 0.7 * 0.7 * 1.5) / 1000, 9);
      expect(percent).toBeCloseTo((100 * count) / all.length, 9);
    }
    expect(measured.measurements).toHaveLength(36);
    expect(measured.overlaps).toEqual([]);
    expect(gathered.lobes.length).toBe(lobes.labels.filter(Boolean).length);
    expect(Array.from(gathered.hu)).toEqual(Array.from(volume.hu).filter((_, index) => lobes.labels[index]));
  });
});

/** The voxels of the coarser grid around a place, with the product of their weights along the axes. */
function forEachCorner(
  weights: readonly AxisWeights[],
  place: readonly number[],
  visit: (corner: number[], weight: number) => void,
): void {
  const along = weights.map(({ first, count, offset, weights: own }, a) =>
    Array.from({ length: count[place[a]!]! }, (_, n) => [first[place[a]!]! + n, own[offset[place[a]!]! + n]!] as const),
  );
  for (const [x, wx] of along[0]!)
    for (const [y, wy] of along[1]!) for (const [z, wz] of along[2]!) visit([x, y, z], wx * wy * wz);
}
