/** Where the things between the lungs find their place: landmarks of any lungs, drawn or mapped, by looking at their inner surfaces. */
import type { LungShape, Point } from './lungShape.ts';
import { CENTRAL_AIRWAY } from './tissues.ts';

const ROW_MM = 5;
const COLUMN_MM = 3;
/** How far from the middle an inner surface is looked for; where a row has no lung, the room is taken to be this wide. */
const REACH_MM = 72;
/** An inner surface lies at most this far beyond the middle, on the other lung's side. */
const BEYOND_MM = 36;
/** Centre of a vertebral body from the lungs' hindmost points, and its half width: measured on adults' CT, T6–T8. */
const VERTEBRA_FROM_BACK_MM = 36;
/** Shares of the lungs' height between which their backs show where the spine lies. */
const SPINE_KNOWN = [0.35, 0.88] as const;
/** The spine runs smoothly: levels are blended over this many rows to either side. */
const SPINE_ROWS = 7;
/** Share of the lungs' height below which the carina lies: .60 to .76 in the 35 lobe maps at hand. */
const CARINA_BELOW = 0.82;
/** A trachea is narrower than this, and a level with two main bronchi is wider. */
const PARTED_MM = 27;
/** Vertebral centre to sternum at the carina in the adult that the offsets of `at` were measured on. */
const USUAL_DEPTH_MM = 139;
const USUAL_HEIGHT_MM = 265;

export interface Landmarks {
  readonly carina: Point;
  readonly apexZ: number;
  readonly baseZ: number;
  /** Highest points of the diaphragm, right and left, above which the lungs go on. */
  readonly domeZ: readonly [right: number, left: number];
  /** Centre of the vertebral bodies at a level; also beyond the lungs. */
  readonly spine: (z: number) => readonly [x: number, y: number];
  /** The foremost lung at a level: where the sternum begins. */
  readonly frontY: (z: number) => number;
  /** x of the right lung's and the left lung's inner surface. */
  readonly edges: (y: number, z: number) => readonly [right: number, left: number];
  /** A point by its offset from the carina (y, z) and the spine (x), in mm of a usual adult, scaled to these lungs. */
  readonly at: (x: number, y: number, z: number) => Point;
  /** The uppermost airway that the lungs know; the carina where they know none. */
  readonly tracheaTop: Point;
  /** The end of each lobe's bronchus in a map that has airways, in the order of LOBES. */
  readonly bronchusEnds: readonly (Point | undefined)[];
}

interface Survey {
  readonly rows: number;
  readonly levels: number;
  readonly edges: readonly [right: Float32Array, left: Float32Array];
  readonly back: Float32Array;
  readonly front: Float32Array;
  readonly centres: readonly Point[];
  readonly airways: readonly Point[];
}

export function landmarksOf(shape: LungShape): Landmarks {
  const survey = surveyLungs(shape);
  const { rows, levels, back, front } = survey;
  const zOf = (level: number) => shape.low[2] + level * ROW_MM;
  const backAt = blended(back, SPINE_ROWS);
  const frontAt = blended(front, 2);
  const level = (z: number) => Math.min(levels - 1, Math.max(0, (z - shape.low[2]) / ROW_MM));
  const known = Array.from(back, Number.isFinite);
  const baseZ = zOf(Math.max(0, known.indexOf(true)));
  const apexZ = zOf(Math.max(0, known.lastIndexOf(true)));
  const edges = (y: number, z: number): readonly [number, number] => {
    const v = Math.min(rows - 1.001, Math.max(0, (y - shape.low[1]) / ROW_MM));
    const w = Math.min(levels - 1.001, Math.max(0, (z - shape.low[2]) / ROW_MM));
    return [bilinear(survey.edges[0], rows, v, w), bilinear(survey.edges[1], rows, v, w)];
  };
  const carina = carinaOf(shape, survey);
  const spineX = spineXOf(survey, shape, backAt);
  // At bases and apices the lungs no longer reach as far back beside the spine.
  const [lowest, highest] = SPINE_KNOWN.map((share) => baseZ + share * (apexZ - baseZ)) as [number, number];
  const spine = (z: number): readonly [number, number] => [
    spineX,
    between(backAt, level(clamp(z, lowest, highest))) - VERTEBRA_FROM_BACK_MM,
  ];
  const frontY = (z: number) => between(frontAt, level(z));
  const [, spineY] = spine(carina[2]);
  const depth = clamp((spineY - frontY(carina[2])) / USUAL_DEPTH_MM, 0.72, 1.15);
  const height = clamp((apexZ - baseZ) / USUAL_HEIGHT_MM, 0.75, 1.12);
  return {
    ...{ carina, apexZ, baseZ, spine, frontY, edges },
    domeZ: [domeOf(shape, -1, baseZ, apexZ), domeOf(shape, 1, baseZ, apexZ)],
    at: (x, y, z) => [spineX + x, carina[1] + y * depth, carina[2] + z * height],
    tracheaTop: survey.airways.reduce((top, point) => (point[2] > top[2] ? point : top), carina),
    bronchusEnds: survey.centres.map((centre) => nearestTo(centre, survey.airways)),
  };
}

