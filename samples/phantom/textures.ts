/**
 * The parenchyma in Hounsfield units, one drawing per texture, after the Fleischner Society glossaries (Hansell et al.
 * 2008; Bankier et al. 2024). Densities of normal lung follow real lungs: a median near −890 HU, denser dependently.
 */
import { TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { cells, smoothNoise, tubes } from './noise.ts';
import type { Random } from './random.ts';

export interface Parenchyma {
  /** HU at a point in mm; `groundGlass` (0–1) is how much of the patient's ground glass opacity lies there. */
  huAt(texture: number, x: number, y: number, z: number, groundGlass: number): number;
}

const LABEL = Object.fromEntries(TEXTURE_CLASSES.map((name, index) => [name, index + 1])) as Record<
  TextureClass,
  number
>;
/** Depth of the chest from its middle to its back or front in mm, for the gravity gradient. */
const HALF_DEPTH_MM = 90;
/** Denser lung hides its vessels, and is called consolidation. */
const DENSEST_GROUND_GLASS_HU = -220;

/** Draws one patient's parenchyma: each patient has an own density, gravity gradient, cell sizes and line widths. */
export function drawParenchyma(random: Random): Parenchyma {
  const fine = smoothNoise(random, random.between(1.3, 2.2));
  const medium = smoothNoise(random, random.between(5, 9));
  const broad = smoothNoise(random, random.between(25, 50));
  const normalAt = normalLung(random.fork('normal'), fine, medium, broad);
  const reticulationAt = reticulation(random.fork('reticulation'), medium);
  const honeycombingAt = honeycombing(random.fork('honeycombing'), fine);
  const emphysemaAt = emphysema(random.fork('emphysema'), fine);
  const consolidationAt = consolidation(random.fork('consolidation'), fine, medium);
  const groundGlassAt = groundGlass(random.fork('groundGlass'), fine, medium);
  return {
    huAt(texture, x, y, z, groundGlass) {
      if (texture === LABEL.honeycombing) return honeycombingAt(x, y, z);
      if (texture === LABEL.consolidation) return consolidationAt(x, y, z);
      const normal = normalAt(x, y, z);
      if (texture === LABEL.reticulation) return reticulationAt(normal, x, y, z);
      if (texture === LABEL.emphysema) return emphysemaAt(normal, x, y, z);
      return groundGlass > 0 ? normal + groundGlass * groundGlassAt(normal, x, y, z) : normal;
    },
  };
}

type Point = (x: number, y: number, z: number) => number;
type OnNormal = (normal: number, x: number, y: number, z: number) => number;

/** 1 up to `halfWidth` from a line, falling to 0 over 0.7 mm. */
function within(distance: number, halfWidth: number): number {
  return Math.min(1, Math.max(0, (halfWidth + 0.35 - distance) / 0.7));
}

function normalLung(random: Random, fine: Point, medium: Point, broad: Point): Point {
  const frontHu = random.between(-930, -860);
  const gravity = random.between(10, 90);
  const dependent = random.between(0, 130);
  const fineHu = random.between(6, 24);
  const mediumHu = random.between(5, 18);
  const broadHu = random.between(3, 15);
  return (x, y, z) => {
    const m = medium(x, y, z);
    const sunk = Math.max(0, y - 50 + 12 * m) / 40;
    return (
      frontHu +
      (gravity * (y + HALF_DEPTH_MM)) / (2 * HALF_DEPTH_MM) +
      dependent * Math.min(1, sunk * sunk) +
      fineHu * fine(x, y, z) +
      mediumHu * m +
      broadHu * broad(x, y, z)
    );
  };
}

/** An irregular fine net of intralobular lines and some interlobular septa, broken in places, on lung that is hardly denser than it was, with widened bronchi. */
function reticulation(random: Random, medium: Point): OnNormal {
  const net = cells(random, random.between(3.2, 6));
  const septa = cells(random, random.between(11, 18));
  const bronchi = tubes(random, random.between(14, 24));
  const bend = random.between(0.4, 1.4);
  const lineMm = random.between(0.35, 0.75);
  const lineHu = random.between(-330, 0);
  const groundHu = random.between(20, 150);
  const gaps = random.between(0.2, 0.6);
  const lumenMm = random.between(0.6, 1.8);
  return (normal, x, y, z) => {
    const m = medium(x, y, z);
    const shift = bend * m;
    const strength = Math.min(1, Math.max(0.1, 1 - gaps * (0.6 + 0.8 * m)));
    const fineLine = within(net(x + shift, y - shift, z + shift).wallMm, lineMm) * strength;
    const line = Math.max(fineLine, within(septa(x - shift, y + shift, z).wallMm, lineMm * 0.9));
    const ground = normal + groundHu + 25 * m;
    const hu = ground + (lineHu - ground) * line;
    const bronchus = bronchi(x, y, z);
    if (bronchus > lumenMm + 1.2) return hu;
    const wall = hu + (Math.max(hu, -120) - hu) * within(bronchus, lumenMm + 0.8);
    return wall + (-940 - wall) * within(bronchus, lumenMm);
  };
}

/** Rounded cysts of 3–10 mm, stacked wall to wall, with thick shared walls of fibrosis; a few cells are filled by it. */
function honeycombing(random: Random, fine: Point): Point {
  const cellMm = random.between(4.5, 10.5);
  const cysts = cells(random, cellMm);
  const wallMm = random.between(0.5, 1.1);
  const wallHu = random.between(-150, 50);
  const cystHu = random.between(-1000, -925);
  const filled = random.between(0, 0.15);
  const roundMm = cellMm * random.between(0.5, 0.65);
  return (x, y, z) => {
    const { wallMm: fromWall, centreMm, own } = cysts(x, y, z);
    if (own < filled) return wallHu + 25 * fine(x, y, z);
    const wall = Math.max(within(fromWall, wallMm), 1 - within(centreMm, roundMm));
    return cystHu + 20 * own + 8 * fine(x, y, z) + (wallHu - cystHu) * wall;
  };
}

/** Low attenuation without walls of its own, as one of two forms. */
function emphysema(random: Random, fine: Point): OnNormal {
  return random.chance(0.5) ? centrilobular(random, fine) : confluent(random, fine);
}

/** Holes in the middle of the lobules, with lung between them, up to nearly touching; fewer or smaller ones are called normal. */
function centrilobular(random: Random, fine: Point): OnNormal {
  const cellMm = random.between(7, 14);
  const lobules = cells(random, cellMm);
  const holeHu = random.between(-1000, -965);
  const radiusMm = cellMm * random.between(0.4, 0.62);
  const softMm = random.between(0.5, 1.5);
  return (normal, x, y, z) => {
    const { centreMm, own } = lobules(x, y, z);
    const hole = Math.min(1, Math.max(0, (radiusMm * (0.7 + 0.6 * own) - centreMm) / softMm + 0.5));
    return normal + (holeHu + 6 * fine(x, y, z) - normal) * hole;
  };
}

/** Panlobular, confluent and paraseptal emphysema: hardly any lung left, strands of it, in some patients thin septa as of bullae. */
function confluent(random: Random, fine: Point): OnNormal {
  const holes = cells(random, random.between(8, 20));
  const holeHu = random.between(-995, -950);
  const strandMm = random.between(0.1, 0.6);
  const strand = random.between(0.2, 1);
  const septumHu = random.chance(0.3) ? random.between(0, 250) : 0;
  return (normal, x, y, z) => {
    const share = strand * within(holes(x, y, z).wallMm, strandMm);
    return holeHu + 6 * fine(x, y, z) + (Math.max(normal, -900) + septumHu - holeHu) * share;
  };
}

/**
 * HU that ground glass adds: from hardly any to where consolidation begins, uneven as lobules and their parts differ, in
 * some patients with fine lines of low contrast (crazy paving), which do not make it reticulation.
 */
function groundGlass(random: Random, fine: Point, medium: Point): OnNormal {
  const addedHu = random.between(110, 560);
  const spread = random.between(0.05, 0.3);
  const fineSpread = random.between(0.02, 0.15);
  const paving = random.chance(0.35)
    ? {
        net: cells(random, random.between(3.2, 8)),
        lineMm: random.between(0.2, 0.6),
        lineHu: random.between(40, 200),
      }
    : undefined;
  return (normal, x, y, z) => {
    const added = addedHu * (1 + spread * medium(x, y, z) + fineSpread * fine(x, y, z));
    const line = paving ? paving.lineHu * within(paving.net(x, y, z).wallMm, paving.lineMm) : 0;
    return Math.min(added + line, DENSEST_GROUND_GLASS_HU - normal);
  };
}

/** Dense enough to hide the vessels, uneven, with air-filled bronchi in some patients. */
function consolidation(random: Random, fine: Point, medium: Point): Point {
  const hu = random.between(-280, 55);
  const spread = random.between(8, 60);
  const fineHu = random.between(8, 40);
  const bronchi = tubes(random, random.between(16, 30));
  const lumenMm = random.chance(0.7) ? random.between(0.4, 1.5) : -1;
  return (x, y, z) => {
    const dense = hu + spread * medium(x, y, z) + fineHu * fine(x, y, z);
    return lumenMm < 0 ? dense : dense + (-900 - dense) * within(bronchi(x, y, z), lumenMm);
  };
}
