/** The sample cohort: eight simulated patients, from healthy to severe, on different scanners. */
import type { DiseasePlan } from './disease.ts';
import type { Scanner } from './scanner.ts';

export interface SamplePatient {
  readonly id: string;
  readonly seed: string;
  readonly sliceSpacingMm: number;
  readonly manufacturer: string;
  readonly scanner: Scanner;
  readonly disease: DiseasePlan;
}

export const FIELD_OF_VIEW_MM = 360;
export const COLUMNS = 400;
/** Each slice is the mean of this many thinner ones. */
export const THIN_SLICES = 2;

const SOFT: Scanner = { convolutionKernel: 'SIM-SOFT', blurMm: 0.75, sharpening: 0, noiseHu: 14 };
const LUNG: Scanner = { convolutionKernel: 'SIM-LUNG', blurMm: 0.5, sharpening: 0.5, noiseHu: 28 };
const SHARP: Scanner = { convolutionKernel: 'SIM-SHARP', blurMm: 0.45, sharpening: 0.9, noiseHu: 42 };

/** The same shares in several lobes, scaled per lobe. */
function spread(shares: Readonly<Record<string, number>>, upper: number, middle: number, lower: number): DiseasePlan {
  const scaled = (factor: number) =>
    Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share * factor]));
  return {
    RUL: scaled(upper),
    RML: scaled(middle),
    RLL: scaled(lower),
    LUL: scaled(upper * 0.9),
    LLL: scaled(lower * 0.95),
  };
}

/** Lower-lobe disease and upper-lobe disease together. */
function both(lower: DiseasePlan, upper: DiseasePlan): DiseasePlan {
  const lobes = ['RUL', 'RML', 'RLL', 'LUL', 'LLL'] as const;
  return Object.fromEntries(lobes.map((lobe) => [lobe, { ...lower[lobe], ...upper[lobe] }]));
}

export const SAMPLE_PATIENTS: readonly SamplePatient[] = [
  {
    id: 'P01',
    seed: 'sample-P01',
    sliceSpacingMm: 3,
    manufacturer: 'LungNB phantom A',
    scanner: LUNG,
    disease: spread({ ggo: 0.42, reticulation: 0.12 }, 0.25, 0.6, 1),
  },
  {
    id: 'P02',
    seed: 'sample-P02',
    sliceSpacingMm: 2.5,
    manufacturer: 'LungNB phantom B',
    scanner: SHARP,
    disease: spread({ honeycombing: 0.28, reticulation: 0.3, ggo: 0.04 }, 0.2, 0.5, 1),
  },
  { id: 'P03', seed: 'sample-P03', sliceSpacingMm: 3, manufacturer: 'LungNB phantom A', scanner: SOFT, disease: {} },
  {
    id: 'P04',
    seed: 'sample-P04',
    sliceSpacingMm: 4,
    manufacturer: 'LungNB phantom C',
    scanner: LUNG,
    disease: spread({ emphysema: 0.55, ggo: 0.02 }, 1, 0.6, 0.25),
  },
  {
    id: 'P05',
    seed: 'sample-P05',
    sliceSpacingMm: 5,
    manufacturer: 'LungNB phantom C',
    scanner: SOFT,
    disease: spread({ consolidation: 0.3, ggo: 0.2 }, 0.15, 0.4, 1),
  },
  {
    id: 'P06',
    seed: 'sample-P06',
    sliceSpacingMm: 3,
    manufacturer: 'LungNB phantom B',
    scanner: LUNG,
    disease: spread({ ggo: 0.62, reticulation: 0.16, consolidation: 0.06 }, 0.7, 0.9, 1),
  },
  {
    id: 'P07',
    seed: 'sample-P07',
    sliceSpacingMm: 2.5,
    manufacturer: 'LungNB phantom A',
    scanner: LUNG,
    disease: spread({ reticulation: 0.05, ggo: 0.03 }, 0.1, 0.4, 1),
  },
  {
    id: 'P08',
    seed: 'sample-P08',
    sliceSpacingMm: 4,
    manufacturer: 'LungNB phantom B',
    scanner: SHARP,
    disease: both(
      spread({ honeycombing: 0.14, reticulation: 0.2 }, 0.05, 0.4, 1),
      spread({ emphysema: 0.4 }, 1, 0.5, 0.1),
    ),
  },
];
