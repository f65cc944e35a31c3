/** Draws great vessels, oesophagus, lymph nodes and hila into a chest, and cuts their room out of lungs that leave none. */
import { type Strand, greatVessels } from './greatVessels.ts';
import { hilaOf, type TreeRoots } from './hilum.ts';
import type { Landmarks } from './landmarks.ts';
import type { LungShape } from './lungShape.ts';
import { drawNodes } from './nodes.ts';
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

  function drawBronchus({ beads, tissue, wallMm, wall }: Strand): void {
    visitStrand(anatomy, beads, wallMm, (index, outsideMm) => {
      if (outsideMm > 0 && lobes[index] === CENTRAL_AIRWAY) return;
      tissues[index] = outsideMm > 0 ? wall : tissue;
      lobes[index] = outsideMm > 0 ? 0 : CENTRAL_AIRWAY;
    });
  }
}
