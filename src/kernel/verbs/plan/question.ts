/** What is planned: the coefficient, what is expected of it, and how it will be read. */
import type { SourceSpan } from '../../../protocol/kernelApi.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import type { Against, Design } from '../../agreement/sampleSize/design.ts';
import { flackDesign } from '../../agreement/sampleSize/flack.ts';
import { iccDesign } from '../../agreement/sampleSize/iccDesign.ts';
import { kappaDesign, lowestKappa } from '../../agreement/sampleSize/kappaDesign.ts';
import { limitsDesign } from '../../agreement/sampleSize/limitsDesign.ts';
import { spearmanDesign } from '../../agreement/sampleSize/spearmanDesign.ts';
import { UserError } from '../../base/userError.ts';
import type { Placed } from '../../language/clauses/placed.ts';

export const COEFFICIENTS = ['kappa', 'icc', 'limits', 'spearman'] as const;
export type PlannedCoefficient = (typeof COEFFICIENTS)[number];

/** The clauses of `plan`, undefined where they are not written; percentages as they are written. */
export interface AskedPlan {
  readonly width: Placed<number> | undefined;
  readonly against: Placed<number> | undefined;
  readonly power: number | undefined;
  readonly patients: number | undefined;
  readonly categories: number | undefined;
  readonly shares: Placed<readonly number[]> | undefined;
  readonly readers: number | undefined;
  readonly level: number | undefined;
  readonly sides: number | undefined;
  readonly assurance: number | undefined;
}

export interface Question {
  readonly coefficient: PlannedCoefficient;
  readonly expected: number;
  readonly confidence: number;
  readonly readers: number;
  /** Of κ's categories. */
  readonly shares: readonly number[];
  readonly designOf: (against?: Against) => Design;
  /** The same by another method, which is told beside it. */
  readonly secondDesignOf: ((against?: Against) => Design) | undefined;
  /** As messages, titles and papers name it. */
  readonly sign: string;
  /** Values that it can have, ends excluded. */
  readonly range: readonly [low: number, high: number];
  /** Readers and categories, in words; empty where there is nothing to say. */
  readonly setting: string;
  readonly method: { readonly width: string; readonly power: string };
}

/** Clauses that mean something for each coefficient alone. */
const OWN_CLAUSES: Readonly<Record<PlannedCoefficient, readonly (keyof AskedPlan)[]>> = {
  kappa: ['against', 'power', 'sides', 'categories', 'shares', 'readers'],
  icc: ['against', 'power', 'sides', 'readers'],
  limits: ['assurance'],
  spearman: ['against', 'power', 'sides'],
};
const SHARED: readonly (keyof AskedPlan)[] = ['width', 'patients', 'level'];

export function questionOf(
  [coefficient, { value: expected, span }]: readonly [PlannedCoefficient, Placed<number>],
  asked: AskedPlan,
): Question {
  const own = [...SHARED, ...OWN_CLAUSES[coefficient]];
  const foreign = Object.values(OWN_CLAUSES)
    .flat()
    .find((clause) => asked[clause] !== undefined && !own.includes(clause));
  if (foreign !== undefined)
    throw new UserError(
      'idle-clause',
      `\`${foreign}\` means nothing for \`plan ${coefficient}\`, which takes ${own.map((clause) => `\`${clause}\``).join(', ')}.`,
    );
  const question = QUESTIONS[coefficient](expected, (asked.level ?? 95) / 100, asked);
  checkValue(question, expected, span);
  return question;
}

/** Throws a UserError where the coefficient cannot have the value. */
export function checkValue({ sign, range: [low, high] }: Question, value: number, span: SourceSpan | undefined): void {
  if (value > low && value < high) return;
  const bounds =
    high === Number.POSITIVE_INFINITY ? `above ${low}` : `between ${Number(low.toPrecision(3))} and ${high}`;
  throw new UserError('out-of-range', `${value} cannot be planned for: ${sign} has to be ${bounds} here.`, span);
}

const QUESTIONS: Readonly<
  Record<PlannedCoefficient, (expected: number, confidence: number, asked: AskedPlan) => Question>
> = {
  kappa(kappa, confidence, asked) {
    const [shares, readers] = [sharesOf(asked), asked.readers ?? 2];
    const all = { kappa, shares, readers, confidence };
    return {
      ...BASIS,
      coefficient: 'kappa',
      expected: kappa,
      confidence,
      readers,
      shares,
      designOf: (against) => kappaDesign(all, against),
      secondDesignOf: readers === 2 ? (against) => flackDesign(all, against) : undefined,
      sign: 'κ',
      range: [Math.max(-1, lowestKappa(shares, readers)), 1],
      setting: `${readers} readers, ${shares.length} categories with the shares ${allOf(shares.map((share) => String(Number(share.toPrecision(3)))))}`,
      method: {
        width: 'goodness of fit, Donner and Eliasziw 1992, Rotondi and Donner 2012',
        power: 'goodness of fit, Donner and Eliasziw 1992, Altaye, Donner and Klar 2001',
      },
    };
  },
  icc(icc, confidence, asked) {
    const readers = asked.readers ?? 2;
    return {
      ...BASIS,
      coefficient: 'icc',
      expected: icc,
      confidence,
      readers,
      designOf: (against) => iccDesign({ icc, readers, confidence }, against),
      sign: 'ICC',
      range: [-1e-9, 1],
      setting: `${readers} readings of each patient`,
      method: { width: 'Bonett 2002', power: 'Walter, Eliasziw and Donner 1998' },
    };
  },
  limits: (sd, confidence) => ({
    ...BASIS,
    coefficient: 'limits',
    expected: sd,
    confidence,
    designOf: () => limitsDesign({ sd, confidence }),
    sign: 'the standard deviation of the differences',
    range: [0, Number.POSITIVE_INFINITY],
    method: { width: 'exact interval of both limits, Jan and Shieh 2018', power: '' },
  }),
  spearman: (rho, confidence) => ({
    ...BASIS,
    coefficient: 'spearman',
    expected: rho,
    confidence,
    designOf: (against) => spearmanDesign({ rho, confidence }, against),
    sign: 'ρ',
    range: [-1, 1],
    method: { width: 'Bonett and Wright 2000', power: 'Fisher’s z with the variance of Bonett and Wright 2000' },
  }),
};

const BASIS = { readers: 2, shares: [], secondDesignOf: undefined, setting: '' } as const;

function sharesOf({ categories, shares }: AskedPlan): readonly number[] {
  if (!shares) return new Array<number>(categories ?? 2).fill(1 / (categories ?? 2));
  const { value, span } = shares;
  const total = value.reduce((a, b) => a + b, 0);
  if (value.length < 2 || (categories !== undefined && categories !== value.length))
    throw new UserError(
      'shares',
      `There ${value.length === 1 ? 'is 1 share' : `are ${value.length} shares`} for ${categories ?? 'two or more'} categories. Give a share of each category.`,
      span,
    );
  if (Math.abs(total - 1) > 0.005 || value.some((share) => share <= 0))
    throw new UserError(
      'shares',
      `The shares add up to ${Number(total.toPrecision(4))}; they have to be above 0 and add up to 1.`,
      span,
    );
  return value.map((share) => share / total);
}
