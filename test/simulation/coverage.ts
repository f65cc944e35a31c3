/**
 * `npm run coverage`: how often each confidence interval holds the truth, over simulated studies of two readings whose
 * true coefficients are known from one sample of a million patients. Writes the table into docs/statistics.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contingencyTable } from '../../src/kernel/agreement/categories/contingency.ts';
import { gwetAgreement } from '../../src/kernel/agreement/categories/gwet.ts';
import { cohenKappa, kappaJackknife } from '../../src/kernel/agreement/categories/kappa.ts';
import { kappaStatistic } from '../../src/kernel/agreement/categories/kappaValue.ts';
import { percentAgreement } from '../../src/kernel/agreement/categories/observedAgreement.ts';
import { blandAltman } from '../../src/kernel/agreement/continuous/blandAltman.ts';
import { concordance } from '../../src/kernel/agreement/continuous/concordance.ts';
import { intraclass } from '../../src/kernel/agreement/continuous/intraclass.ts';
import { kendall } from '../../src/kernel/agreement/correlation/kendall.ts';
import { pearson } from '../../src/kernel/agreement/correlation/pearson.ts';
import { spearman, spearmanStatistic } from '../../src/kernel/agreement/correlation/spearman.ts';
import { type Interval, valueIn } from '../../src/kernel/agreement/estimate.ts';
import { categoryCounts, fleissKappa } from '../../src/kernel/agreement/readers/fleiss.ts';
import { krippendorffAlpha, krippendorffInterval } from '../../src/kernel/agreement/readers/krippendorff.ts';
import { bootstrapInterval } from '../../src/kernel/agreement/resampling/bootstrap.ts';
import { observedSample } from '../../src/kernel/agreement/resampling/resample.ts';
import { createRandom, type Random } from '../../src/kernel/base/random.ts';

const STUDIES = 2000;
const RESAMPLES = 1000;
const SIZES = [20, 50, 107];
const CATEGORIES = 5;
/** Latent values above these fall into categories 1 to 4: most patients in the lower ones, as scores of disease do. */
const CUTS = [0.2, 1, 1.6, 2.2];
const SIGNAL = 0.85;

interface Study {
  readonly left: number[];
  readonly right: number[];
  readonly leftCategory: number[];
  readonly rightCategory: number[];
  /** The categories of three readers, [patient][reader], the first two being left and right. */
  readonly threeReaders: number[][];
  /** Both sides' categories in five lobes of each patient, which are alike, case after case. */
  readonly lobes: { readonly left: number[]; readonly right: number[] };
}

const LOBES = 5;
/** Correlation of the true extent in two lobes of one patient. */
const LOBES_ALIKE = 0.6;

/** `others` draws the third reader and the lobes, so that they do not change what the first two read. */
function drawStudy(random: Random, others: Random, patients: number): Study {
  const reading = (truth: number, by: Random) => SIGNAL * truth + Math.sqrt(1 - SIGNAL * SIGNAL) * by.normal();
  const side = (truth: number) => reading(truth, random);
  const truths = Array.from({ length: patients }, () => random.normal());
  const [left, right] = [truths.map(side), truths.map((truth) => side(truth) + 0.1)];
  const category = (value: number) => CUTS.filter((cut) => value >= cut).length;
  const [leftCategory, rightCategory] = [left.map(category), right.map(category)];
  const threeReaders = truths.map((truth, n) => [
    leftCategory[n]!,
    rightCategory[n]!,
    category(reading(truth, others)),
  ]);
  const lobes = truths.flatMap((truth) =>
    Array.from(
      { length: LOBES },
      () => Math.sqrt(LOBES_ALIKE) * truth + Math.sqrt(1 - LOBES_ALIKE) * others.normal(),
    ).map((lobe) => [category(reading(lobe, others)), category(reading(lobe, others) + 0.1)] as const),
  );
  return {
    left,
    right,
    leftCategory,
    rightCategory,
    threeReaders,
    lobes: { left: lobes.map(([a]) => a), right: lobes.map(([, b]) => b) },
  };
}

const tableOf = (study: Study) => contingencyTable(study.leftCategory, study.rightCategory, CATEGORIES);
const kappaOf = (study: Study) => kappaStatistic(study.leftCategory, study.rightCategory, CATEGORIES, 'linear');
const plan = (method: 'percentile' | 'bca') => ({ repetitions: RESAMPLES, seed: 1, method });

interface Method {
  readonly value: (study: Study) => number | undefined;
  readonly interval: (study: Study) => Interval;
}

