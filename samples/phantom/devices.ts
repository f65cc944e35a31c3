/** Things of metal and plastic on and in a patient: ECG leads, pacemaker, venous port, feeding tube, wires of an opened sternum. */

import { boxOf } from './grid.ts';
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import type { Random } from './random.ts';
import { beads, rounded, visitEllipsoid, visitStrand } from './strand.ts';
import { type Anatomy, TISSUE } from './tissues.ts';

const OFF_SKIN: ReadonlySet<number> = new Set([TISSUE.outside, TISSUE.clothing]);
const STEP_MM = 4;

/** Draws what a patient of this seed wears, in place; no voxel of a lobe changes. */
export function drawDevices(marks: Landmarks, anatomy: Anatomy, random: Random): void {
  const [ecg, pacemaker, port, tube, sternal] = [0.3, 0.08, 0.08, 0.06, 0.08].map((share) => random.chance(share));
  if (ecg) drawLeads(marks, anatomy, random.fork('ecg'));
  if (pacemaker) drawPacemaker(marks, anatomy, random.fork('pacemaker'));
  if (port) drawPort(marks, anatomy, random.fork('port'));
  if (tube) drawFeedingTube(marks, anatomy);
  if (sternal) drawSternalWires(marks, anatomy);
}

/** Thin things keep at least half a voxel. */
function least(anatomy: Anatomy, mm: number): number {
  return Math.max(mm, 0.55 * Math.max(...boxOf(anatomy).spacing));
}

function drawThin(anatomy: Anatomy, points: readonly Point[], mm: number): void {
  visitStrand(anatomy, rounded(beads(points, least(anatomy, mm))), 0, (index) => {
    if (anatomy.lobes[index] === 0 && anatomy.tissues[index] !== TISSUE.metal) anatomy.tissues[index] = TISSUE.wire;
  });
}

/** y of the skin of the front at a place, where the grid has it. */
function skinAt({ tissues, ...grid }: Anatomy, x: number, z: number): number | undefined {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const i = Math.round((x - origin[0]) / spacing[0]);
  const k = Math.round((z - origin[2]) / spacing[2]);
  if (i < 0 || k < 0 || i >= size[0] || k >= size[2]) return undefined;
  for (let j = 0; j < size[1]; j++)
    if (!OFF_SKIN.has(tissues[(k * size[1] + j) * size[0] + i]!)) return origin[1] + j * spacing[1];
  return undefined;
}

/** Three to six electrodes with cables that run over the chest and off it. */
function drawLeads({ spine, baseZ, apexZ, carina }: Landmarks, anatomy: Anatomy, random: Random): void {
  const [spineX] = spine(carina[2]);
  const count = Math.floor(random.between(3, 7));
  const all: Point[][] = [];
  for (let lead = 0; lead < count; lead++) {
    let [x, z] = [spineX + random.between(-120, 120), baseZ + random.between(0.2, 1) * (apexZ - baseZ)];
    let direction = random.between(0, 2 * Math.PI);
    const turn = random.between(-0.04, 0.04);
    const path: Point[] = [];
    for (let step = 0; step < 60; step++) {
      const y = skinAt(anatomy, x, z);
      if (y === undefined) break;
      path.push([x, y - 2.5, z]);
      direction += turn + random.between(-0.15, 0.15);
      x += STEP_MM * Math.cos(direction);
      z += STEP_MM * Math.sin(direction);
    }
    all.push(path);
  }
  // All paths are found before the first is drawn, so that no cable lies on another's electrode.
  for (const path of all) {
    const [first] = path;
    if (!first || path.length < 3) continue;
    drawThin(anatomy, path, 0.9);
    visitEllipsoid(anatomy, first, [least(anatomy, 5), least(anatomy, 2), least(anatomy, 5)], (index) => {
      if (anatomy.lobes[index] === 0) anatomy.tissues[index] = TISSUE.metal;
    });
  }
}

/** A case of about 45 × 8 × 45 mm under the left collar bone, its leads through the superior vena cava into the right heart. */
function drawPacemaker({ at, apexZ, spine }: Landmarks, anatomy: Anatomy, random: Random): void {
  const [spineX] = spine(apexZ);
  const [x, z] = [spineX + random.between(65, 90), apexZ - random.between(45, 75)];
  const skin = skinAt(anatomy, x, z);
  if (skin === undefined) return;
  const centre: Point = [x, skin + random.between(8, 16), z];
  visitEllipsoid(anatomy, centre, [random.between(19, 25), least(anatomy, 4.5), random.between(19, 26)], (index) => {
    if (anatomy.lobes[index] === 0) anatomy.tissues[index] = TISSUE.metal;
  });
  const through = [centre, at(80, -30, 92), at(44, -20, 84), at(-2, -40, 48), at(-30, -18, 30), at(-33, -14, -10)];
  drawThin(anatomy, [...through, at(-24, -34, -72)], 1.1);
  if (random.chance(0.7)) drawThin(anatomy, [...through, at(-18, -44, -80), at(28, -66, -105)], 1.1);
}

/** A port on the right chest with its catheter into the superior vena cava. */
function drawPort({ at, apexZ, spine }: Landmarks, anatomy: Anatomy, random: Random): void {
  const [spineX] = spine(apexZ);
  const [x, z] = [spineX - random.between(60, 85), apexZ - random.between(40, 70)];
  const skin = skinAt(anatomy, x, z);
  if (skin === undefined) return;
  const centre: Point = [x, skin + 8, z];
  visitEllipsoid(anatomy, centre, [11, least(anatomy, 6), 11], (index, outwards) => {
    if (anatomy.lobes[index] === 0) anatomy.tissues[index] = outwards < 0.6 ? TISSUE.metal : TISSUE.wire;
  });
  drawThin(anatomy, [centre, at(-70, -32, 90), at(-42, -20, 84), at(-32, -18, 30), at(-33, -14, -12)], 1);
}

function drawFeedingTube({ at, spine, domeZ }: Landmarks, anatomy: Anatomy): void {
  const [x, y] = spine(domeZ[1]);
  const [cx, cy, cz] = at(4, 0, -30);
  const [, spineY] = spine(cz);
  drawThin(
    anatomy,
    [
      at(3, 6, 150),
      at(4, 4, 80),
      [cx, Math.max(cy, spineY - 28), cz],
      [x + 12, y - 42, domeZ[1] - 12],
      [x + 50, y - 80, domeZ[1] - 45],
    ],
    1.6,
  );
}

/** Loops of steel through the sternum, a finger's breadth apart. */
function drawSternalWires({ frontY, spine, baseZ, apexZ }: Landmarks, anatomy: Anatomy): void {
  for (let share = 0.4; share < 0.9; share += 0.09) {
    const z = baseZ + share * (apexZ - baseZ);
    const [x] = spine(z);
    const y = frontY(z) - 12;
    drawThin(
      anatomy,
      [
        [x - 9, y, z],
        [x, y - 4, z + 3],
        [x + 9, y, z],
      ],
      0.8,
    );
  }
}
