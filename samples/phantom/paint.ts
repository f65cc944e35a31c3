/** Hounsfield units of a simulated chest before the scanner: what each tissue and each texture looks like on a perfect CT. */
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { drawContrast } from './contrast.ts';
import { boxOf } from './grid.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { drawParenchyma } from './textures.ts';
import { type Anatomy, TISSUE } from './tissues.ts';

/** Mean HU of the tissues outside the parenchyma that take up no contrast agent (Prokop & Galanski, Spiral and Multislice CT of the Body, 2003, rounded). */
const PLAIN_HU: Readonly<Record<number, number>> = {
  [TISSUE.outside]: -1000,
  [TISSUE.fat]: -100,
  [TISSUE.muscle]: 55,
  [TISSUE.bone]: 520,
  [TISSUE.marrow]: 180,
  [TISSUE.mediastinum]: 40,
  [TISSUE.abdomen]: 35,
  [TISSUE.bowelGas]: -950,
  [TISSUE.calcification]: 600,
  [TISSUE.brain]: 36,
  [TISSUE.bowelContent]: 130,
  [TISSUE.table]: -150,
  [TISSUE.foam]: -830,
  [TISSUE.mattress]: -900,
  [TISSUE.metal]: 2900,
  [TISSUE.wire]: 700,
  [TISSUE.implant]: 110,
  [TISSUE.gland]: 35,
  [TISSUE.clothing]: -800,
  [TISSUE.airwayLumen]: -990,
  [TISSUE.airwayWall]: -80,
};

/** A fissure is two sheets of pleura: in consolidated lung it does not stand out. */
const PLEURA_HU = 60;

const GGO = TEXTURE_CLASSES.indexOf('ggo') + 1;
const CONSOLIDATION = TEXTURE_CLASSES.indexOf('consolidation') + 1;

/** HU in z, y, x order, as floats. `textures` are labels on the anatomy's own grid. */
export function paintHu(anatomy: Anatomy, textures: Uint8Array, random: Random): Float32Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(anatomy);
  const [nx, ny, nz] = size;
  const parenchyma = drawParenchyma(random.fork('parenchyma'));
  const grain = smoothNoise(random.fork('body'), 6);
  const ggoEdgeMm = random.between(0.3, 3);
  const fissureHu = random.chance(0.9) ? random.between(80, 320) : 0;
  const fissureGaps = smoothNoise(random.fork('fissures'), 40);
  /** The smooth noise below which a fissure is missing: no fissure is quite complete. */
  const missing = random.between(-4, -0.5);
  const contrast = drawContrast(random.fork('contrast'));
  const tissueHu = { ...PLAIN_HU, ...contrast.density };
  const vesselHu = random.between(20, 90) + contrast.lungVesselHu;
  const hu = new Float32Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    const from = k * nx * ny;
    const groundGlass = softShare(textures.subarray(from, from + nx * ny), GGO, nx, ny, ggoEdgeMm / spacing[0]);
    for (let j = 0, index = from; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = 0; i < nx; i++, index++) {
        const tissue = anatomy.tissues[index]!;
        if (tissue === TISSUE.outside) {
          hu[index] = -1000;
          continue;
        }
        const x = origin[0] + i * spacing[0];
        const texture = textures[index]!;
        // Consolidation hides vessels and airway walls, and shows the air in the bronchi.
        const hidden = texture === CONSOLIDATION && tissue !== TISSUE.airwayLumen;
        if (tissue !== TISSUE.lung && tissue !== TISSUE.vessel && !hidden) {
          hu[index] = tissueHu[tissue]! + (tissue === TISSUE.airwayLumen ? 0 : 9 * grain(x, y, z));
          continue;
        }
        const lung = parenchyma.huAt(texture, x, y, z, groundGlass?.[index - from] ?? 0);
        const vessel = hidden ? 0 : anatomy.vesselShare[index]! / 255;
        const onFissure = fissureHu > 0 && bordersAnotherLobe(anatomy.lobes, index, nx, nx * ny);
        const fissure =
          onFissure && fissureGaps(x, y, z) > missing ? Math.min(fissureHu, Math.max(0, PLEURA_HU - lung)) : 0;
        hu[index] = lung + fissure + Math.max(0, vesselHu - lung - fissure) * vessel;
      }
    }
  }
  return hu;
}

/** True where the next voxel to the left, to the back or above belongs to another lobe. */
function bordersAnotherLobe(lobes: Uint8Array, index: number, row: number, slice: number): boolean {
  const lobe = lobes[index]!;
  const other = (neighbour: number | undefined) => Boolean(neighbour) && neighbour !== lobe;
  return lobe > 0 && (other(lobes[index + 1]) || other(lobes[index + row]) || other(lobes[index + slice]));
}

/** Share of `label` around each pixel of a slice, by a box of the given half width along both axes; undefined where the slice has none. */
function softShare(
  labels: Uint8Array,
  label: number,
  nx: number,
  ny: number,
  halfWidth: number,
): Float32Array | undefined {
  if (!labels.includes(label)) return undefined;
  const share = new Float32Array(labels.length);
  for (let p = 0; p < labels.length; p++) if (labels[p] === label) share[p] = 1;
  const reach = Math.round(halfWidth);
  if (reach === 0) return share;
  const line = new Float32Array(Math.max(nx, ny));
  const average = (start: number, step: number, length: number) => {
    for (let n = 0; n < length; n++) line[n] = share[start + n * step]!;
    let sum = 0;
    for (let n = -reach; n < length; n++) {
      if (n + reach < length) sum += line[n + reach]!;
      if (n - reach - 1 >= 0) sum -= line[n - reach - 1]!;
      if (n >= 0) share[start + n * step] = sum / (2 * reach + 1);
    }
  };
  for (let j = 0; j < ny; j++) average(j * nx, 1, nx);
  for (let i = 0; i < nx; i++) average(i, nx, ny);
  return share;
}