const linear = (study: Study) => valueIn(cohenKappa(tableOf(study), 'linear').kappa);
const rho = (study: Study) => valueIn(spearman(study.left, study.right).coefficient);
const METHODS: Readonly<Record<string, Method>> = {
  'κ, unweighted, asymptotic': {
    value: (study) => valueIn(cohenKappa(tableOf(study), 'none').kappa),
    interval: (study) => cohenKappa(tableOf(study), 'none'),
  },
  'κ, linear, asymptotic': { value: linear, interval: (study) => cohenKappa(tableOf(study), 'linear') },
  'κ, linear, jackknife': { value: linear, interval: (study) => kappaJackknife(tableOf(study), 'linear') },
  'κ, linear, bootstrap': {
    value: linear,
    interval: (study) => bootstrapInterval(study.left.length, kappaOf(study), plan('percentile')),
  },
  'κ, linear, BCa': {
    value: linear,
    interval: (study) => bootstrapInterval(study.left.length, kappaOf(study), plan('bca')),
  },
  'agreement, Wilson': {
    value: (study) => valueIn(percentAgreement(tableOf(study)).value),
    interval: (study) => percentAgreement(tableOf(study)),
  },
  'Gwet’s AC1': {
    value: (study) => valueIn(gwetAgreement(tableOf(study), 'none').value),
    interval: (study) => gwetAgreement(tableOf(study), 'none'),
  },
  'Spearman ρ, Bonett–Wright': { value: rho, interval: (study) => spearman(study.left, study.right) },
  'Spearman ρ, bootstrap': {
    value: rho,
    interval: (study) =>
      bootstrapInterval(study.left.length, spearmanStatistic(study.left, study.right), plan('percentile')),
  },
  'Pearson r, Fisher': {
    value: (study) => valueIn(pearson(study.left, study.right).coefficient),
    interval: (study) => pearson(study.left, study.right),
  },
  'Kendall τ-b, Fieller': {
    value: (study) => valueIn(kendall(study.left, study.right).coefficient),
    interval: (study) => kendall(study.left, study.right),
  },
  'ICC(3,1)': {
    value: (study) => valueIn(iccOf(study).icc),
    interval: iccOf,
  },
  'Lin’s concordance': {
    value: (study) => valueIn(concordance(study.left, study.right).concordance),
    interval: (study) => concordance(study.left, study.right),
  },
  'Fleiss’ κ, three readers': { value: (study) => valueIn(fleissOf(study).kappa), interval: fleissOf },
  'Krippendorff’s α, ordinal, three readers, bootstrap': {
    value: ({ threeReaders }) => valueIn(krippendorffAlpha(threeReaders, 'ordinal').alpha),
    interval: ({ threeReaders }) => krippendorffInterval(threeReaders, 'ordinal', plan('percentile')),
  },
  'κ, linear, five lobes pooled, bootstrap over patients': {
    value: (study) => pooledKappaOf(study)(observedSample(study.lobes.left.length)),
    interval: (study) => bootstrapInterval(patientsOf(study), pooledKappaOf(study), plan('percentile')),
  },
  'the same as if lobes were independent': {
    value: (study) => pooledKappaOf(study)(observedSample(study.lobes.left.length)),
    interval: ({ lobes }) => cohenKappa(contingencyTable(lobes.left, lobes.right, CATEGORIES), 'linear'),
  },
  'upper limit of agreement, exact': {
    value: (study) => valueIn(blandAltman(study.left, study.right).upper.limit),
    interval: (study) => blandAltman(study.left, study.right).upper.exact,
  },
};

function fleissOf({ threeReaders }: Study) {
  return fleissKappa(categoryCounts(threeReaders, CATEGORIES)).overall;
}

const pooledKappaOf = ({ lobes }: Study) => kappaStatistic(lobes.left, lobes.right, CATEGORIES, 'linear');

function patientsOf({ left }: Study): number[][] {
  return left.map((_, n) => Array.from({ length: LOBES }, (_case, lobe) => n * LOBES + lobe));
}

function iccOf({ left, right }: Study) {
  return intraclass(left.map((value, n) => [value, right[n]!])).icc31;
}

const large = drawStudy(createRandom('truth'), createRandom('other truth'), 1_000_000);
const truths = new Map(Object.entries(METHODS).map(([name, { value }]) => [name, value(large)!]));
const covered = SIZES.map((patients) => {
  const [random, others] = [createRandom(`coverage ${patients}`), createRandom(`others ${patients}`)];
  const studies = Array.from({ length: STUDIES }, () => drawStudy(random, others, patients));
  return new Map(
    Object.entries(METHODS).map(([name, method]) => [name, coverageOf(method, truths.get(name)!, studies)]),
  );
});
const lines = [
  `| interval | truth | ${SIZES.map((n) => `n ${n}`).join(' | ')} |`,
  `|---|---|${SIZES.map(() => '---|').join('')}`,
  ...Object.keys(METHODS).map(
    (name) =>
      `| ${name} | ${truths.get(name)!.toFixed(2)} | ${covered.map((of) => of.get(name)!.toFixed(1)).join(' | ')} |`,
  ),
];
console.log(lines.join('\n'));
const page = join(import.meta.dirname, '../../docs/statistics.md');
const [before, , after] = readFileSync(page, 'utf8').split(/<!-- coverage (?:begins|ends) -->\n/);
writeFileSync(page, `${before}<!-- coverage begins -->\n${lines.join('\n')}\n<!-- coverage ends -->\n${after}`);

/** Percent of the studies with an interval that holds the truth. */
function coverageOf({ interval }: Method, truth: number, studies: readonly Study[]): number {
  const ends = studies.map((study) => {
    const { ciLow, ciHigh } = interval(study);
    return [valueIn(ciLow), valueIn(ciHigh)] as const;
  });
  const defined = ends.filter(([low, high]) => low !== undefined && high !== undefined);
  return (100 * defined.filter(([low, high]) => low! <= truth && truth <= high!).length) / defined.length;
}
