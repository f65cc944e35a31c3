/**
 * Slope and intercept that differ within a stack are right where values go on from slice to slice, as a scanner that
 * scales each slice by itself writes them, and wrong where those of the other slices would make them go on.
 */

import { upperMedian } from '../../base/median.ts';
import { mostCommon } from '../../base/mostCommon.ts';
import type { FoundFile } from '../files/scan.ts';
import { PADDING_HU } from '../geometry/volume.ts';
import type { DicomHeader } from './dicomFile.ts';
import { placed } from './evidence.ts';
import type { Stack } from './seriesStacks.ts';

/** An image's Hounsfield units as its own header scales it; undefined where it cannot be read, which is said elsewhere. */
export type PixelsOf = (file: FoundFile) => Promise<Int16Array | undefined>;

/** By the pixels: each header's own scale, or the one that most have; undefined where they do not tell. */
export type RescaleFit = 'own' | 'usual' | undefined;

/** Neighbours of different scale that are looked at, spread over the stack. */
const PAIRS_LOOKED_AT = 6;
/** About so many pixels of each. */
const PIXELS_LOOKED_AT = 20_000;
/** One scale has to leave less than this share of the step that the other one leaves. */
const CLEARLY = 0.25;
/** Padding, and what was cut off at its value, tells nothing: of a slice this share has to tell. */
const MIN_TOLD = 0.1;

export function scaleOf({ rescale }: DicomHeader): string | undefined {
  return rescale?.map((value) => value ?? 'none').join(' and ');
}

export async function rescaleFit({ files, frame }: Stack, pixelsOf: PixelsOf): Promise<RescaleFit> {
  const scales = files.map(({ header }) => scaleOf(header) ?? 'neither');
  const usual = mostCommon(scales);
  if (new Set(scales).size < 2) return undefined;
  const sorted = placed(files, frame).map(({ file }) => file);
  const isUsual = ({ header }: FoundFile) => (scaleOf(header) ?? 'neither') === usual;
  const pairs = sorted.slice(1).flatMap((above, n) => {
    const below = sorted[n]!;
    if (isUsual(above) === isUsual(below)) return [];
    return [isUsual(above) ? { usual: above, odd: below } : { usual: below, odd: above }];
  });
  const step = Math.max(1, Math.floor(pairs.length / PAIRS_LOOKED_AT));
  const fits: RescaleFit[] = [];
  for (const pair of pairs.filter((_, n) => n % step === 0).slice(0, PAIRS_LOOKED_AT)) {
    const [a, b] = [await pixelsOf(pair.usual), await pixelsOf(pair.odd)];
    if (!a || !b) return undefined;
    fits.push(fitOf({ hu: a, ...numbersOf(pair.usual) }, { hu: b, ...numbersOf(pair.odd) }));
  }
  return new Set(fits).size === 1 ? fits[0] : undefined;
}

interface Scaled {
  readonly hu: Int16Array;
  readonly slope: number;
  readonly intercept: number;
}

function numbersOf({ header }: FoundFile): Omit<Scaled, 'hu'> {
  const [slope, intercept] = header.rescale ?? [];
  return { slope: slope || 1, intercept: intercept ?? 0 };
}

function fitOf(usual: Scaled, odd: Scaled): RescaleFit {
  const own: number[] = [];
  const other: number[] = [];
  // Odd, so that it is no divisor of a row.
  const stride = Math.floor(odd.hu.length / PIXELS_LOOKED_AT) | 1;
  for (let p = 0; p < odd.hu.length; p += stride) {
    const [a, b] = [usual.hu[p], odd.hu[p]!];
    if (a === undefined || a === PADDING_HU || b === PADDING_HU) continue;
    own.push(b - a);
    other.push(((b - odd.intercept) / odd.slope) * usual.slope + usual.intercept - a);
  }
  if (own.length * stride < MIN_TOLD * odd.hu.length) return undefined;
  const [ofOwn, ofOther] = [Math.abs(upperMedian(own)), Math.abs(upperMedian(other))];
  if (ofOwn < CLEARLY * ofOther) return 'own';
  return ofOther < CLEARLY * ofOwn ? 'usual' : undefined;
}
