/** Hounsfield units of a drawn chest before the scanner: what each tissue and each texture looks like on a perfect CT. */
import type { Grid } from '../../src/kernel/ct/volume.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { boxOf } from './grid.ts';
import { smoothNoise, wallDistance } from './noise.ts';
import type { Random } from './random.ts';
import { type Anatomy, TISSUE } from './tissues.ts';

/** Mean HU of the tissues outside the parenchyma (Prokop & Galanski, Spiral and Multislice CT of the Body, 2003, rounded). */
const TISSUE_HU: Readonly<Record<number, number>> = {
  [TISSUE.outside]: -1000,
  [TISSUE.fat]: -100,
  [TISSUE.muscle]: 55,
  [TISSUE.bone]: 520,
  [TISSUE.marrow]: 180,
  [TISSUE.mediastinum]: 40,
  [TISSUE.heart]: 45,
  [TISSUE.abdomen]: 35,
  [TISSUE.liver]: 60,
  [TISSUE.bowelGas]: -950,
  [TISSUE.table]: -150,
  [TISSUE.clothing]: -800,
  [TISSUE.airwayLumen]: -990,
  [TISSUE.airwayWall]: -80,
  [TISSUE.vessel]: 35,
};

const [NORMAL, GGO, CONSOLIDATION, RETICULATION, HONEYCOMBING, EMPHYSEMA] = TEXTURE_CLASSES.map((_, i) => i + 1) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/** HU in z, y, x order, as floats. `textures` are labels on the anatomy's own grid. */
export function paintHu(anatomy: Anatomy, textures: Uint8Array, random: Random): Float32Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(anatomy as Grid);
  const [nx, ny, nz] = size;
  const parenchyma = parenchymaPainter(random);
  const grain = smoothNoise(random.fork('body'), 6);
  const hu = new Float32Array(nx * ny * nz);
  for (let k = 0, index = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    for (let j = 0; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = 0; i < nx; i++, index++) {
        const tissue = anatomy.tissues[index]!;
        const texture = textures[index]!;
        if (tissue === TISSUE.outside) {
          hu[index] = -1000;
          continue;
        }
        const x = origin[0] + i * spacing[0];
        // Consolidation hides vessels and airway walls, and shows the air in the bronchi.
        const hidden = texture === CONSOLIDATION && tissue !== TISSUE.airwayLumen;
        if (tissue === TISSUE.lung || hidden) hu[index] = parenchyma(texture, x, y, z);
        else hu[index] = TISSUE_HU[tissue]! + (tissue === TISSUE.airwayLumen ? 0 : 9 * grain(x, y, z));
      }
    }
  }
  return hu;
}

/** Draws one patient's parenchyma: each patient has an own density, gravity gradient, cell sizes and line widths. */
function parenchymaPainter(random: Random) {
  const fine = smoothNoise(random, random.between(1.4, 2.4));
  const medium = smoothNoise(random, random.between(5, 9));
  const broad = smoothNoise(random, random.between(25, 50));
  const net = wallDistance(random, random.between(5.5, 9));
  const cysts = wallDistance(random, random.between(5, 9.5));
  const holes = wallDistance(random, random.between(8, 15));
  const normalHu = random.between(-905, -815);
  const gravity = random.between(15, 90);
  const dependent = random.between(0, 110);
  const fineHu = random.between(10, 28);
  const ggoHu = random.between(170, 360);
  const lineMm = random.between(0.45, 0.85);
  const lineHu = random.between(-260, 20);
  const netGgo = random.between(0, 190);
  const wallMm = random.between(0.55, 1.05);
  const wallHu = random.between(-170, 40);
  const cystHu = random.between(-975, -900);
  const emphysemaHu = random.between(-985, -955);
  const consolidationHu = random.between(-40, 50);
  const soften = (distance: number, halfWidth: number) => Math.min(1, Math.max(0, (halfWidth + 0.35 - distance) / 0.7));
  return (texture: number, x: number, y: number, z: number): number => {
    const f = fine(x, y, z);
    const m = medium(x, y, z);
    const normal =
      normalHu +
      gravity * (y / 90) +
      (y > 55 ? dependent * Math.min(1, (y - 55) / 40) : 0) +
      fineHu * f +
      14 * m +
      16 * broad(x, y, z);
    switch (texture) {
      case NORMAL:
        return normal;
      case GGO:
        return normal + ggoHu + 40 * m + 16 * f;
      case CONSOLIDATION:
        return consolidationHu + 14 * m + 10 * f;
      case RETICULATION: {
        const line = soften(net(x, y, z), lineMm * (1 + 0.25 * m));
        const between = normal + netGgo;
        return between + (lineHu - between) * line;
      }
      case HONEYCOMBING: {
        const wall = soften(cysts(x, y, z), wallMm);
        return cystHu + 8 * f + (wallHu - cystHu) * wall;
      }
      case EMPHYSEMA: {
        // Wall-less holes with strands of lung left between them.
        const strand = soften(holes(x, y, z), 0.4) * 0.35;
        return emphysemaHu + 6 * f + (normal - emphysemaHu) * strand;
      }
      default:
        return normal;
    }
  };
}
