/** A whole chest without disease: lungs with five lobes, bronchi and vessels, and the body around them, on any axis-aligned grid. */
import type { Grid, GridSize } from '../../src/kernel/ct/geometry/volume.ts';
import { LOBES } from '../../src/protocol/names.ts';
import { drawBody } from './body.ts';
import { drawDevices } from './devices.ts';
import { boxOf, gridAround, visitTube } from './grid.ts';
import { type Landmarks, landmarksOf } from './landmarks.ts';
import { drawLungShape, type LungShape, type Point } from './lungShape.ts';
import { drawMediastinum } from './mediastinum.ts';
import { createRandom, type Random } from './random.ts';
import { type Anatomy, CENTRAL_AIRWAY, TISSUE } from './tissues.ts';
import { type Branches, growTree, type Tube } from './tree.ts';

export interface AnatomyOptions {
  readonly seed: number | string;
  readonly arms?: boolean;
  /** The lungs to draw the chest around; the seed's own where none are given. */
  readonly lungs?: LungShape;
}

/** Spacing in mm at which the body around the lungs is drawn before it is sampled on the wanted grid. */
const BODY_SPACING_MM = 3;

/** Draws the chest of `options.seed` on a grid whose origin is in the chest's own coordinates (see LungShape's Point). */
export function drawAnatomy(options: AnatomyOptions, grid: Grid): Anatomy {
  const random = createRandom(options.seed);
  const shape = options.lungs ?? lungsOf(options.seed);
  const lobes = drawLobes(shape, grid);
  const marks = landmarksOf(shape);
  const tissues = sampleBody(shape, grid, lobes, marks, random.fork('body'), options.arms ?? false);
  const anatomy = { ...grid, tissues, lobes, vesselShare: new Uint8Array(tissues.length) };
  const roots = drawMediastinum(shape, marks, anatomy, random.fork('mediastinum'));
  drawDevices(marks, anatomy, random.fork('devices'));
  for (const part of ['arteries', 'veins'] as const)
    drawVessels(anatomy, lobarTrees(shape, roots[part], random.fork(part), TREES[part]));
  drawBronchi(anatomy, lobarTrees(shape, roots.bronchi, random.fork('bronchi'), TREES.bronchi));
  return anatomy;
}

/** The drawn lungs of a seed. */
export function lungsOf(seed: number | string): LungShape {
  return drawLungShape(createRandom(seed).fork('lungs'));
}

/** A grid that holds the lungs with a margin: `fieldOfViewMm` wide, from below the bases to above the apices. */
export function chestGrid(
  lungs: LungShape,
  fieldOfViewMm: number,
  columns: number,
  sliceSpacingMm: number,
  marginMm = 18,
): Grid {
  const pixel = fieldOfViewMm / columns;
  const height = lungs.heightMm - lungs.low[2] + 2 * marginMm;
  const slices = Math.round(height / sliceSpacingMm);
  const centreZ = (lungs.heightMm + lungs.low[2]) / 2;
  return gridAround([0, 8, centreZ], [columns, columns, slices], [pixel, pixel, sliceSpacingMm]);
}

function drawLobes(shape: LungShape, grid: Grid): Uint8Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = size;
  const lobes = new Uint8Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    if (z < shape.low[2] || z > shape.high[2]) continue;
    for (let j = 0; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      if (y < shape.low[1] || y > shape.high[1]) continue;
      for (let i = 0; i < nx; i++) {
        const x = origin[0] + i * spacing[0];
        if (x < shape.low[0] || x > shape.high[0]) continue;
        lobes[(k * ny + j) * nx + i] = shape.lobeAt(x, y, z);
      }
    }
  }
  return lobes;
}

