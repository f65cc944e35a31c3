/** Signs that a segmentation failed, found without a person. Limits are wide: a flag asks to look, it does not exclude. */
import { LUNGS, type LungPart, sideOf, WHOLE_LUNGS } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { besideLimit } from '../../protocol/words/besideLimit.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { warning } from '../base/remarks.ts';
import type { Doubts } from './doubts.ts';
import type { Landmarks } from './landmarks.ts';
import { FACES, type Face, type LobeGeometry } from './lobeGeometry.ts';
import { frontSigns, headSigns, outvoted, sideSigns } from './orientationSigns.ts';

/**
 * Below: a third of the lower limit of total lung capacity of a small woman; above: the upper limit of a tall man, less
 * the tenth that lying down takes (GLI, Hall et al., Eur Respir J 2021; Yamada et al., Respiration 2020). The 41 LUNA16
 * chests with lobe maps lie between 1.3 and 8.2 litres.
 */
const PLAUSIBLE_LUNG_ML = [1200, 9500] as const;

/**
 * Share of the right lung in both. Supine healthy adults have 50.6 to 57.4 % (Yamada et al., Respiration 2020), the
 * LUNA16 chests 43.5 to 61.0 %. Half a lung that is lost in a healthy adult leads to under 41 % or over 67 %.
 */
const RIGHT_SHARE = [0.42, 0.63] as const;

/** Half, and for the middle lobe a third, of the least share in the same two sources, in which it is 5 % and else 12 %. */
const MIN_SHARE: Readonly<Record<LungPart, number>> = {
  RUL: 0.06,
  RML: 0.02,
  RLL: 0.06,
  LUL: 0.06,
  LLL: 0.06,
  'right-lung': 0,
  'left-lung': 0,
};

/** A smaller cut through the lungs is the tip of a recess, a few millilitres of lung. */
const MAX_CUT_MM2 = 1000;

/** More than this outside the body, or as dense as blood, is no noise at the lungs' borders; of real CTs see docs/flags.md. */
const MAX_OUTSIDE_ML = 10;
const MAX_VESSEL_ML = 15;
/** A lung with less than this share of both is none: half a chest, or a lung that was removed. */
const ONE_LUNG_SHARE = 0.1;

const FACE_NAMES = {
  right: 'right',
  left: 'left',
  front: 'front',
  back: 'back',
  bottom: 'lower',
  top: 'upper',
} as const;

/**
 * Height of the lungs by the geometric mean of their width and depth. The 41 LUNA16 chests lie between 0.93 and 1.47, the
 * real CTs of docs/flags.md between 1.04 and 1.31; shrunken and overblown lungs have room on either side. Slices that are
 * said to lie twice, or half, as far apart as they do lead to over 1.86, or under 0.74.
 */
const PLAUSIBLE_HEIGHT = [0.75, 1.8] as const;

type Axis = 0 | 1 | 2;

export interface Checked {
  /** One entry per lobe, or per whole lung where lobes are not known; at least one is not empty. */
  readonly geometry: readonly LobeGeometry[];
  /** Undefined where the lobes are somebody's own. */
  readonly landmarks: Landmarks | undefined;
  readonly doubts: Doubts | undefined;
}

/** What the networks may have done wrong; of given lobes, what their labels or the field of view do. */
export function selfChecks({ geometry, landmarks, doubts }: Checked): Remark[] {
  if (!landmarks || !doubts) return [...checkGivenLobes(geometry), ...checkCuts(geometry)];
  return [
    ...checkVolume(geometry),
    ...checkShape(landmarks),
    ...checkLobes(geometry),
    ...checkSymmetry(geometry),
    ...checkCuts(geometry),
    ...checkPlaces(geometry),
    ...checkOrientation(geometry, landmarks),
    ...checkOutside(doubts),
    ...checkVessels(doubts, geometry),
  ];
}

function checkVolume(geometry: readonly LobeGeometry[]): Remark[] {
  const [least, most] = PLAUSIBLE_LUNG_ML;
  const volumeMl = volumeOf(geometry);
  if (volumeMl >= least && volumeMl <= most) return [];
  return [
    warning(
      'implausible-volume',
      `The lungs measure ${besideLimit(volumeMl, volumeMl < least ? least : most)} ml; ${least} to ${most} ml is plausible in adults. ${
        volumeMl < least ? 'Lung may have been missed' : 'The outline may reach beyond the lungs'
      }, or the voxel spacing in the file is wrong: look at the overlay in all planes.`,
    ),
  ];
}

/** A wrong distance between slices, or a wrong size of pixels: proportions are of the body, and are alike in small and large ones. */
function checkShape({ extentMm }: Landmarks): Remark[] {
  if (!extentMm) return [];
  const { width, depth, height } = extentMm;
  const mean = Math.sqrt(width * depth);
  const [least, most] = PLAUSIBLE_HEIGHT;
  if (height >= least * mean && height <= most * mean) return [];
  const mm = (value: number) => value.toFixed(0);
  return [
    warning(
      'implausible-shape',
      `The lungs are ${mm(height)} mm tall, ${mm(width)} mm wide and ${mm(depth)} mm deep; with that width and depth ${mm(least * mean)} to ${mm(most * mean)} mm are plausible. The distance between slices, or the size of pixels, is probably wrong in the file, and every volume with it: compare both with what the scanner wrote, and look at the coronal slices.`,
    ),
  ];
}

