/** How one number of each patient relates to an outcome: by ranks, and by the regression that the outcome calls for. */
import { counted } from '../../base/counted.ts';
import { spearman } from '../correlation/spearman.ts';
import { defined, type Estimate, undefinedBecause, valueIn } from '../estimate.ts';
import { quantile } from '../resampling/quantile.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { coxModel } from './coxModel.ts';
import { type DesignColumn, designOf, type Variable } from './design.ts';
import { asRatio, EVENTS_PER_VARIABLE, type FittedModel } from './fittedModel.ts';
import { logRank } from './kaplanMeier.ts';
import { kruskalWallis } from './kruskalWallis.ts';
import { linearModel } from './linearModel.ts';
import { logisticModel } from './logisticModel.ts';
import { mannWhitney } from './mannWhitney.ts';
import { variance } from './moments.ts';
import type { Survival } from './partialLikelihood.ts';
import { proportionalName } from './proportionalHazards.ts';

/** A value per patient, in one order. */
export type Outcome =
  | { readonly kind: 'number'; readonly values: readonly number[] }
  | { readonly kind: 'yes-no'; readonly values: readonly boolean[] }
  | { readonly kind: 'groups'; readonly values: readonly string[]; readonly levels: readonly string[] }
  | { readonly kind: 'survival'; readonly values: readonly Survival[] };

/** What a step of effects is: so many units, or a standard deviation of these patients. */
export type Step = number | 'sd';

export interface RelationAsked {
  readonly name: string;
  readonly x: readonly number[];
  readonly outcome: Outcome;
  readonly covariates: readonly Variable[];
  readonly per: Step;
  readonly confidence: number;
}

export interface Relation {
  readonly n: number;
  /** Of yes/no outcomes the patients with "yes", of times those with the event. */
  readonly events: number | undefined;
  /** By ranks, without covariates. */
  readonly rank: NamedStatistic;
  /** Of x in the model with all covariates, per step; none where the outcome is of several groups. */
  readonly effect: NamedStatistic | undefined;
  /** The same on the scale of the model, per unit of x: a slope, a log odds ratio or a log hazard ratio. */
  readonly slope: { readonly value: number; readonly se: number } | undefined;
  /** Everything, the two above included. */
  readonly statistics: readonly NamedStatistic[];
  /** Covariates that are the same for everybody, and so left out. */
  readonly constant: readonly string[];
  /** How few events there are for the variables, where they are few. */
  readonly fewEvents: string | undefined;
  /** Of times: p of x having the same hazard ratio throughout. */
  readonly proportionalP: number | undefined;
}

/** What effects of each kind of outcome are called. */
export const EFFECTS: Readonly<Record<Outcome['kind'], string>> = {
  number: 'β',
  'yes-no': 'odds ratio',
  groups: 'none',
  survival: 'hazard ratio',
};

export function relation(asked: RelationAsked): Relation {
  const { name, x, outcome, covariates, confidence } = asked;
  const rank = rankStatistic(x, outcome, confidence);
  const n = x.length;
  if (outcome.kind === 'groups')
    return {
      n,
      events: undefined,
      rank,
      effect: undefined,
      slope: undefined,
      statistics: [rank],
      constant: [],
      fewEvents: undefined,
      proportionalP: undefined,
    };
  const { columns, constant } = designOf(covariates);
  const varies = new Set(x).size > 1;
  const own: DesignColumn = { name, values: x };
  const adjusted = varies ? fitted([own, ...columns], outcome, confidence) : undefined;
  const alone = varies && columns.length ? fitted([own], outcome, confidence) : undefined;
  const step = stepOf(asked);
  const effectOf = (model: FittedModel | undefined, words: string): NamedStatistic => {
    const label = `${EFFECTS[outcome.kind]} of ${name}${words}`;
    const coefficient = model?.coefficients[0];
    if (!coefficient) {
      const none = undefinedBecause(`${name} is the same for all`);
      return { name: label, n, value: none, p: none };
    }
    return { ...inWords(perStep(coefficient, step), outcome), name: label };
  };
  const effect = effectOf(adjusted, columns.length ? ', adjusted' : '');
  const others = (adjusted?.coefficients.slice(1) ?? []).map((coefficient) => ({
    ...inWords(coefficient, outcome),
    name: `${EFFECTS[outcome.kind]} of ${coefficient.name}`,
  }));
  return {
    n,
    events: adjusted?.events,
    rank,
    effect,
    slope: slopeOf(adjusted),
    statistics: [rank, effect, ...(alone ? [effectOf(alone, ', alone')] : []), ...others, ...(adjusted?.overall ?? [])],
    constant,
    proportionalP: proportionalP(adjusted, name),
    fewEvents: adjusted ? fewEvents(adjusted, columns.length + 1, outcome) : undefined,
  };
}

