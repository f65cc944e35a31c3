/** Sentences of the methods paragraph on analyses beside ρ and κ of two readings: measurements, margins, groups, several readers, planning. */
import type { Provenance } from '../view.ts';
import { allOf } from '../words/lists.ts';

type Parameters = Provenance['parameters'];

/** In the order in which a paper has them; each analysis once, with all that was analysed so. */
export function analysisSentences(provenances: readonly Provenance[]): string[] {
  const all = provenances.map(({ parameters }) => parameters);
  return [
    ...planned(all),
    ...consensus(all),
    ...each(all),
    ...groups(all),
    ...margins(all),
    ...independent(all),
    ...counts(all),
    ...voxels(all),
    ...measured(all),
    ...measuredTogether(all),
    ...repeatedScans(all),
    ...changes(all),
  ];
}

function planned(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ plan }) => plan !== undefined),
    ({ plan, expected, patients, level, setting, method, width, power, assurance, against, sides, wanted }) => {
      const of = PLANNED[String(plan)] ?? String(plan);
      const where = setting === undefined ? '' : ` (${setting})`;
      const expecting =
        plan === 'limits' ? `differences with a standard deviation of ${expected}` : `an expected value of ${expected}`;
      const gives =
        power !== undefined
          ? `a power of ${percent(Number(power))} to tell it from ${against} in a ${sides === 1 ? 'one' : 'two'}-sided test at ${percent(1 - Number(level) / 100)}`
          : assurance !== undefined
            ? `a ${level} % interval no wider than ${wanted} with a probability of ${percent(Number(assurance))}`
            : `a ${level} % confidence interval of an expected width of ${rounded(Number(width))}`;
      return `The sample size was planned for ${of}${where}: with ${expecting}, ${patients} patients give ${gives} (method: ${method}).`;
    },
  );
}

const PLANNED: Readonly<Record<string, string>> = {
  kappa: 'κ',
  icc: 'the intraclass correlation',
  limits: 'limits of agreement',
  spearman: 'Spearman’s ρ',
};

function consensus(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter((own) => own.consensus !== undefined),
    (own) =>
      own.consensus === 'majority'
        ? `Of ${own.consensusOf} readings the category that most of them had was taken as their consensus; patients without a single most common category were left out.`
        : `Of ${own.consensusOf} readings the median was taken as their consensus, between two categories the higher one.`,
  );
}

function each(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ against }) => against === 'each'),
    ({ againstReaders, repetitions, seed }) =>
      `One reading was compared with each of ${againstReaders} others; the mean of its κ with all of them has an interval by bootstrap over the patients whom all had read (${repetitions} resamples, seed ${seed}).`,
  );
}

function groups(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ groupsBy }) => groupsBy !== undefined),
    ({ groupsBy, groups }) =>
      `Agreement was compared between ${groups} groups by ${groupsBy}, with a χ² test of homogeneity of κ (Fleiss, Levin and Paik) and of ρ on Fisher’s z scale.`,
  );
}

function margins(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ margin }) => margin !== undefined),
    ({ margin, level }) =>
      `An agreement counted as non-inferior to another where the lower end of the ${level} % confidence interval of their difference in ρ or κ was above −${margin}.`,
  );
}

function independent(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ difference }) => difference === 'independent groups'),
    ({ repetitions, seed, level }) =>
      `Agreements in groups of different patients were compared by bootstrap of each group by itself (${repetitions} resamples, seed ${seed}), with ${level} % percentile intervals and p of the difference as the test of interaction.`,
  );
}

function counts(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ categoryCounts }) => categoryCounts !== undefined),
    ({ level, weights }) =>
      `From counts of readers per category, Fleiss’ κ, Gwet’s ${weights === 'none' ? 'AC1' : 'AC2'} and the percent agreement were computed${weights === 'none' ? '' : ` with ${weights} weights`}, with ${level} % confidence intervals after Gwet.`,
  );
}

/** What `on` says where label maps were compared, and no column. */
const VOXELS = 'voxels';

function voxels(all: readonly Parameters[]): string[] {
  if (!all.some(({ on }) => on === VOXELS)) return [];
  return [
    'Label maps were compared voxel by voxel by the Dice coefficient, the mean distance of the surfaces and the 95th percentile of Hausdorff’s distance (the larger of both directions), between centres of border voxels, and by the difference of volumes.',
  ];
}