function checkLobes(geometry: readonly LobeGeometry[]): Remark[] {
  const all = volumeOf(geometry);
  return geometry.flatMap(({ lobe, volumeMl }) =>
    volumeMl >= MIN_SHARE[lobe] * all
      ? []
      : [
          warning(
            'lobe-missing',
            `${lobe} holds ${percentBeside(volumeMl / all, MIN_SHARE[lobe], 1)} of the lungs; at least ${percent(MIN_SHARE[lobe])} was expected. It may have been missed or given to a neighbour, unless it is collapsed or was removed: look at the lobe borders.`,
          ),
        ],
  );
}

function checkSymmetry(geometry: readonly LobeGeometry[]): Remark[] {
  const right = volumeOf(geometry.filter(isRight)) / volumeOf(geometry);
  if (right >= RIGHT_SHARE[0] && right <= RIGHT_SHARE[1]) return [];
  const small = right < RIGHT_SHARE[0] ? 'right' : 'left';
  const [least, most] = small === 'right' ? RIGHT_SHARE : [1 - RIGHT_SHARE[1], 1 - RIGHT_SHARE[0]];
  const share = percentBeside(small === 'right' ? right : 1 - right, least);
  return [
    warning(
      'asymmetry',
      `The ${small} lung holds ${share} of both; ${(least * 100).toFixed(0)} to ${percent(most)} is usual. It may be segmented only in part, unless it is shrunken or was operated on: look at the ${small} lung.`,
    ),
  ];
}

/** What can only be a mistake of labels or of axes; volumes and shapes are those that somebody drew. */
function checkGivenLobes(geometry: readonly LobeGeometry[]): Remark[] {
  const { swapped, upended } = placesOf(geometry);
  const isWhole = geometry.some(({ lobe }) => WHOLE_LUNGS.some((own) => own === lobe));
  const missing = geometry.filter(({ volumeMl }) => volumeMl === 0).map(({ lobe }) => lobe);
  const where = [
    ...(swapped
      ? [`${isWhole ? 'the right lung lies' : 'the lobes of the right lung lie'} on the patient’s left`]
      : []),
    ...(upended ? ['an upper lobe lies below its lower lobe'] : []),
  ];
  return [
    ...(where.length
      ? [
          warning(
            'mask-sides',
            `By the labels of the mask, ${allOf(where)}: \`labels\` names them in another order than the file has them (lungmask’s have left lobes first: \`labels lungmask\`), or the mask or the CT states a wrong orientation. Trust no ${isWhole ? 'side' : 'lobe'} until that is settled.`,
          ),
        ]
      : []),
    ...(missing.length
      ? [
          warning(
            'mask-lobe-empty',
            `The mask has no voxel of ${allOf(missing)}. That is right where it was removed or is collapsed; else its label is another one.`,
          ),
        ]
      : []),
  ];
}

/** Lobes at places where none can be. */
function placesOf(geometry: readonly LobeGeometry[]): { readonly swapped: boolean; readonly upended: boolean } {
  const all = volumeOf(geometry);
  // Of a few voxels that are called a lobe, as where half a chest is in view, nothing follows.
  const found = geometry.filter(({ lobe, volumeMl }) => volumeMl >= MIN_SHARE[lobe] * all);
  const centre = (axis: Axis, ...lobes: readonly LungPart[]) =>
    centreOf(
      found.filter(({ lobe }) => lobes.includes(lobe)),
      axis,
    );
  // An empty lobe has no centre, and no comparison with it holds.
  const swapped = centre(0, ...LUNGS.right, WHOLE_LUNGS[0]) > centre(0, ...LUNGS.left, WHOLE_LUNGS[1]);
  // Of a slab or half a lung nothing follows: upper lobes lie before lower ones as well as above them.
  const upended =
    Math.max(cutMm2(geometry, 'top'), cutMm2(geometry, 'bottom')) <= MAX_CUT_MM2 &&
    (centre(2, 'RLL') > centre(2, 'RUL') || centre(2, 'LLL') > centre(2, 'LUL'));
  return { swapped, upended };
}

/** A model whose labels or axes have another order. */
function checkPlaces(geometry: readonly LobeGeometry[]): Remark[] {
  const { swapped, upended } = placesOf(geometry);
  const reason = 'the lobe model names its lobes in another order, or the file states a wrong orientation';
  const problems: Remark[] = [];
  if (swapped)
    problems.push(
      warning(
        'sides-swapped',
        `The lobes of the right lung lie on the patient’s left: ${reason}. Trust no lobe until that is settled.`,
      ),
    );
  if (upended)
    problems.push(
      warning(
        'lobes-upended',
        `An upper lobe lies below its lower lobe: ${reason}. Trust no lobe until that is settled.`,
      ),
    );
  return problems;
}

