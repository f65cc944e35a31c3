/** The upper and the lower surface of the lungs: which of them rests on the diaphragm, and under which of them lies the liver. */
import type { Resampled } from '../ct/geometry/resample.ts';
import { type LabelMap, spacingMm } from '../ct/geometry/volume.ts';

export interface LungSurfaces {
  /**
   * The diaphragm bulges into the lungs, and the lungs' tips out of the chest: so the farther a place is from the lungs'
   * outline, seen from above, the higher lies their upper surface, and the lower surface does not fall as much. The
   * difference of both correlations, from −2 to 2; a surface that is flat, as where a lung is cut, adds nothing. Undefined
   * where nothing is far from the outline.
   */
  readonly hollowBelow: number | undefined;
  /** Share of fat and gas below each lung: the liver is solid, stomach, colon and the fat around the spleen are not. */
  readonly notSolidBelow: { readonly right: number; readonly left: number } | undefined;
}

/** Nearer to the outline a surface is the lungs' side. */
const FROM_OUTLINE_MM = 9;
/** Below the middle of each lung, so far under its surface. */
const UNDER_MM = { fromOutline: 15, least: 12, most: 45, step: 3 } as const;
const SOLID_FROM_HU = -30;
/** At least this share of the places below each lung must be in view. */
const MIN_IN_VIEW = 0.5;

/** `middle` is the column between right and left. Lobes share the CT's grid. */
export function lungSurfaces(coarse: Resampled, lobes: LabelMap, middle: number): LungSurfaces {
  const [nx, ny, nz] = coarse.size;
  const [dx, dy, dz] = spacingMm(coarse);
  const perSlice = nx * ny;
  /** First and last slice of lung in each column; −1 where there is none. */
  const first = new Int32Array(perSlice).fill(-1);
  const last = new Int32Array(perSlice).fill(-1);
  for (let k = 0, v = 0; k < nz; k++)
    for (let p = 0; p < perSlice; p++, v++) {
      if (!lobes.labels[v]) continue;
      if (first[p]! < 0) first[p] = k;
      last[p] = k;
    }
  const fromOutline = distances(first, [nx, ny], [dx, dy]);
  const inner = [...fromOutline.keys()].filter((p) => fromOutline[p]! > FROM_OUTLINE_MM);
  const distance = inner.map((p) => fromOutline[p]!);
  const lower = correlation(
    distance,
    inner.map((p) => first[p]!),
  );
  const upper = correlation(
    distance,
    inner.map((p) => last[p]!),
  );
  return {
    hollowBelow: inner.length ? lower + upper : undefined,
    notSolidBelow: notSolidBelow(coarse, { first, fromOutline, middle }, dz),
  };
}

interface LowerSurface {
  readonly first: Int32Array;
  readonly fromOutline: Float32Array;
  readonly middle: number;
}

function notSolidBelow(
  { size: [nx, ny], hu }: Resampled,
  { first, fromOutline, middle }: LowerSurface,
  dz: number,
): LungSurfaces['notSolidBelow'] {
  const sides = { right: { asked: 0, seen: 0, notSolid: 0 }, left: { asked: 0, seen: 0, notSolid: 0 } };
  for (let p = 0; p < first.length; p++) {
    if (fromOutline[p]! <= UNDER_MM.fromOutline) continue;
    const side = sides[p % nx < middle ? 'right' : 'left'];
    for (let mm: number = UNDER_MM.least; mm <= UNDER_MM.most; mm += UNDER_MM.step) {
      side.asked++;
      const k = Math.round(first[p]! - mm / dz);
      if (k < 0) continue;
      side.seen++;
      if (hu[k * nx * ny + p]! < SOLID_FROM_HU) side.notSolid++;
    }
  }
  const { right, left } = sides;
  if ([right, left].some(({ asked, seen }) => asked === 0 || seen < MIN_IN_VIEW * asked)) return undefined;
  return { right: right.notSolid / right.seen, left: left.notSolid / left.seen };
}

/** Distance in mm of each pixel that is not −1 from the nearest that is, by steps along and across rows; 0 for those. */
function distances(
  map: Int32Array,
  [nx, ny]: readonly [number, number],
  [dx, dy]: readonly [number, number],
): Float32Array {
  const far = Float32Array.from(map, (value) => (value < 0 ? 0 : Number.POSITIVE_INFINITY));
  const diagonal = Math.hypot(dx, dy);
  /** Two passes of a chamfer (Borgefors, 1986). Beyond the picture's edge nothing is known. */
  const pass = (order: 1 | -1) => {
    for (let n = 0, p = order > 0 ? 0 : far.length - 1; n < far.length; n++, p += order) {
      if (far[p] === 0) continue;
      const i = p % nx;
      const j = Math.floor(p / nx);
      const see = (di: number, dj: number, mm: number) => {
        if (i + di < 0 || i + di >= nx || j + dj < 0 || j + dj >= ny) return;
        far[p] = Math.min(far[p]!, far[p + dj * nx + di]! + mm);
      };
      see(-order, 0, dx);
      see(-1, -order, diagonal);
      see(0, -order, dy);
      see(1, -order, diagonal);
    }
  };
  pass(1);
  pass(-1);
  return far;
}

/** Pearson's r; 0 where either side does not vary. */
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const n = xs.length;
  const meanX = xs.reduce((sum, x) => sum + x, 0) / n;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / n;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (xs[i]! - meanX) ** 2;
    yy += (ys[i]! - meanY) ** 2;
    xy += (xs[i]! - meanX) * (ys[i]! - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
