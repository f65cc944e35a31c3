/**
 * Whether a file states a wrong orientation, by several signs that vote: each speaks for the stated orientation, against
 * it, or not at all, so that one that is misled, as by contrast agent, a curved spine or a cut lung, raises no alarm
 * against the others.
 */
import type { Landmarks } from './landmarks.ts';

/** What a sign says of the stated orientation: 1 for it, −1 against it, 0 where it does not tell. */
export interface Sign {
  readonly vote: -1 | 0 | 1;
  /** What is seen where it votes against. */
  readonly against: string;
}

/*
 * Limits by the real CTs of docs/flags.md, as the file has them and turned, and for what shapes alone tell by the 41
 * LUNA16 chests with lobe maps as well.
 */
/** Less bone than this, in mm from right to left, is no spine; and a spine has so many times as much as the other side. */
const SPINE_MM = 4;
const SPINE_RATIO = 1.5;
/** Above the heart the lungs lie this much nearer to the midline in front than behind, by 16 mm in the median. */
const MIDLINE_MM = 5;
/** The trachea never shows more often below than above; upside down it does in most. */
const TRACHEA_EXCESS = 0.25;
/** 0.21 to 0.78 in whole lungs. */
const HOLLOW = 0.15;
/**
 * Heart and aorta lean to the left by 0.5 mm or more, and by 6 mm in the median, in all 41 LUNA16 chests; in the real CTs
 * with two usual lungs by 2.7 to 9 mm, in two of them to the right (by 0.6, and by 5 beside a mass). What is found in a chest
 * and in its mirror image differs by up to 2 mm, as the network draws them: less tells nothing.
 */
const LEANS_MM = 2;
/** Below the left lung there is so much more fat and gas, as a share, in all CTs that show it but one. */
const SOLID_DIFFERENCE = 0.05;

/** Signs of front and back. */
export function frontSigns({ spineMm, fromMidlineMm }: Landmarks): Sign[] {
  const isSpine = (one: number, other: number) => one >= SPINE_MM && one >= SPINE_RATIO * other;
  const { front, back } = spineMm ?? { front: 0, back: 0 };
  return [
    {
      vote: isSpine(back, front) ? 1 : isSpine(front, back) ? -1 : 0,
      against: `the spine seems to lie in front (${front.toFixed(0)} mm of bone at all heights, ${back.toFixed(0)} mm behind)`,
    },
    {
      vote: fromMidlineMm ? voteOf(fromMidlineMm.back - fromMidlineMm.front, MIDLINE_MM) : 0,
      against: 'the lungs keep as far apart in front as they usually do behind, beside the spine',
    },
  ];
}

/** Signs of head and feet. */
export function headSigns({ trachea, hollowBelow = 0 }: Landmarks): Sign[] {
  return [
    {
      vote: voteOf(trachea.top - trachea.bottom, TRACHEA_EXCESS),
      against: 'the trachea seems to lie at the lower end of the lungs',
    },
    { vote: voteOf(hollowBelow, HOLLOW), against: 'the diaphragm seems to lie above the lungs' },
  ];
}

/** Signs of right and left. `lungsAreAlike` is false where a lung shrank or was removed: it pulls heart and aorta over. */
export function sideSigns({ mediastinumLeftMm, notSolidBelow }: Landmarks, lungsAreAlike: boolean): Sign[] {
  const leansMm = mediastinumLeftMm ?? 0;
  const difference = notSolidBelow ? notSolidBelow.left - notSolidBelow.right : 0;
  return [
    {
      vote: lungsAreAlike ? voteOf(leansMm, LEANS_MM) : 0,
      against: `heart and aorta lie ${(-leansMm).toFixed(1)} mm to the right of the midline, where to the left is usual`,
    },
    {
      vote: voteOf(difference, SOLID_DIFFERENCE),
      against: 'the liver seems to lie below the left lung',
    },
  ];
}

/** What speaks against the stated orientation where more signs do than speak for it; else none. */
export function outvoted(signs: readonly Sign[]): string[] {
  const votes = signs.reduce((sum, { vote }) => sum + vote, 0);
  return votes < 0 ? signs.filter(({ vote }) => vote < 0).map(({ against }) => against) : [];
}

function voteOf(value: number, limit: number): Sign['vote'] {
  return value > limit ? 1 : value < -limit ? -1 : 0;
}
