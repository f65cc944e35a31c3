/** Draws great vessels, oesophagus, lymph nodes and hila into a chest, and cuts their room out of lungs that leave none. */
import { greatVessels, type Strand } from './greatVessels.ts';
import { boxOf } from './grid.ts';
import { hilaOf, type TreeRoots } from './hilum.ts';
import type { Landmarks } from './landmarks.ts';
import type { LungShape } from './lungShape.ts';
import { drawNodes } from './nodes.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { visitStrand } from './strand.ts';
import { type Anatomy, CENTRAL_AIRWAY, TISSUE } from './tissues.ts';

/** Bone, skin and what lies in the airways stay. */
const KEPT: ReadonlySet<number> = new Set([
  ...[TISSUE.outside, TISSUE.bone, TISSUE.marrow, TISSUE.table, TISSUE.foam, TISSUE.mattress, TISSUE.clothing],
  ...[TISSUE.airwayLumen, TISSUE.airwayWall, TISSUE.metal, TISSUE.wire, TISSUE.kidney],
]);

/** Changes `anatomy` in place; returns where the trees of the lobes begin. */
export function drawMediastinum(shape: LungShape, marks: Landmarks, anatomy: Anatomy, random: Random): TreeRoots {
  const { tissues, lobes } = anatomy;
  const fits = shape.leavesRoom;
  const great = greatVessels(marks, random.fork('vessels'), fits);
  const hila = hilaOf(shape, marks, great, random.fork('hila'));
  const chambers: ReadonlySet<number> = new Set([TISSUE.heart, TISSUE.pulmonaryBlood, TISSUE.aorticBlood]);
  for (const strand of hila.sleeves) draw(strand);
  drawNodes(marks, anatomy, random.fork('nodes'));
  for (const strand of great.strands) draw(strand);
  calcify(great.strands.filter(({ tissue }) => tissue === TISSUE.aorticBlood));
  for (const strand of hila.vessels) draw(strand);
  for (const strand of hila.bronchi) drawBronchus(strand);
  return hila.roots;

  function draw({ beads, tissue, wallMm, wall }: Strand): void {
    visitStrand(anatomy, beads, wallMm, (index, outsideMm) => {
      if (KEPT.has(tissues[index]!)) return;
      const isLung = lobes[index]! > 0;
      if (isLung && fits) return;
      lobes[index] = 0;
      if (outsideMm <= 0) tissues[index] = tissue;
      else if (isLung || (tissues[index] !== tissue && !chambers.has(tissues[index]!))) tissues[index] = wall;
    });
  }

  /** Plaques in the wall of the aorta and its branches, in about every third patient of this age. */
  function calcify(arteries: readonly Strand[]): void {
    const plaque = random.fork('plaque');
    const from = plaque.chance(0.35) ? plaque.between(1, 2.2) : Infinity;
    if (from === Infinity) return;
    const noise = smoothNoise(plaque, 7);
    const { sizeVoxels: size, spacing, origin } = boxOf(anatomy);
    for (const { beads } of arteries)
      visitStrand(anatomy, beads, 0, (index, outsideMm) => {
        if (outsideMm < -Math.max(1.6, spacing[0] * 0.6) || tissues[index] !== TISSUE.aorticBlood) return;
        const x = origin[0] + (index % size[0]) * spacing[0];
        const y = origin[1] + (Math.floor(index / size[0]) % size[1]) * spacing[1];
        const z = origin[2] + Math.floor(index / (size[0] * size[1])) * spacing[2];
        if (noise(x, y, z) > from) tissues[index] = TISSUE.calcification;
      });
  }

  function drawBronchus({ beads, tissue, wallMm, wall }: Strand): void {
    visitStrand(anatomy, beads, wallMm, (index, outsideMm) => {
      if (outsideMm > 0 && lobes[index] === CENTRAL_AIRWAY) return;
      tissues[index] = outsideMm > 0 ? wall : tissue;
      lobes[index] = outsideMm > 0 ? 0 : CENTRAL_AIRWAY;
    });
  }
}
