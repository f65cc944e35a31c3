/**
 * The hila: bronchi, arteries and veins from the mediastinum to the lobes, which no radiologist counts as lung up to the
 * lobar branches, and the points from which each lobe's own trees go on.
 */
import type { GreatVessels, Strand } from './greatVessels.ts';
import type { Landmarks } from './landmarks.ts';
import type { LungShape, Point } from './lungShape.ts';
import type { Random } from './random.ts';
import { type Bead, beads, rounded } from './strand.ts';
import { TISSUE } from './tissues.ts';

export type TreeRoots = Readonly<Record<'arteries' | 'veins' | 'bronchi', readonly Point[]>>;

export interface Hila {
  /** Fat, nodes and connective tissue of the hila: no lung, drawn before the rest. */
  readonly sleeves: readonly Strand[];
  readonly vessels: readonly Strand[];
  /** Trachea down to the lobar bronchi; where the lungs know their airways, what of the trachea lies above them. */
  readonly bronchi: readonly Strand[];
  /** In the order of LOBES. */
  readonly roots: TreeRoots;
}

/** RUL, RML, RLL, LUL, LLL: where their bronchi end, from the carina and the spine. */
const BRONCHUS_ENDS = [
  [-44, 2, -6],
  [-46, -16, -54],
  [-37, 15, -62],
  [42, -6, -30],
  [42, 20, -58],
] as const satisfies readonly Point[];
/** Hilar vessels follow the airways of a map by at most this much. */
const MOST_SHIFT_MM = 16;

/**
 * Sizes in adults: interlobar artery 13–16 mm (Chang, AJR 1962; Truong et al. 2012), right upper lobe's and lower lobes'
 * arteries 8–11 mm, pulmonary veins at the atrium 10–14 mm (Kim et al., Radiographics 2005), trachea 15–21 mm, main
 * bronchi 11–15, intermediate 9–11, lobar 6–9 mm, with walls of 1–1.5 mm (Montaudon et al., J Anat 2007).
 */
export function hilaOf(shape: LungShape, marks: Landmarks, great: GreatVessels, random: Random): Hila {
  const shifts = [shiftOf(marks, 0), shiftOf(marks, 1)] as const;
  const at = (x: number, y: number, z: number): Point => {
    const [dx, dy, dz] = shifts[x < 0 ? 0 : 1];
    const share = Math.min(1, Math.abs(x) / 40);
    const point = marks.at(x, y, z);
    return [point[0] + share * dx, point[1] + share * dy, point[2] + share * dz];
  };
  const ends = BRONCHUS_ENDS.map(([x, y, z], lobe) => marks.bronchusEnds[lobe] ?? at(x, y, z));
  const interlobar = random.between(6.3, 8.2);
  const lobar = random.between(3.8, 5.2);
  const superior = random.between(5, 7);
  const inferior = random.between(5, 7);
  const [rightArtery, leftArtery] = great.hilarArteries;
  const artery = (...points: Bead[]) => vessel(points, TISSUE.pulmonaryBlood);
  const vein = (points: Point[], from: number, to: number) => vessel(beads(points, from, to), TISSUE.aorticBlood);
  const arteryRoots = [at(-50, -4, -8), at(-53, -8, -48), at(-50, 16, -66), at(50, 0, -4), at(49, 24, -62)];
  const veinRoots = [at(-56, -16, -20), at(-50, -22, -42), at(-54, 30, -68), at(53, -18, -18), at(52, 27, -66)];
  const fat = (points: Point[], radius: number): Strand => ({
    ...{ beads: beads(points, radius), tissue: TISSUE.fat, wallMm: 0, wall: TISSUE.fat },
  });
  return {
    sleeves: [
      fat([at(-22, 0, -8), at(-36, 2, -28), at(-36, 6, -56)], 14),
      fat([at(22, -2, -6), at(36, 6, -24), at(36, 14, -52)], 13),
      fat([at(-18, 14, -58), at(-38, 20, -62)], 8),
      fat([at(18, 10, -55), at(36, 20, -60)], 8),
    ],
    vessels: [
      vein([at(-18, 2, -46), at(-38, -9, -34), veinRoots[0]!], superior, superior * 0.75),
      vein([at(-36, -9, -38), veinRoots[1]!], 3.6, 3),
      vein([at(-16, 14, -58), at(-36, 23, -63), veinRoots[2]!], inferior, inferior * 0.75),
      vein([at(16, 0, -42), at(36, -10, -28), veinRoots[3]!], superior, superior * 0.75),
      vein([at(16, 12, -54), at(34, 21, -60), veinRoots[4]!], inferior, inferior * 0.75),
      artery(
        rightArtery,
        [...at(-46, 2, -34), interlobar],
        [...at(-49, 10, -52), interlobar * 0.9],
        [...arteryRoots[2]!, lobar * 1.1],
      ),
      artery([...marks.at(-28, -9, -17), lobar * 1.2], [...at(-42, -6, -10), lobar], [...arteryRoots[0]!, lobar * 0.9]),
      artery([...at(-48, 4, -40), 3.6], [...arteryRoots[1]!, 3.2]),
      artery(
        leftArtery,
        [...at(47, 18, -28), interlobar],
        [...at(47, 22, -46), interlobar * 0.88],
        [...arteryRoots[4]!, lobar * 1.1],
      ),
      artery([...marks.at(40, 2, -2), lobar * 1.1], [...arteryRoots[3]!, lobar * 0.9]),
    ],
    bronchi: shape.hasAirways ? [tracheaAbove(marks)] : bronchiOf(marks, ends, random),
    roots: { arteries: arteryRoots, veins: veinRoots, bronchi: ends },
  };
}