function surveyLungs({ low, high, lobeAt }: LungShape): Survey {
  const rows = Math.ceil((high[1] - low[1]) / ROW_MM) + 1;
  const levels = Math.ceil((high[2] - low[2]) / ROW_MM) + 1;
  const right = new Float32Array(rows * levels).fill(-REACH_MM);
  const left = new Float32Array(rows * levels).fill(REACH_MM);
  const back = new Float32Array(levels).fill(Number.NaN);
  const front = new Float32Array(levels).fill(Number.NaN);
  const sums = Array.from({ length: 5 }, () => [0, 0, 0, 0]);
  const airways: Point[] = [];
  const see = (x: number, y: number, z: number): number => {
    const lobe = lobeAt(x, y, z);
    if (lobe === CENTRAL_AIRWAY) airways.push([x, y, z]);
    return lobe;
  };
  for (let w = 0; w < levels; w++)
    for (let v = 0; v < rows; v++) {
      const [y, z] = [low[1] + v * ROW_MM, low[2] + w * ROW_MM];
      for (let x = BEYOND_MM; x >= -REACH_MM; x -= COLUMN_MM) {
        const lobe = see(x, y, z);
        if (lobe < 1 || lobe > 3) continue;
        right[w * rows + v] = x;
        break;
      }
      for (let x = -BEYOND_MM; x <= REACH_MM; x += COLUMN_MM) {
        const lobe = see(x, y, z);
        if (lobe !== 4 && lobe !== 5) continue;
        left[w * rows + v] = x;
        break;
      }
      // Lung beside the midline and lung in the outer part of the chest say how far it reaches to back and front.
      for (const x of [-100, -75, -50, -30, 30, 50, 75, 100]) {
        const lobe = lobeAt(x, y, z);
        if (lobe < 1 || lobe > 5) continue;
        back[w] = Number.isNaN(back[w]!) ? y : Math.max(back[w]!, y);
        front[w] = Number.isNaN(front[w]!) ? y : Math.min(front[w]!, y);
        const sum = sums[lobe - 1]!;
        for (const [axis, value] of [x, y, z, 1].entries()) sum[axis]! += value;
      }
    }
  const centres = sums.map(([x, y, z, n]) => [x! / n!, y! / n!, z! / n!] as const);
  return { rows, levels, edges: [right, left], back, front, centres, airways };
}

/**
 * The map's own carina, where its airways part: the highest level at which they reach to both sides, below the larynx and
 * whatever air of the neck a map counts as airway; else the shape's.
 */
function carinaOf(shape: LungShape, { airways }: Survey): Point {
  const highest = shape.low[2] + CARINA_BELOW * (shape.high[2] - shape.low[2]);
  const levels = new Map<number, [low: number, high: number, y: number, n: number]>();
  for (const [x, y, z] of airways) {
    const extent = levels.get(z) ?? [x, x, 0, 0];
    levels.set(z, [Math.min(extent[0], x), Math.max(extent[1], x), extent[2] + y, extent[3] + 1]);
  }
  const parted = [...levels]
    .filter(([z, [low, high]]) => z < highest && high - low > PARTED_MM)
    .sort(([a], [b]) => b - a)[0];
  if (!parted) return shape.carina;
  const [z, [low, high, y, n]] = parted;
  return [(low + high) / 2, y / n, z];
}

/** The middle between the lungs beside the vertebral bodies, over the middle levels. */
function spineXOf({ rows, levels, edges }: Survey, shape: LungShape, backAt: Float32Array): number {
  const middles: number[] = [];
  for (let w = Math.round(levels * 0.4); w < levels * 0.8; w++)
    for (const fromBack of [26, 31, 36]) {
      const v = Math.round((backAt[w]! - fromBack - shape.low[1]) / ROW_MM);
      const [right, left] = [edges[0][w * rows + v]!, edges[1][w * rows + v]!];
      if (right > -REACH_MM && left < REACH_MM) middles.push((right + left) / 2);
    }
  return middles.sort((a, b) => a - b)[middles.length >> 1] ?? 0;
}

/** The diaphragm's dome of a side: the highest of the lungs' lowest points away from heart and chest wall. */
function domeOf(shape: LungShape, side: -1 | 1, baseZ: number, apexZ: number): number {
  const lowest: number[] = [];
  // The heart lies under the left lung up to 65 mm from the middle.
  for (let x = side < 0 ? 50 : 68; x <= 98; x += 9)
    for (let y = -45; y <= 30; y += 15)
      for (let z = baseZ; z < (baseZ + apexZ) / 2; z += ROW_MM) {
        const lobe = shape.lobeAt(side * x, y, z);
        if (lobe < 1 || lobe > 5) continue;
        lowest.push(z);
        break;
      }
  lowest.sort((a, b) => a - b);
  return lowest[Math.floor(lowest.length * 0.8)] ?? baseZ + 30;
}

function nearestTo([x, y, z]: Point, points: readonly Point[]): Point | undefined {
  let least = Infinity;
  let found: Point | undefined;
  for (const point of points) {
    const distance = Math.hypot(point[0] - x, point[1] - y, point[2] - z);
    if (distance >= least) continue;
    least = distance;
    found = point;
  }
  return found;
}

/** Running mean over the known values; unknown ones take their nearest known neighbour's. */
function blended(values: Float32Array, reach: number): Float32Array {
  const known = [...values.keys()].filter((n) => Number.isFinite(values[n]!));
  return values.map((_, n) => {
    const near = known.filter((m) => Math.abs(m - n) <= reach);
    const chosen = near.length > 0 ? near : [n < (known[0] ?? 0) ? (known[0] ?? 0) : (known.at(-1) ?? 0)];
    return chosen.reduce((sum, m) => sum + values[m]!, 0) / chosen.length;
  });
}

function between(values: Float32Array, position: number): number {
  const n = Math.min(values.length - 2, Math.floor(position));
  return values[n]! + (values[n + 1]! - values[n]!) * (position - n);
}

function bilinear(values: Float32Array, rows: number, v: number, w: number): number {
  const [j, k] = [Math.floor(v), Math.floor(w)];
  const [fv, fw] = [v - j, w - k];
  const row = (m: number) => values[m * rows + j]! * (1 - fv) + values[m * rows + j + 1]! * fv;
  return row(k) * (1 - fw) + row(k + 1) * fw;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
