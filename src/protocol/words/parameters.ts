/** What "Where this comes from" calls the parameters of provenance, and their values: no name of the code is shown. */
import { formatPlain } from './formatCell.ts';

/** Every parameter that provenance may hold, with its words; one without words does not compile. */
const PARAMETER_LABELS = {
  adjusting: 'Adjusted for',
  against: 'Compared with',
  againstReaders: 'Readers compared with',
  assurance: 'Assurance',
  baseline: 'Numbers summarised',
  baselineWith: 'Groups compared by',
  besideLobes: 'Measured beside the lobes',
  between: 'Readings told apart by',
  biasBetween: 'Bias compared between groups by',
  categories: 'Categories',
  changed: 'Change',
  changeBeyond: 'Beyond the error of measurement from',
  changeOf: 'Columns that changed',
  categoryCounts: 'From ratings counted per case',
  ci: 'Confidence intervals',
  compared: 'Compared',
  consensus: 'Consensus by',
  consensusOf: 'Readers in the consensus',
  counts: 'From tables of counts',
  cutPoints: 'Cut points',
  deciding: 'Voxels decided by',
  derived: 'Derived',
  device: 'Networks ran on',
  difference: 'Interval of the difference',
  editedByHand: 'Edited by hand',
  emphysemaBelow: 'Emphysema in inspiration below',
  expected: 'Expected value',
  gohTieBreaker: 'Tie-breaker of Goh’s stage',
  groups: 'Groups',
  groupsBy: 'Groups by',
  groupTest: 'Test between groups',
  groupedBy: 'Grouped by',
  indices: 'Indices',
  incomplete: 'Patients whom some readers lack',
  joined: 'Tables joined',
  leftOut: 'Left out',
  levels: 'Levels of visual scores',
  level: 'Confidence level',
  limitsOfAgreement: 'Limits of agreement',
  lobesFrom: 'Lobes from the masks',
  margin: 'Margin',
  matching: 'Patients matched',
  measuredTogether: 'Measure of several readings',
  measureLimits: 'Limits of agreement',
  method: 'Method',
  on: 'Measure compared',
  over: 'In the order of',
  ownWeights: 'Weights of the user’s own',
  partFoundBy: 'Part of the CT found by',
  patients: 'Patients planned',
  plan: 'Planned for',
  pooling: 'Pooled',
  power: 'Power',
  presentFrom: 'Present from',
  profileBy: 'Profile by',
  published: 'Checked against a published table',
  readBy: 'Read by',
  readings: 'Readings',
  readingsMeasured: 'Readings',
  registered: 'CTs laid upon each other by',
  regressions: 'Lines of regression',
  readWith: 'Shown to the reader',
  repeatedBy: 'Repeated scans by',
  repeatedOf: 'Repeated measurements of',
  relatedAs: 'Outcomes treated as',
  relatedBy: 'Effects compared between',
  relatedColumn: 'Related',
  relatedWith: 'Related to',
  repeats: 'Cases shown twice',
  repetition: 'Repeated measurements',
  repetitions: 'Bootstrap samples',
  rowsPer: 'A row for each',
  scale: 'Scale',
  seed: 'Seed',
  setting: 'Setting',
  sides: 'Sides of the test',
  statistics: 'Statistics',
  survivalGroups: 'Survival by',
  texturesFrom: 'Textures from the masks',
  trappedBelow: 'Air trapped in expiration below',
  truth: 'True values',
  volumeCorrected: 'Corrected to the lung volume in',
  wanted: 'Width wanted',
  weights: 'Weights of κ',
  where: 'Rows kept where',
  width: 'Width of the interval',
  without: 'Measured without',
  zones: 'Zones of the lungs',
} as const;

export type ParameterName = keyof typeof PARAMETER_LABELS;
export type ParameterValue = string | number | boolean | readonly (string | number)[];

/** Values that are words of a clause, as a reader would say them. */
const VALUE_WORDS: Partial<Readonly<Record<ParameterName, Readonly<Record<string, string>>>>> = {
  weights: { none: 'none (unweighted)' },
  ci: {
    asymptotic: 'by large-sample formulas',
    bootstrap: 'by bootstrap',
    bca: 'by bootstrap (BCa)',
    jackknife: 'by jackknife',
  },
  difference: { bca: 'by bootstrap (BCa)', percentile: 'by bootstrap (percentiles)' },
  limitsOfAgreement: { true: 'of differences', ratios: 'of ratios' },
  measureLimits: { difference: 'of differences', ratio: 'of ratios', trend: 'by regression' },
  baseline: { shape: 'as mean or median, by their shape', mean: 'as means', median: 'as medians' },
  baselineWith: { tests: 'tests', differences: 'standardised differences' },
  groupTest: { ranks: 'of ranks (Mann–Whitney, Kruskal–Wallis)' },
  indices: { published: 'as published' },
  registered: { demons: 'affine map, then diffeomorphic demons on the lungs at 3 mm' },
  relatedAs: { number: 'numbers', 'yes-no': 'yes or no', groups: 'groups', survival: 'time to an event' },
  repetition: { none: 'none' },
};
const UNITS: Partial<Readonly<Record<ParameterName, string>>> = {
  cutPoints: ' %',
  emphysemaBelow: ' HU',
  level: ' %',
  presentFrom: ' %',
  trappedBelow: ' HU',
};

/** A parameter and its value in words; parameters of a newer or older LungNB by their own name, taken apart. */
export function parameterInWords(
  name: string,
  value: ParameterValue,
): { readonly label: string; readonly text: string } {
  const known = Object.hasOwn(PARAMETER_LABELS, name);
  // SAFETY: it is one of the names of the table.
  const own = (known ? name : undefined) as ParameterName | undefined;
  const label = own ? PARAMETER_LABELS[own] : unCamelled(name);
  const said = own && VALUE_WORDS[own]?.[String(value)];
  if (said) return { label, text: said };
  if (typeof value === 'boolean') return { label, text: value ? 'yes' : 'no' };
  const items = (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === 'number' ? formatPlain(item) : String(item),
  );
  return { label, text: `${items.join(', ')}${(own && UNITS[own]) ?? ''}` };
}

/** "someName" becomes "Some name". */
function unCamelled(name: string): string {
  const words = name
    .replace(/[-_]+/g, ' ')
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