function slopeOf(model: FittedModel | undefined): Relation['slope'] {
  const { value, se } = model?.coefficients[0] ?? {};
  const [at, error] = [value && valueIn(value), se && valueIn(se)];
  return at === undefined || error === undefined ? undefined : { value: at, se: error };
}

function proportionalP(model: FittedModel | undefined, name: string): number | undefined {
  const test = model?.overall.find((own) => own.name === proportionalName(name));
  return test?.p && valueIn(test.p);
}

/** The size of a step of x: units as they are, or the standard deviation of these patients. */
export function stepOf({ x, per }: Pick<RelationAsked, 'x' | 'per'>): number {
  return per !== 'sd' ? per : x.length > 1 ? Math.sqrt(variance(x)) : 1;
}

/** Three groups of the same size by their values: the two bounds between them; a value at a bound belongs to the lower group. */
export function thirds(x: readonly number[]): readonly [number, number] {
  const sorted = [...x].sort((a, b) => a - b);
  return [quantile(sorted, 1 / 3), quantile(sorted, 2 / 3)];
}

function rankStatistic(x: readonly number[], outcome: Outcome, confidence: number): NamedStatistic {
  switch (outcome.kind) {
    case 'number': {
      const { coefficient, ciLow, ciHigh, p, test } = spearman(x, outcome.values, confidence);
      return {
        name: 'Spearman’s ρ',
        n: x.length,
        value: coefficient,
        interval: { ciLow, ciHigh },
        by: 'Bonett–Wright',
        p,
        test,
      };
    }
    case 'yes-no': {
      const of = (wanted: boolean) => x.filter((_, i) => outcome.values[i] === wanted);
      return mannWhitney(of(true), of(false), confidence).rankBiserial;
    }
    case 'groups':
      return kruskalWallis(outcome.levels.map((level) => x.filter((_, i) => outcome.values[i] === level)));
    case 'survival': {
      const [low, high] = thirds(x);
      const groups = [
        outcome.values.filter((_, i) => x[i]! <= low),
        outcome.values.filter((_, i) => x[i]! > low && x[i]! <= high),
        outcome.values.filter((_, i) => x[i]! > high),
      ].filter((group) => group.length > 0);
      const { chiSquare, degreesOfFreedom, p } = logRank(groups);
      const test = { name: 'χ²' as const, value: chiSquare, degreesOfFreedom: [degreesOfFreedom] };
      return { name: 'log-rank of thirds, χ²', n: x.length, value: chiSquare, p, test };
    }
  }
}

function fitted(
  columns: readonly DesignColumn[],
  outcome: Exclude<Outcome, { kind: 'groups' }>,
  confidence: number,
): FittedModel {
  switch (outcome.kind) {
    case 'number':
      return linearModel(columns, outcome.values, confidence);
    case 'yes-no':
      return logisticModel(columns, outcome.values, confidence);
    case 'survival':
      return coxModel(columns, outcome.values, confidence);
  }
}

function perStep(statistic: NamedStatistic, step: number): NamedStatistic {
  const times = (estimate: Estimate): Estimate => ('value' in estimate ? defined(estimate.value * step) : estimate);
  return {
    ...statistic,
    value: times(statistic.value),
    ...(statistic.se ? { se: times(statistic.se) } : {}),
    ...(statistic.interval
      ? { interval: { ciLow: times(statistic.interval.ciLow), ciHigh: times(statistic.interval.ciHigh) } }
      : {}),
  };
}

/** Slopes as they are, the others as ratios. */
function inWords(coefficient: NamedStatistic, { kind }: Outcome): NamedStatistic {
  return kind === 'number' ? coefficient : asRatio(coefficient);
}

function fewEvents({ events, n }: FittedModel, variables: number, { kind }: Outcome): string | undefined {
  if (events === undefined) return undefined;
  const rarer = kind === 'yes-no' ? Math.min(events, n - events) : events;
  if (rarer === 0 || rarer >= EVENTS_PER_VARIABLE * variables) return undefined;
  const what = kind === 'yes-no' ? `${counted(rarer, 'patient')} with the rarer outcome` : counted(rarer, 'event');
  return `${what} for ${counted(variables, 'variable')}`;
}
