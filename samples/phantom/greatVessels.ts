/**
 * Vessels between the lungs, and the oesophagus, as strands around the landmarks of any lungs. Offsets from spine and
 * carina are those of a usual adult's CT; diameters are drawn from the ranges that are normal, and a little beyond.
 */
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import type { Random } from './random.ts';
import { type Bead, beads, rounded } from './strand.ts';
import { TISSUE } from './tissues.ts';

export interface Strand {
  readonly beads: readonly Bead[];
  readonly tissue: number;
  /** Thickness of its wall, or of the fat around it, that is no lung. */
  readonly wallMm: number;
  readonly wall: number;
}

/** How far a vessel is moved to touch the lung that it touches in patients. */
const MOST_FIT_MM = 12;

export interface GreatVessels {
  readonly strands: readonly Strand[];
  /** Where the pulmonary arteries enter the hila, with their radius, right and left. */
  readonly hilarArteries: readonly [right: Bead, left: Bead];
}

/** `fits`: the lungs leave room for the vessels, which are then moved to touch them; else the room is cut out of the lungs. */
export function greatVessels(marks: Landmarks, random: Random, fits: boolean): GreatVessels {
  const strand = (points: readonly Bead[], tissue: number, wallMm = 1.4): Strand => ({
    ...{ beads: rounded(points), tissue, wallMm, wall: TISSUE.mediastinum },
  });
  const aorta = aortaOf(marks, random.fork('aorta'), fits);
  const arteries = pulmonaryArteries(marks, random.fork('pulmonary'));
  const veins = systemicVeins(marks, random.fork('veins'), fits);
  return {
    strands: [
      ...oesophagus(marks, random.fork('oesophagus')),
      ...veins.caval.map((points) => strand(points, TISSUE.cavalBlood, 1)),
      ...veins.systemic.map((points) => strand(points, TISSUE.systemicVein, 1)),
      ...arteries.map((points) => strand(points, TISSUE.pulmonaryBlood, 1)),
      ...aorta.map((points) => strand(points, TISSUE.aorticBlood)),
    ],
    hilarArteries: [arteries[1]!.at(-1)!, arteries[2]!.at(-1)!],
  };
}

/** x at which a vessel of this radius touches the left lung, within MOST_FIT_MM of where it usually lies. */
function besideLeft(marks: Landmarks, [x, y, z]: Point, radius: number, fits: boolean): Point {
  if (!fits) return [x, y, z];
  const edge = Math.min(
    ...[-0.6, 0, 0.6].map(
      (share) => marks.edges(y + share * radius, z)[1] + radius * (1 - Math.sqrt(1 - share * share)),
    ),
  );
  return [Math.min(x + MOST_FIT_MM, Math.max(x - MOST_FIT_MM, edge - radius - 1.5)), y, z];
}

function besideRight(marks: Landmarks, [x, y, z]: Point, radius: number, fits: boolean): Point {
  if (!fits) return [x, y, z];
  return [Math.min(x + MOST_FIT_MM, Math.max(x - MOST_FIT_MM, marks.edges(y, z)[0] + radius + 1.5)), y, z];
}

/**
 * Aorta and the branches of its arch. Ascending 27–37 mm wide, descending 20–28 mm (Wolak et al., JACC Cardiovasc
 * Imaging 2008; wider ones are aneurysms), abdominal 16–22 mm; brachiocephalic trunk 11–14, carotid 7–8, subclavian 9–10 mm.
 */
