/**
 * Agreement of any number of readers beyond chance, with weights and with missing readings: Gwet's AC1 and AC2,
 * Brennan & Prediger's coefficient, Fleiss' generalised κ, Conger's κ, and the percent agreement they correct (Gwet,
 * Handbook of Inter-Rater Reliability, 4th ed. 2014; standard errors as Gwet, Br J Math Stat Psychol 2008).
 */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { ROUNDING } from '../categories/kappaValue.ts';
import { agreementWeights, type Weights } from '../categories/weights.ts';
import type { Readings } from '../completeCases.ts';
import { defined, type Estimate, type Interval, noInterval, undefinedBecause } from '../estimate.ts';
import { tInterval } from '../tInterval.ts';

export interface ReaderCoefficient extends Interval {
  /** At most 1; of percent agreement 0–1. */
  readonly value: Estimate;
  readonly se: Estimate;
  /** Two-sided, against 0, by t with one degree of freedom less than there are patients; none of percent agreement. */
  readonly p?: Estimate;
}

export interface ReaderCoefficients {
  /** Patients with at least one reading, and those with two or more, who alone can agree. */
  readonly patients: number;
  readonly paired: number;
  readonly percentAgreement: ReaderCoefficient;
  readonly gwet: ReaderCoefficient;
  readonly brennanPrediger: ReaderCoefficient;
  readonly fleiss: ReaderCoefficient;
  /** Undefined with its reason where only counts are known, and not whose they are. */
  readonly conger: ReaderCoefficient;
}

/** [patient][category]: how many readers chose it; patients may have different numbers of readers. */
export type Counts = readonly (readonly number[])[];

/** Readings are categories from 0, [patient][reader]; patients without any reading are left out. */
export function readerCoefficients(
  readings: Readings,
  categories: number,
  weights: Weights,
  confidence = 0.95,
): ReaderCoefficients {
  const read = readings.filter((row) => row.some((category) => category !== undefined));
  const counts = read.map((row) => {
    const own = new Array<number>(categories).fill(0);
    for (const category of row) if (category !== undefined) own[category]!++;
    return own;
  });
  const basis = basisOf(counts, categories, weights);
  if (typeof basis === 'string') return withoutValues(counts, basis);
  return { ...fromBasis(basis, confidence), conger: conger(read, basis, confidence) };
}

/** The same of counts alone, as Fleiss (Psychol Bull 1971) prints them. */
export function coefficientsOfCounts(
  counts: Counts,
  categories: number,
  weights: Weights,
  confidence = 0.95,
): ReaderCoefficients {
  const read = counts.filter((row) => row.some((count) => count > 0));
  const basis = basisOf(read, categories, weights);
  if (typeof basis === 'string') return withoutValues(read, basis);
  const unknown = 'Conger’s κ needs to know which reading is whose, and counts do not say it';
  return { ...fromBasis(basis, confidence), conger: none(unknown) };
}

/** What all coefficients are made of. */
interface Basis {
  readonly counts: Counts;
  readonly weight: Float64Array;
  readonly categories: number;
  /** Readers of each patient. */
  readonly readers: readonly number[];
  readonly paired: number;
  /** Weighted share of agreeing pairs of readers, of each patient (0 for those with one reading) and of all. */
  readonly agreements: readonly number[];
  readonly agreement: number;
  /** Mean share of each category over patients. */
  readonly shares: readonly number[];
}

/** Or the reason why there is nothing to compute. */
function basisOf(counts: Counts, categories: number, weights: Weights): Basis | string {
  const readers = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const paired = readers.filter((count) => count >= 2).length;
  if (categories < 2) return 'a scale of one category has no agreement to measure';
  if (paired < 1 || counts.length < 2)
    return 'agreement of several readers needs at least 2 patients, one of them read twice';
  const weight = agreementWeights(weights, categories);
  const agreements = counts.map((row, i) => {
    if (readers[i]! < 2) return 0;
    const sum = row.reduce((total, count, k) => {
      const weighted = row.reduce((s, other, l) => s + weight[k * categories + l]! * other, 0);
      return total + count * (weighted - 1);
    }, 0);
    return sum / (readers[i]! * (readers[i]! - 1));
  });
  return {
    counts,
    weight,
    categories,
    readers,
    paired,
    agreements,
    agreement: agreements.reduce((a, b) => a + b, 0) / paired,
    shares: Array.from(
      { length: categories },
      (_, k) => counts.reduce((sum, row, i) => sum + row[k]! / readers[i]!, 0) / counts.length,
    ),
  };
}