/** Comparisons of a column: what their table has, and what was looked at besides. */
function measured(all: readonly Parameters[]): string[] {
  const compared = all.filter(({ on }) => on !== undefined && on !== VOXELS);
  if (compared.length === 0) return [];
  const columns = allOf([...new Set(compared.map(({ on }) => String(on)))]);
  const levels = allOf([...new Set(compared.map(({ level }) => `${level} %`))]);
  const repetitions = new Set(compared.map(({ repetition }) => repetition));
  const looked = new Set(
    compared.flatMap(({ measureLimits }) => (measureLimits === undefined ? [] : [String(measureLimits)])),
  );
  return [
    `The numbers in ${columns} were compared by Pearson’s and Spearman’s correlation, the intraclass correlation for absolute agreement ICC(2,1), Lin’s concordance correlation, and the bias and 95 % limits of agreement of Bland and Altman, with ${levels} confidence intervals.`,
    ...(repetitions.has('none') ? ['Intervals of limits of agreement are exact (Carkeet).'] : []),
    ...(repetitions.has('linked')
      ? [
          'Repeated pairs of measurements of a patient were taken into account by an analysis of variance of their differences (Bland and Altman 1999), with intervals of the limits after Zou; correlations took each patient’s means.',
        ]
      : []),
    ...(repetitions.has('unlinked')
      ? [
          'Repeated measurements of a patient by either side were taken into account by their variance within patients (Bland and Altman 1999), with intervals of the limits after Zou; correlations took each patient’s means.',
        ]
      : []),
    ...(compared.some(({ biasBetween }) => biasBetween !== undefined)
      ? ['Bias was compared between groups by Welch’s test of the differences.']
      : []),
    ...(looked.has('ratio') ? ['Ratios were analysed on the logarithmic scale.'] : []),
    ...(looked.has('trend')
      ? [
          'Limits that follow the mean were computed from the regressions of the difference, and of the size of its residuals, on the mean (Bland and Altman 1999).',
        ]
      : []),
    ...(compared.some(({ regressions }) => regressions !== undefined)
      ? [
          'Lines between both sides were fitted by Deming’s regression, with intervals by the jackknife, and by that of Passing and Bablok.',
        ]
      : []),
  ];
}

function measuredTogether(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter((own) => own.measuredTogether !== undefined),
    (own) =>
      `The ${own.measuredTogether} of ${own.readingsMeasured} sides was compared by the intraclass correlation for absolute agreement ICC(2,1), with ${own.level} % confidence intervals, and by Krippendorff’s α for interval data.`,
  );
}

function repeatedScans(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ repeatedBy }) => repeatedBy !== undefined),
    ({ repeatedBy, repeatedOf, level }) =>
      `Repeated scans of the same patients (${repeatedBy === 'day' ? 'of one day' : `told apart by ${repeatedBy}`}) were compared in ${namesOf(repeatedOf)} by the within-patient standard deviation, the repeatability coefficient (1.96·√2 times it), the within-patient coefficient of variation (root mean square), the intraclass correlation for absolute agreement ICC(2,1), and bias with 95 % limits of agreement, with ${level} % confidence intervals.`,
  );
}

function changes(all: readonly Parameters[]): string[] {
  return distinct(
    all.filter(({ changed }) => changed !== undefined),
    ({ changed, changeOf, changeBeyond }) => {
      const isSlope = String(changed).startsWith('slope');
      const how = isSlope
        ? `as the ${changed} of the line of least squares through all visits of a patient`
        : `from ${changed}, patient by patient`;
      const beyond =
        changeBeyond === undefined ? '' : ` A change counted as beyond the error of measurement above ${changeBeyond}.`;
      return `Change of ${namesOf(changeOf)} was taken ${how}; its mean was tested by the paired t test.${beyond}`;
    },
  );
}

function namesOf(columns: Parameters[keyof Parameters]): string {
  return allOf([columns].flat().map(String));
}

/** Each sentence once. */
function distinct(all: readonly Parameters[], sentence: (parameters: Parameters) => string): string[] {
  return [...new Set(all.map(sentence))];
}

function percent(share: number): string {
  return `${rounded(100 * share)} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
