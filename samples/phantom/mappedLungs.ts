/** Lungs whose shape comes from a lobe map, such as one drawn on a real CT, and deformed lungs. */
import type { LabelMap } from '../../src/kernel/ct/geometry/volume.ts';
import { boxOf } from './grid.ts';
import type { LungShape, Point } from './lungShape.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { CENTRAL_AIRWAY } from './tissues.ts';

/**
 * The lungs of a map with axes along x, y, z: 1–5 in the order of LOBES, CENTRAL_AIRWAY, 0 elsewhere. Their own
 * coordinates start at the middle of the lungs (x, y) and at the level of their bases (z). Throws where the map has no lung.
 */
export function mappedLungs(map: LabelMap): LungShape {
  const { sizeVoxels, spacing } = boxOf(map);
  const [nx, ny, nz] = sizeVoxels;
  const lungs = boundsOf(map, (label) => label > 0 && label !== CENTRAL_AIRWAY);
  if (!lungs) throw new Error('the lobe map has no lung');
  const start = [(lungs.low[0] + lungs.high[0]) / 2, (lungs.low[1] + lungs.high[1]) / 2, lungs.low[2]] as const;
  const toMm = (index: Point): Point => [
    (index[0] - start[0]) * spacing[0],
    (index[1] - start[1]) * spacing[1],
    (index[2] - start[2]) * spacing[2],
  ];
  const high = toMm(lungs.high);
  return {
    lobeAt: (x, y, z) => {
      const i = Math.round(x / spacing[0] + start[0]);
      const j = Math.round(y / spacing[1] + start[1]);
      const k = Math.round(z / spacing[2] + start[2]);
      return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? 0 : map.labels[(k * ny + j) * nx + i]!;
    },
    hasAirways: map.labels.includes(CENTRAL_AIRWAY),
    leavesRoom: true,
    heightMm: high[2],
    carina: [0, 15, 0.6 * high[2]],
    low: toMm(lungs.low),
    high,
  };
}

/** The same lungs stretched by up to a tenth along each axis and bent by a few mm. Never mirrored: sides are anatomy. */
export function deformLungs(lungs: LungShape, random: Random): LungShape {
  const stretch = [random.between(0.92, 1.1), random.between(0.92, 1.1), random.between(0.9, 1.1)] as const;
  const bendMm = random.between(1, 5);
  const bends = [smoothNoise(random, 70), smoothNoise(random, 70), smoothNoise(random, 70)] as const;
  /** Where a point of the deformed lungs lies in the original ones. */
  const origin = (x: number, y: number, z: number): Point => [
    x / stretch[0] + bendMm * bends[0](x, y, z),
    y / stretch[1] + bendMm * bends[1](x, y, z),
    z / stretch[2] + bendMm * bends[2](x, y, z),
  ];
  const deformed = (point: Point): Point => {
    let at: Point = point.map((p, a) => p * stretch[a]!) as unknown as Point;
    for (let step = 0; step < 4; step++) {
      const from = origin(...at);
      at = at.map((p, a) => p + (point[a]! - from[a]!) * stretch[a]!) as unknown as Point;
    }
    return at;
  };
  const reach = 3 * bendMm;
  return {
    ...lungs,
    lobeAt: (x, y, z) => lungs.lobeAt(...origin(x, y, z)),
    heightMm: lungs.heightMm * stretch[2],
    carina: deformed(lungs.carina),
    low: lungs.low.map((p, a) => p * stretch[a]! - reach) as unknown as Point,
    high: lungs.high.map((p, a) => p * stretch[a]! + reach) as unknown as Point,
  };
}

interface Bounds {
  readonly low: Point;
  readonly high: Point;
}

/** Voxel bounds of the accepted labels. */
function boundsOf({ labels, size }: LabelMap, accepted: (label: number) => boolean): Bounds | undefined {
  const [nx, ny, nz] = size;
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) {
        if (labels[index] === 0 || !accepted(labels[index]!)) continue;
        for (const [a, value] of [i, j, k].entries()) {
          low[a] = Math.min(low[a]!, value);
          high[a] = Math.max(high[a]!, value);
        }
      }
  if (high[0]! < 0) return undefined;
  return { low: low as unknown as Point, high: high as unknown as Point };
}