function fromBasis(basis: Basis, confidence: number): Omit<ReaderCoefficients, 'conger'> {
  const { counts, weight, categories: k, readers, shares } = basis;
  const total = weight.reduce((a, b) => a + b, 0);
  const scale = total / (k * (k - 1));
  const gwetChance = scale * shares.reduce((sum, share) => sum + share * (1 - share), 0);
  const expected = shares.map((_, c) =>
    shares.reduce((sum, share, l) => sum + ((weight[c * k + l]! + weight[l * k + c]!) / 2) * share, 0),
  );
  const fleissChance = shares.reduce((sum, share, c) => sum + share * expected[c]!, 0);
  /** Of each patient, the mean of `terms` over its readings. */
  const ofPatients = (terms: readonly number[]) =>
    counts.map((row, i) => row.reduce((sum, count, c) => sum + count * terms[c]!, 0) / readers[i]!);
  return {
    patients: counts.length,
    paired: basis.paired,
    percentAgreement: agreementOf(basis, confidence),
    gwet: corrected(basis, gwetChance, ofPatients(shares.map((share) => scale * (1 - share))), confidence),
    brennanPrediger: corrected(
      basis,
      total / k ** 2,
      counts.map(() => total / k ** 2),
      confidence,
    ),
    fleiss: corrected(basis, fleissChance, ofPatients(expected), confidence),
  };
}

function agreementOf({ counts, agreements, agreement, paired }: Basis, confidence: number): ReaderCoefficient {
  const n = counts.length;
  const influence = agreements.map((own) => (own * n) / paired);
  const se = standardError(influence, agreement);
  return {
    value: defined(agreement),
    se: defined(se),
    ...tInterval(agreement, se, { degreesOfFreedom: n - 1, confidence, within: [0, 1] }),
  };
}

/** (pa − pe)/(1 − pe) with the influence of each patient through both; `chances` are the patients' parts of pe. */
function corrected(
  { counts, readers, agreements, agreement, paired }: Basis,
  chance: number,
  chances: readonly number[],
  confidence: number,
): ReaderCoefficient {
  if (1 - chance < ROUNDING) return none('all readings are in one category, so nothing exceeds chance');
  const n = counts.length;
  const value = (agreement - chance) / (1 - chance);
  const influence = agreements.map((own, i) => {
    const excess = readers[i]! >= 2 ? ((n / paired) * (own - chance)) / (1 - chance) : 0;
    return excess - (2 * (1 - value) * (chances[i]! - chance)) / (1 - chance);
  });
  const se = standardError(influence, value);
  return {
    value: defined(value),
    se: defined(se),
    ...tInterval(value, se, { degreesOfFreedom: n - 1, confidence, within: [-1, 1] }),
    p:
      se > 0
        ? defined(2 * tCdf(-Math.abs(value) / se, n - 1))
        : undefinedBecause('the patients do not differ, so there is no variance to test against'),
  };
}

function standardError(influence: readonly number[], value: number): number {
  const n = influence.length;
  const squares = influence.reduce((sum, own) => sum + (own - value) ** 2, 0);
  return squares < ROUNDING ** 2 * n ? 0 : Math.sqrt(squares / (n * (n - 1)));
}

/** Conger's κ (Psychol Bull 1980): chance from each reader's own use of the categories. */
function conger(readings: Readings, basis: Basis, confidence: number): ReaderCoefficient {
  const { weight, categories: k } = basis;
  const n = readings.length;
  const used = (readings[0] ?? []).map((_, g) => readings.filter((row) => row[g] !== undefined).length);
  const readers = used.flatMap((count, g) => (count > 0 ? [g] : []));
  const r = readers.length;
  if (r < 2) return none('there are fewer than two readers');
  const shares = readers.map((g) =>
    Array.from({ length: k }, (_, c) => readings.filter((row) => row[g] === c).length / used[g]!),
  );
  const sums = Array.from({ length: k }, (_, c) => shares.reduce((sum, own) => sum + own[c]!, 0));
  /** What a reading of category c by reader g expects to agree with, over all other readers. */
  const expected = readers.map((_, g) =>
    Array.from({ length: k }, (_, c) =>
      sums.reduce((sum, all, l) => sum + ((weight[c * k + l]! + weight[l * k + c]!) / 2) * (all - shares[g]![l]!), 0),
    ),
  );
  const chance =
    expected.reduce((sum, own, g) => sum + own.reduce((s, e, c) => s + e * shares[g]![c]!, 0), 0) / (r * (r - 1));
  const means = expected.map((own, g) => own.reduce((sum, e, c) => sum + e * shares[g]![c]!, 0));
  const chances = readings.map(
    (row) =>
      readers.reduce((sum, reader, g) => {
        const category = row[reader];
        const read = category === undefined ? 0 : (n / used[reader]!) * (expected[g]![category]! - means[g]!);
        return sum + read + means[g]!;
      }, 0) /
      (r * (r - 1)),
  );
  return corrected(basis, chance, chances, confidence);
}

function withoutValues(counts: Counts, reason: string): ReaderCoefficients {
  const paired = counts.filter((row) => row.reduce((a, b) => a + b, 0) >= 2).length;
  const nothing = none(reason);
  return {
    patients: counts.length,
    paired,
    percentAgreement: nothing,
    gwet: nothing,
    brennanPrediger: nothing,
    fleiss: nothing,
    conger: nothing,
  };
}

function none(reason: string): ReaderCoefficient {
  const nothing = undefinedBecause(reason);
  return { value: nothing, se: nothing, p: nothing, ...noInterval(reason) };
}