/** Orientation errors of files, most of all of NIfTI files. */
function checkOrientation(geometry: readonly LobeGeometry[], landmarks: Landmarks): Remark[] {
  const problems: Remark[] = [];
  const front = outvoted(frontSigns(landmarks));
  if (front.length)
    problems.push(
      warning(
        'back-to-front',
        `Front and back seem to be swapped: ${allOf(front)}. The file’s orientation is probably wrong, and right and left may be swapped, too: look at the slices, and convert the file again.`,
      ),
    );
  const head = outvoted(headSigns(landmarks));
  if (head.length)
    problems.push(
      warning(
        'upside-down',
        `Head and feet seem to be swapped: ${allOf(head)}. The file’s slices are probably in reverse order: look at the coronal slices, and convert the file again.`,
      ),
    );
  if (problems.length) return problems;
  const sides = outvoted(sideSigns(landmarks, checkSymmetry(geometry).length === 0));
  if (sides.length === 0) return [];
  return [
    warning(
      'mirrored',
      `Right and left seem to be swapped: ${allOf(sides)}. The file may be mirrored, unless scarring or collapse pulls the heart over: look at the heart, the liver and the aortic arch, and convert the file again.`,
    ),
  ];
}

/** What was drawn outside the body: air and foam in a couch, under a blanket, between arm and chest. */
function checkOutside({ outsideBodyMl }: Doubts): Remark[] {
  if (!outsideBodyMl) return [];
  const { leftOut, kept } = outsideBodyMl;
  if (Math.max(leftOut, kept) <= MAX_OUTSIDE_ML) return [];
  const said = [
    ...(kept > MAX_OUTSIDE_ML ? [`${kept.toFixed(0)} ml that seem to lie outside the body are counted as lung`] : []),
    ...(leftOut > MAX_OUTSIDE_ML
      ? [`${leftOut.toFixed(0)} ml that looked like lung were left out, as they seem to lie outside the body`]
      : []),
  ];
  return [
    warning(
      'lung-outside-body',
      `${allOf(said)}: air or foam in the couch or under a blanket is taken for lung at times. Look at the borders of the lungs beside the couch.`,
    ),
  ];
}

function checkVessels({ vesselLikeMl }: Doubts, geometry: readonly LobeGeometry[]): Remark[] {
  if (vesselLikeMl <= MAX_VESSEL_ML) return [];
  // In half a chest the mediastinum does not lie in the middle, where it is looked for.
  const right = volumeOf(geometry.filter(isRight)) / volumeOf(geometry);
  if (Math.min(right, 1 - right) < ONE_LUNG_SHARE) return [];
  return [
    warning(
      'vessel-as-lung',
      `${vesselLikeMl.toFixed(0)} ml of what is counted as lung are thick, as dense as blood, and part of the mediastinum or filled with contrast agent: aorta, heart or a large vessel may be read as consolidation, unless lung beside the heart is consolidated or collapsed. Look at the borders of the lungs beside the mediastinum.`,
    ),
  ];
}

function checkCuts(geometry: readonly LobeGeometry[]): Remark[] {
  const cuts = FACES.flatMap((face) => {
    const areaMm2 = cutMm2(geometry, face);
    if (areaMm2 <= MAX_CUT_MM2) return [];
    const lobes = geometry.filter(({ cutMm2 }) => cutMm2[face] > 0).map(({ lobe }) => lobe);
    return [`the ${FACE_NAMES[face]} edge (${lobes.join(', ')}, ${(areaMm2 / 100).toFixed(0)} cm²)`];
  });
  if (cuts.length === 0) return [];
  return [
    warning(
      'cut-off',
      `The field of view cuts the lungs at ${allOf(cuts)}. What lies beyond is not measured, so volumes are too small and percentages are those of the part in view.`,
    ),
  ];
}

function cutMm2(geometry: readonly LobeGeometry[], face: Face): number {
  return geometry.reduce((sum, lobe) => sum + lobe.cutMm2[face], 0);
}

function isRight({ lobe }: LobeGeometry): boolean {
  return sideOf(lobe) === 'right';
}

function volumeOf(geometry: readonly LobeGeometry[]): number {
  return geometry.reduce((sum, { volumeMl }) => sum + volumeMl, 0);
}

/** Centre of gravity of several lobes along one axis; NaN where all are empty. */
function centreOf(geometry: readonly LobeGeometry[], axis: Axis): number {
  const moment = geometry.reduce((sum, { volumeMl, centreMm }) => sum + (centreMm ? centreMm[axis] * volumeMl : 0), 0);
  return moment / volumeOf(geometry);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function percentBeside(share: number, limit: number, digits = 0): string {
  return `${besideLimit(share * 100, limit * 100, digits)} %`;
}