function vessel(points: readonly Bead[], tissue: number): Strand {
  return { beads: rounded(points), tissue, wallMm: 1, wall: TISSUE.fat };
}

/** How far the airways of a map lie from where a side's usually do. */
function shiftOf(marks: Landmarks, side: 0 | 1): Point {
  const lobes = side === 0 ? [0, 1, 2] : [3, 4];
  const shifts = lobes.flatMap((lobe) => {
    const end = marks.bronchusEnds[lobe];
    const [x, y, z] = BRONCHUS_ENDS[lobe]!;
    const usual = marks.at(x, y, z);
    return end ? [end.map((p, axis) => p - usual[axis]!)] : [];
  });
  if (shifts.length === 0) return [0, 0, 0];
  return [0, 1, 2].map((axis) => {
    const mean = shifts.reduce((sum, shift) => sum + shift[axis]!, 0) / shifts.length;
    return Math.min(MOST_SHIFT_MM, Math.max(-MOST_SHIFT_MM, mean));
  }) as unknown as Point;
}

function bronchus(points: readonly Point[], from: number, to = from): Strand {
  return { beads: beads(points, from, to), tissue: TISSUE.airwayLumen, wallMm: 1.3, wall: TISSUE.airwayWall };
}

/** From the uppermost airway of a map to the larynx. */
function tracheaAbove({ tracheaTop: [x, y, z], at }: Landmarks): Strand {
  const larynx = at(0, -24, 130);
  return bronchus(
    [
      [x, y, z],
      [larynx[0], Math.min(y, larynx[1]), Math.max(z + 1, larynx[2])],
    ],
    8,
  );
}

function bronchiOf(marks: Landmarks, ends: readonly Point[], random: Random): Strand[] {
  const { at, carina } = marks;
  const trachea = random.between(7.5, 10);
  const right = random.between(6.2, 7.5);
  const left = random.between(5.5, 6.8);
  const lobar = random.between(3.2, 4.4);
  const [upperRight, middle, lowerRight, upperLeft, lowerLeft] = ends as [Point, Point, Point, Point, Point];
  const afterUpper = at(-20, 4, -13);
  const afterMiddle = at(-31, 6, -41);
  const leftEnd = at(38, 5, -26);
  return [
    bronchus([at(1, -24, 130), carina], trachea),
    bronchus([carina, afterUpper], right),
    bronchus([afterUpper, afterMiddle], 5.2, 4.7),
    bronchus([carina, leftEnd], left),
    bronchus([afterUpper, upperRight], lobar),
    bronchus([afterMiddle, middle], lobar * 0.85),
    bronchus([afterMiddle, lowerRight], lobar * 1.05),
    bronchus([leftEnd, upperLeft], lobar * 1.05),
    bronchus([leftEnd, lowerLeft], lobar * 1.05),
  ];
}