function aortaOf(marks: Landmarks, random: Random, fits: boolean): Bead[][] {
  const { at, spine, domeZ } = marks;
  const ascending = random.between(13.5, 18.5) * (random.chance(0.08) ? 1.25 : 1);
  const descending = Math.min(ascending * 0.92, random.between(10, 14));
  const arch = (ascending + descending) / 2;
  const topZ = random.between(30, 40);
  const tortuous = random.between(-3, 7);
  const from = (point: Point, radius: number): Bead => [...point, radius];
  const left = (x: number, y: number, z: number, radius: number) =>
    from(besideLeft(marks, at(x, y, z), radius, fits), radius);
  const hiatusZ = Math.min(...domeZ) - 15;
  const top: Bead[] = [
    from(at(2, -38, -48), ascending * 1.08),
    from(at(-11, -43, -18), ascending),
    from(at(-15, -41, 8), ascending),
    from(at(-9, -31, topZ - 11), arch + 0.5),
    left(7, -14, topZ - 2, arch),
    left(21, 4, topZ - 5, arch),
    left(27, 19, topZ - 18, descending + 0.5),
  ];
  const down: Bead[] = [];
  const startZ = at(0, 0, topZ - 34)[2];
  for (let z = startZ; z > hiatusZ; z -= 22) {
    const below = (startZ - z) / Math.max(1, startZ - hiatusZ);
    const [sx, sy] = spine(z);
    const x = sx + 28 - 18 * below ** 1.5 + tortuous * below;
    const y = sy - 24 - 9 * below - (below > 0.5 ? tortuous * 0.4 : 0);
    down.push(from(besideLeft(marks, [x, y, z], descending, fits && below < 0.75), descending));
  }
  const abdominal = Math.min(descending, random.between(7.5, 11.5));
  for (let z = hiatusZ; z > hiatusZ - 160; z -= 30) {
    const [sx, sy] = spine(z);
    down.push([sx + 5, sy - 33, z, abdominal]);
  }
  const trunk = random.between(5.5, 7);
  const carotid = random.between(3.4, 4.2);
  const subclavian = random.between(4.2, 5.2);
  const branch = (radius: number, ...points: Point[]) => beads(points, radius);
  const [bifurcationX, bifurcationY] = spine(hiatusZ - 160);
  return [
    [...top, ...down],
    branch(trunk, at(-7, -28, topZ), at(-13, -27, topZ + 18), at(-24, -18, topZ + 42)),
    branch(carotid, at(-24, -18, topZ + 42), at(-28, -16, topZ + 70), at(-27, -12, topZ + 150)),
    branch(subclavian, at(-24, -18, topZ + 42), at(-42, -8, topZ + 52), at(-85, -12, topZ + 45)),
    branch(carotid, at(3, -19, topZ), at(12, -14, topZ + 30), at(27, -15, topZ + 70), at(27, -12, topZ + 150)),
    branch(subclavian, at(16, -4, topZ), at(24, 3, topZ + 28), at(44, -5, topZ + 52), at(85, -12, topZ + 45)),
    ...[-1, 1].map((side) =>
      branch(
        5,
        [bifurcationX + 5, bifurcationY - 33, hiatusZ - 160],
        [bifurcationX + side * 45, bifurcationY - 45, hiatusZ - 250],
      ),
    ),
  ];
}

/**
 * Pulmonary trunk, right and left main artery. Trunk 22–29 mm (Truong et al., Circ Cardiovasc Imaging 2012; wider in
 * pulmonary hypertension, which lung fibrosis brings), main arteries 18–24 mm.
 */
function pulmonaryArteries({ at }: Landmarks, random: Random): Bead[][] {
  const wide = random.chance(0.15) ? 1.2 : 1;
  const trunk = random.between(11, 14.5) * wide;
  const main = random.between(9, 11.5) * wide;
  return [
    [
      [...at(14, -54, -46), trunk],
      [...at(21, -44, -24), trunk],
      [...at(20, -28, -11), trunk * 0.95],
    ],
    [
      [...at(18, -26, -12), main],
      [...at(0, -19, -15), main],
      [...at(-20, -12, -19), main * 0.95],
      [...at(-36, -6, -22), main * 0.85],
    ],
    [
      [...at(21, -27, -10), main],
      [...at(31, -12, -1), main],
      [...at(41, 4, -3), main * 0.95],
      [...at(45, 14, -14), main * 0.85],
    ],
  ];
}

/**
 * Superior vena cava 16–22 mm, brachiocephalic veins 11–15 mm, azygos 6–10 mm with its arch over the right main
 * bronchus, inferior vena cava 20–28 mm (Lin et al., Radiographics 2009).
 */