/** The body at its own coarse spacing; where the fine grid has no lung, the 27 coarse voxels around a point vote by their nearness. */
function sampleBody(
  shape: LungShape,
  grid: Grid,
  lobes: Uint8Array,
  marks: Landmarks,
  random: Random,
  arms: boolean,
): Uint8Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = size;
  const coarseSize = size.map((n, a) =>
    Math.max(3, Math.ceil((n * spacing[a]!) / BODY_SPACING_MM)),
  ) as unknown as GridSize;
  const centre = size.map((n, a) => origin[a]! + ((n - 1) * spacing[a]!) / 2) as unknown as Point;
  const coarse = gridAround(centre, coarseSize, [BODY_SPACING_MM, BODY_SPACING_MM, BODY_SPACING_MM]);
  const body = drawBody(coarse, drawLobes(shape, coarse), marks, random, { arms });
  const from = boxOf(coarse);
  const near = (axis: 0 | 1 | 2) =>
    Array.from({ length: size[axis] }, (_, index) =>
      nearness((origin[axis] + index * spacing[axis] - from.origin[axis]) / BODY_SPACING_MM, coarseSize[axis]),
    );
  const [columns, rows, slices] = [near(0), near(1), near(2)];
  const tissueAt = tissueVote(body, coarseSize);
  const tissues = new Uint8Array(lobes.length);
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) {
        const lobe = lobes[index]!;
        if (lobe === 0) tissues[index] = tissueAt(columns[i]!, rows[j]!, slices[k]!);
        else tissues[index] = lobe === CENTRAL_AIRWAY ? TISSUE.airwayLumen : TISSUE.lung;
      }
  return tissues;
}

/** The nearest of some voxels, and the weights of it and its two neighbours: a quadratic B-spline, which rounds the corners of voxels. */
interface Nearness {
  readonly nearest: number;
  readonly weights: readonly [number, number, number];
}

function nearness(position: number, count: number): Nearness {
  const nearest = Math.min(count - 2, Math.max(1, Math.round(position)));
  const t = Math.min(0.5, Math.max(-0.5, position - nearest));
  return { nearest, weights: [0.5 * (0.5 - t) ** 2, 0.75 - t * t, 0.5 * (0.5 + t) ** 2] };
}

/** The tissue with the most weight around a point. Lung and trachea have no vote: the fine grid knows where they are. */
function tissueVote(body: Uint8Array, [nx, ny, nz]: GridSize): (x: Nearness, y: Nearness, z: Nearness) => number {
  const alike = new Uint8Array(body.length);
  for (let k = 1; k < nz - 1; k++)
    for (let j = 1; j < ny - 1; j++)
      for (let i = 1; i < nx - 1; i++) {
        const index = (k * ny + j) * nx + i;
        alike[index] = 1;
        forNeighbours(index, (neighbour) => {
          if (body[neighbour] !== body[index]) alike[index] = 0;
        });
      }
  const votes = new Float64Array(Object.keys(TISSUE).length);
  return (x, y, z) => {
    const index = (z.nearest * ny + y.nearest) * nx + x.nearest;
    if (alike[index] && body[index] !== TISSUE.lung) return body[index]!;
    votes.fill(0);
    forNeighbours(index, (neighbour, dx, dy, dz) => {
      votes[body[neighbour]!]! += x.weights[dx]! * y.weights[dy]! * z.weights[dz]!;
    });
    votes[TISSUE.lung] = 0;
    votes[TISSUE.airwayLumen] = 0;
    // Where lung alone is near, a thin wall: the coarse lungs reach a little farther than the fine ones.
    let most: number = TISSUE.muscle;
    for (let code = 0; code < votes.length; code++) if (votes[code]! > votes[most]!) most = code;
    return most;
  };

  /** The 27 voxels around one, with their steps along x, y and z from 0 to 2. */
  function forNeighbours(index: number, visit: (neighbour: number, dx: number, dy: number, dz: number) => void): void {
    for (let dz = 0; dz < 3; dz++)
      for (let dy = 0; dy < 3; dy++) {
        const row = index + ((dz - 1) * ny + dy - 1) * nx;
        for (let dx = 0; dx < 3; dx++) visit(row + dx - 1, dx, dy, dz);
      }
  }
}

/** Takes trachea and main bronchi out of the lobes, in place. */
export function clearCentralAirways({ lobes }: Anatomy): void {
  for (let index = 0; index < lobes.length; index++) if (lobes[index] === CENTRAL_AIRWAY) lobes[index] = 0;
}

/** A tube that stays in one lobe, beyond its first branches at the hilum. */
interface LobarTube extends Tube {
  readonly lobe: number;
}

/** How far the tips of vessels and bronchi stay from a fissure: the lung beside fissures is poor in vessels. */
const FISSURE_MARGIN_MM = 4;
/** Up to this generation a lobe's tubes pass through whatever lies between its hilum and the lobe. */
const HILAR_GENERATIONS = 1;

