/** Decided voxels and what they measure to, against a recomputation voxel by voxel that shares no code with the program. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { decideSeries } from '../../../src/kernel/lungs/decideSeries.ts';
import type { Decisions } from '../../../src/kernel/lungs/decisions.ts';
import type { LungVoxels } from '../../../src/kernel/lungs/lungVoxels.ts';
import { LOBAR_REGIONS, LOBES, TEXTURE_CLASSES } from '../../../src/protocol/names.ts';

const SIZE = [11, 9, 7] as const;
const [NX, NY, NZ] = SIZE;
/** 2 × 2 × 2.5 mm. */
const AFFINE = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2.5, 0, 0, 0, 0, 1];
const ML = 0.01;
const FULL = 65535;
const [NORMAL, EMPHYSEMA] = [0, 5];

interface Voxel {
  /** Place in the grid. */
  readonly index: number;
  readonly lobe: number;
  readonly p: readonly number[];
  readonly hu: number;
}

type Random = ReturnType<typeof createRandom>;

/** Lung with holes in it; neighbours along x often alike, so that islands of every size come about. */
function makeChest(random: Random): Voxel[] {
  let p: number[] = [];
  return Array.from({ length: NX * NY * NZ }, (_, index) => index).flatMap((index) => {
    if (random() < 0.12) return [];
    if (p.length === 0 || random() < 0.4) {
      const weights = TEXTURE_CLASSES.map(() => random() ** 4);
      // Sometimes a share is left for "none of the six".
      const whole = weights.reduce((a, b) => a + b) * (random() < 0.2 ? 2.5 : 1);
      p = weights.map((weight) => Math.floor((FULL * weight) / whole));
    }
    return [{ index, lobe: 1 + Math.floor(random() * 5), p, hu: Math.round(-1000 + random() * 300) }];
  });
}

function makeDecisions(random: Random): Decisions {
  const byDensity = random() < 0.4;
  const share = random() < 0.1 ? 1 : 0.4;
  const thresholds = Object.fromEntries(
    TEXTURE_CLASSES.flatMap((name, c) =>
      random() < share && !(byDensity && c === EMPHYSEMA) ? [[name, random.between(0.05, 1)] as const] : [],
    ),
  );
  return {
    thresholds,
    ...(byDensity ? { emphysemaBelowHu: -900 } : {}),
    ...(random() < 0.6 ? { minimumMl: ML * Math.floor(random.between(1, 9)) } : {}),
    overlaps: [{ classes: ['ggo', 'reticulation'], at: random.between(0.05, 0.5) }],
  };
}

/** −1 for none of the six. */
function classByHand({ p, hu }: Voxel, { thresholds, emphysemaBelowHu }: Decisions, except = -2): number {
  if (emphysemaBelowHu !== undefined && hu < emphysemaBelowHu && except !== EMPHYSEMA) return EMPHYSEMA;
  const by = (classes: readonly number[], value: (c: number) => number) =>
    classes.filter((c) => c !== except).sort((a, b) => value(b) - value(a) || a - b)[0];
  const threshold = (c: number) => thresholds[TEXTURE_CLASSES[c]!];
  const all = TEXTURE_CLASSES.map((_, c) => c);
  const reached = all.filter((c) => threshold(c) !== undefined && p[c]! >= threshold(c)! * FULL);
  const first = by(reached, (c) => p[c]! / (threshold(c)! * FULL));
  if (first !== undefined) return first;
  const isByDensity = (c: number) => emphysemaBelowHu !== undefined && c === EMPHYSEMA;
  const free = all.filter((c) => threshold(c) === undefined && !isByDensity(c));
  const rest = free.length ? free : all.filter((c) => !isByDensity(c));
  const best = by(rest, (c) => p[c]!);
  const none = FULL - p.reduce((a, b) => a + b);
  return best !== undefined && (p[best]! >= FULL / 2 || p[best]! >= none) ? best : -1;
}

