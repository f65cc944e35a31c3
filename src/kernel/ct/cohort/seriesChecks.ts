/** What a series' header says against measuring it, or against comparing it with others, before any pixel is read. */

import type { Remark } from '../../../protocol/remark.ts';
import { failure, warning } from '../../base/remarks.ts';
import { tiltDegrees } from '../geometry/gantryTilt.ts';
import { impossibleSize } from '../geometry/possibleSize.ts';
import type { Grid } from '../geometry/volume.ts';
import type { Series } from './cohort.ts';

/** A whole chest has about 50 slices at 5 mm; with fewer than this, lobes and textures are guessed between slices. */
const MIN_SLICES = 20;
/** The networks' lobes have voxels of 3 mm: lung between slices that is thinner than this loses them nothing. */
const MAX_GAP_MM = 3;

export const LOSSY = warning(
  'lossy',
  'Lossy compression was applied to the pixels at some time. Fine textures may be smoothed or invented: use the original series if there is one.',
);

export function seriesChecks(
  series: Pick<Series, 'size' | 'spacingMm' | 'sliceThicknessMm' | 'patientPosition' | 'breathing'>,
): Remark[] {
  return [
    ...checkSize(series),
    ...checkCount(series),
    ...checkSampling(series),
    ...checkPosition(series),
    ...checkBreathing(series),
  ];
}

/** It is shown, and not measured: `quantifySeries` refuses it for the same reason. */
function checkSize({ size, spacingMm }: Pick<Series, 'size' | 'spacingMm'>): Remark[] {
  const reason = impossibleSize(size, spacingMm);
  return reason === undefined ? [] : [failure('impossible-spacing', reason)];
}

function checkBreathing({ breathing }: Pick<Series, 'breathing'>): Remark[] {
  if (breathing !== 'expiration') return [];
  return [
    warning(
      'expiration',
      'By its description the series was scanned in expiration. Lung that is less inflated is denser and looks like ground glass: use a series in full inspiration if there is one.',
    ),
  ];
}

function checkCount({ size }: Pick<Series, 'size'>): Remark[] {
  if (size[2] >= MIN_SLICES) return [];
  return [
    warning(
      'few-slices',
      `The series has ${size[2]} slices; a chest needs at least ${MIN_SLICES}. Volumes and lobes are rough: use a series with thinner slices if there is one.`,
    ),
  ];
}

/** Single slices with lung left out between them, as high-resolution CT was once scanned. */
function checkSampling({ spacingMm, sliceThicknessMm }: Pick<Series, 'spacingMm' | 'sliceThicknessMm'>): Remark[] {
  if (!sliceThicknessMm || spacingMm[2] - sliceThicknessMm <= MAX_GAP_MM) return [];
  return [
    warning(
      'spaced-slices',
      `The slices are ${millimetres(sliceThicknessMm)} thick and ${millimetres(spacingMm[2])} apart: what lies between them was not scanned and is interpolated. Use a contiguous series if there is one.`,
    ),
  ];
}

/** Patient Position (PS3.3 C.7.3.1.1.2): what enters first, as HF or FF, then P for prone, DR or DL for a side down, S for supine. */
function checkPosition({ patientPosition }: Pick<Series, 'patientPosition'>): Remark[] {
  const [, position, side] = /^[A-Z]F(P|D([RL]))$/.exec(patientPosition ?? '') ?? [];
  if (position === undefined) return [];
  if (side === undefined)
    return [
      warning(
        'prone',
        `The patient lay prone (${patientPosition}). Dependent density then lies in front, and the networks have learned from supine chests: do not compare prone with supine CTs.`,
      ),
    ];
  return [
    warning(
      'decubitus',
      `The patient lay on the ${side === 'R' ? 'right' : 'left'} side (${patientPosition}). The lung below is smaller and denser, and the networks have learned from supine chests: do not compare with supine CTs.`,
    ),
  ];
}

/** The tilt is corrected when the series is read. */
export function tiltProblem(grid: Grid): Remark[] {
  const degrees = tiltDegrees(grid);
  if (degrees === 0) return [];
  return [
    warning(
      'gantry-tilt',
      `The gantry was tilted by ${degrees.toFixed(1)}° (from the slices' positions). The slices are shifted by interpolation to correct for it, so fine textures are a little smoother.`,
    ),
  ];
}

function millimetres(value: number): string {
  return `${Number(value.toFixed(2))} mm`;
}