/**
 * Trees of the lobes: how many tips both lungs have together, and the width of each branch (see growTree). Lobar
 * arteries are 8–11 mm wide and segmental ones 5–6 (Truong et al. 2012), lobar bronchi 6–9 mm (Montaudon et al. 2007);
 * the exponents are those of the diameters and numbers of branches that Huang et al. measured (J Appl Physiol 1996).
 */
const TREES = {
  arteries: { tips: 2600, tipRadiusMm: 0.38, exponent: 2.45, maximumRadiusMm: 5.6 },
  veins: { tips: 2000, tipRadiusMm: 0.38, exponent: 2.45, maximumRadiusMm: 5.2 },
  bronchi: { tips: 110, tipRadiusMm: 0.75, exponent: 2.25, maximumRadiusMm: 4.4 },
} as const;

/** One tree per lobe, from its root at the hilum to random points of the lobe. */
function lobarTrees(
  shape: LungShape,
  roots: readonly Point[],
  random: Random,
  { tips, ...branches }: Branches & { readonly tips: number },
): LobarTube[] {
  const targets = LOBES.map(() => [] as Point[]);
  let found = 0;
  for (let tries = 0; found < tips && tries < tips * 40; tries++) {
    const p: Point = [
      random.between(shape.low[0], shape.high[0]),
      random.between(shape.low[1], shape.high[1]),
      random.between(shape.low[2], shape.high[2]),
    ];
    const lobe = shape.lobeAt(...p);
    if (lobe < 1 || lobe > LOBES.length || nearAnotherLobe(shape, p, lobe)) continue;
    targets[lobe - 1]!.push(p);
    found++;
  }
  return targets.flatMap((points, n) =>
    growTree(roots[n]!, points, branches).map((tube) => ({ ...tube, lobe: n + 1 })),
  );
}

function nearAnotherLobe(shape: LungShape, [x, y, z]: Point, lobe: number): boolean {
  for (const d of [-FISSURE_MARGIN_MM, FISSURE_MARGIN_MM])
    for (const near of [shape.lobeAt(x + d, y, z), shape.lobeAt(x, y + d, z), shape.lobeAt(x, y, z + d)])
      if (near > 0 && near !== lobe) return true;
  return false;
}

/** True where a tube may be drawn: in its own lobe, and at the hilum in any. */
function passes(anatomy: Anatomy, tube: LobarTube, index: number): boolean {
  return tube.generation <= HILAR_GENERATIONS || anatomy.lobes[index] === tube.lobe;
}

/** Vessels with their partial volume; a voxel counts as vessel where they fill at least half of it. */
function drawVessels(anatomy: Anatomy, tubes: readonly LobarTube[]): void {
  const { tissues, vesselShare } = anatomy;
  const voxelMm = Math.min(...boxOf(anatomy).spacing);
  for (const tube of tubes) {
    // What a tube thinner than the voxel fills of it, seen along the tube.
    const most = Math.min(1, (Math.PI * tube.radiusMm ** 2) / voxelMm ** 2);
    const softened = Math.max(tube.radiusMm, voxelMm / 2);
    visitTube(anatomy, tube, softened + voxelMm / 2, (index, distance) => {
      if ((tissues[index] !== TISSUE.lung && tissues[index] !== TISSUE.vessel) || !passes(anatomy, tube, index)) return;
      const share = most * Math.min(1, Math.max(0, (softened - distance) / voxelMm + 0.5));
      vesselShare[index] = Math.max(vesselShare[index]!, Math.round(share * 255));
      if (share >= 0.5) tissues[index] = TISSUE.vessel;
    });
  }
}

function drawBronchi(anatomy: Anatomy, tubes: readonly LobarTube[]): void {
  const least = Math.min(...boxOf(anatomy).spacing) * 0.6;
  for (const tube of tubes) {
    if (tube.radiusMm < least) continue;
    const wallMm = Math.max(0.5, tube.radiusMm * 0.28);
    visitTube(anatomy, tube, tube.radiusMm + wallMm, (index, distance) => {
      const code = anatomy.tissues[index];
      if (code !== TISSUE.lung && code !== TISSUE.vessel && code !== TISSUE.airwayWall) return;
      if (!passes(anatomy, tube, index)) return;
      anatomy.tissues[index] = distance < tube.radiusMm ? TISSUE.airwayLumen : TISSUE.airwayWall;
    });
  }
}