function systemicVeins(marks: Landmarks, random: Random, fits: boolean): { caval: Bead[][]; systemic: Bead[][] } {
  const { at, spine, domeZ } = marks;
  const superior = random.between(7.5, 11);
  const brachiocephalic = random.between(5, 7.5);
  const azygos = random.between(2.8, 4.8);
  const inferior = random.between(9.5, 13.5);
  const right = (x: number, y: number, z: number, radius: number): Bead => [
    ...besideRight(marks, at(x, y, z), radius, fits),
    radius,
  ];
  const confluence = at(-27, -24, 46);
  const domeAt = domeZ[0];
  const [domeX, domeY] = spine(domeAt);
  const abdominal: Bead[] = [];
  for (let z = domeAt - 150; z < domeAt - 30; z += 35) {
    const [sx, sy] = spine(z);
    abdominal.push([sx - 20, sy - 36, z, inferior]);
  }
  const spinal: Bead[] = [];
  for (let z = domeAt - 40; z < at(0, 0, -4)[2]; z += 28) {
    const [sx, sy] = spine(z);
    spinal.push([sx - 5, sy - 23, z, azygos * 0.8]);
  }
  return {
    caval: [
      [
        right(-31, -16, -34, superior),
        right(-33, -13, -6, superior),
        right(-33, -16, 20, superior * 0.95),
        [...confluence, brachiocephalic + 1],
      ],
      beads([confluence, at(-2, -40, 48), at(28, -28, 68), at(44, -20, 84)], brachiocephalic),
      beads([confluence, at(-38, -20, 84)], brachiocephalic),
      ...[-1, 1].flatMap((side) => [
        beads([at(side * 42, -20, 84), at(side * 36, -18, 120), at(side * 34, -10, 180)], brachiocephalic * 0.85),
        beads([at(side * 42, -20, 84), at(side * 70, -28, 86), at(side * 110, -20, 80)], brachiocephalic * 0.8),
      ]),
    ],
    systemic: [
      [...abdominal, [domeX - 20, domeY - 52, domeAt - 18, inferior], [domeX - 22, domeY - 62, domeAt + 14, inferior]],
      [
        ...spinal,
        [...at(-10, 22, 4), azygos],
        [...at(-24, 12, 13), azygos * 1.15],
        [...at(-33, -2, 13), azygos * 1.1],
        [...at(-33, -14, 8), azygos],
      ],
    ],
  };
}

/** The oesophagus behind trachea and left atrium, 13–20 mm wide with its wall of 3 mm, here and there with air in it. */
function oesophagus({ at, spine, domeZ, apexZ }: Landmarks, random: Random): Strand[] {
  const radius = random.between(6, 9);
  const hiatusZ = domeZ[1] - 12;
  const axis: Point[] = [at(3, 6, 150), at(4, 2, 80)];
  const startZ = Math.min(apexZ, at(0, 0, 55)[2]);
  for (let z = startZ; z > hiatusZ; z -= 18) {
    const [sx, sy] = spine(z);
    const low = Math.max(0, 1 - (z - hiatusZ) / 70);
    axis.push([sx + 5 + 6 * low, sy - 28 - 12 * low, z]);
  }
  const [endX, endY] = spine(hiatusZ);
  axis.push([endX + 30, endY - 42, hiatusZ - 15]);
  const strands: Strand[] = [
    { beads: rounded(beads(axis, radius)), tissue: TISSUE.mediastinum, wallMm: 0.8, wall: TISSUE.mediastinum },
  ];
  // Air where it is swallowed or comes up: a few centimetres of the lumen, more when the whole oesophagus is wide.
  const airMm = random.between(1.2, random.chance(0.2) ? radius - 1.5 : 4);
  for (let n = 0; n < axis.length - 2; n++) {
    if (!random.chance(0.28)) continue;
    const off = random.between(-1.5, 1.5);
    const part = axis.slice(n, n + 2).map(([x, y, z]): Point => [x + off, y - 1, z]);
    strands.push({ beads: beads(part, airMm), tissue: TISSUE.bowelGas, wallMm: 0, wall: TISSUE.mediastinum });
  }
  return strands;
}