/** Classes after islands that are too small went to the next best. */
function classesByHand(chest: readonly Voxel[], decisions: Decisions): number[] {
  const first = chest.map((voxel) => classByHand(voxel, decisions));
  if (!decisions.minimumMl) return first;
  const at = new Map(chest.map(({ index }, n) => [index, n]));
  const neighbours = (n: number) => {
    const { index } = chest[n]!;
    const [x, y, z] = [index % NX, Math.floor(index / NX) % NY, Math.floor(index / NX / NY)];
    return [
      ...(x > 0 ? [index - 1] : []),
      ...(x < NX - 1 ? [index + 1] : []),
      ...(y > 0 ? [index - NX] : []),
      ...(y < NY - 1 ? [index + NX] : []),
      ...(z > 0 ? [index - NX * NY] : []),
      ...(z < NZ - 1 ? [index + NX * NY] : []),
    ].flatMap((other) => at.get(other) ?? []);
  };
  return first.map((own, n) => {
    if (own < 0 || own === NORMAL) return own;
    const island = new Set([n]);
    for (const member of island) for (const other of neighbours(member)) if (first[other] === own) island.add(other);
    return island.size * ML < decisions.minimumMl! - 1e-9 ? classByHand(chest[n]!, decisions, own) : own;
  });
}

/** The same chest as the program holds it. */
function asLungVoxels(chest: readonly Voxel[]): LungVoxels {
  const runs: number[] = [];
  for (const [n, { index }] of chest.entries())
    if (n && index === chest[n - 1]!.index + 1 && index % NX) runs[runs.length - 1]!++;
    else runs.push(index, 1);
  return {
    size: SIZE,
    affine: AFFINE,
    runs: Int32Array.from(runs),
    lobes: Uint8Array.from(chest, ({ lobe }) => lobe),
    classes: TEXTURE_CLASSES,
    probabilities: Uint16Array.from(TEXTURE_CLASSES.flatMap((_, c) => chest.map(({ p }) => p[c]!))),
    best: Uint8Array.from(chest, (voxel) => classByHand(voxel, { thresholds: {}, overlaps: [] }) + 1),
    hu: Int16Array.from(chest, ({ hu }) => hu),
  };
}

describe('decided voxels', () => {
  it('are those that a recomputation by hand gives, as are volumes, percentages, overlaps and areas', () => {
    const random = createRandom('by hand');
    for (let round = 0; round < 50; round++) {
      const chest = makeChest(random);
      const decisions = makeDecisions(random);
      const expected = classesByHand(chest, decisions);
      const { textures, measurements, overlaps, axialPercent } = decideSeries(asLungVoxels(chest), decisions, true);
      expect(chest.map(({ index }) => textures[index]! - 1)).toEqual(expected);
      expect(textures.reduce((sum, label) => sum + (label ? 1 : 0), 0)).toBe(expected.filter((c) => c >= 0).length);

      const lungInSlice = Array.from(
        { length: NZ },
        (_, z) => chest.filter(({ index }) => Math.floor(index / NX / NY) === z).length,
      );
      const { at } = decisions.overlaps[0]!;
      for (const region of LOBAR_REGIONS) {
        const inside = chest.flatMap(({ lobe }, n) => (region === 'total' || LOBES[lobe - 1] === region ? [n] : []));
        const check = (row: { volumeMl: number; percent: number | undefined } | undefined, counted: number[]) => {
          expect(row?.volumeMl).toBeCloseTo(counted.length * ML, 9);
          expect(row?.percent).toBeCloseTo((100 * counted.length) / inside.length, 9);
        };
        for (const [c, name] of TEXTURE_CLASSES.entries()) {
          const counted = inside.filter((n) => expected[n] === c);
          check(
            measurements.find((row) => row.region === region && row.class === name),
            counted,
          );
          const areas = lungInSlice.map(
            (_, z) => counted.filter((n) => Math.floor(chest[n]!.index / NX / NY) === z).length,
          );
          const percents = areas.map((area) => Number(((100 * area) / Math.max(...lungInSlice)).toFixed(2)));
          expect(axialPercent[region]![name]).toEqual(percents);
        }
        check(
          overlaps.find((row) => row.region === region),
          inside.filter((n) => chest[n]!.p[1]! >= at * FULL && chest[n]!.p[3]! >= at * FULL),
        );
        const none = inside.filter((n) => expected[n]! < 0).length;
        const sum = measurements.reduce((all, row) => all + (row.region === region ? row.percent! : 0), 0);
        expect(sum).toBeCloseTo(100 - (100 * none) / inside.length, 6);
      }
    }
  }, 60_000);
});
