/** Tables as they are shown: headings, decimals, and the first rows of long ones. */
import type { ColumnTable } from 'arquero';
import type { CellValue, Provenance, TableColumn, TableView } from '../../protocol/view.ts';
import { ownValue } from '../base/plainKeys.ts';
import { rowsOf } from '../tables/rows.ts';
import { levelIn } from './level.ts';

/** Rows that can be looked at; `export` writes all of them. */
const ROWS_SHOWN = 10_000;

/** Headings, units and decimals of the columns of the contract. */
const KNOWN_COLUMNS: Readonly<Record<string, Omit<TableColumn, 'name'>>> = {
  patient: { label: 'Patient', kind: 'text' },
  series: { label: 'Series', kind: 'text' },
  region: { label: 'Region', kind: 'text' },
  class: { label: 'Class', kind: 'text' },
  reader: { label: 'Reader', kind: 'text' },
  volume_ml: { label: 'Volume', kind: 'number', unit: 'ml', digits: 1 },
  percent: { label: 'Percent', kind: 'number', unit: '%', digits: 1, description: 'Share of the region’s volume' },
  score: { label: 'Score', kind: 'number', digits: 0, description: 'Category from 0 (none) upwards' },
  n: { label: 'n', kind: 'number', digits: 0, description: 'Patients with a value on both sides' },
  missing: {
    label: 'Missing',
    kind: 'number',
    digits: 0,
    description: 'Patients without a value on one side or the other',
  },
  rho: { label: 'ρ', kind: 'number', digits: 2, description: 'Spearman’s rank correlation' },
  rho_ci_low: {
    label: 'ρ low',
    kind: 'number',
    digits: 2,
    description: 'Lower bound of the 95 % confidence interval of ρ',
  },
  rho_ci_high: {
    label: 'ρ high',
    kind: 'number',
    digits: 2,
    description: 'Upper bound of the 95 % confidence interval of ρ',
  },
  rho_p: { label: 'p (ρ)', kind: 'p-value', digits: 3 },
  kappa: { label: 'κ', kind: 'number', digits: 2, description: 'Cohen’s kappa' },
  kappa_se: { label: 'SE (κ)', kind: 'number', digits: 3 },
  kappa_ci_low: {
    label: 'κ low',
    kind: 'number',
    digits: 2,
    description: 'Lower bound of the 95 % confidence interval of κ',
  },
  kappa_ci_high: {
    label: 'κ high',
    kind: 'number',
    digits: 2,
    description: 'Upper bound of the 95 % confidence interval of κ',
  },
  kappa_p: { label: 'p (κ)', kind: 'p-value', digits: 3 },
  weights: { label: 'Weights', kind: 'text', description: 'Weights of κ' },
  percent_agreement: {
    label: 'Agreement',
    kind: 'number',
    unit: '%',
    digits: 0,
    description: 'Pairs in the same category',
  },
  kappa_max: { label: 'κ max', kind: 'number', digits: 2, description: 'Largest unweighted κ that the margins allow' },
  pabak: {
    label: 'PABAK',
    kind: 'number',
    digits: 2,
    description: 'Prevalence- and bias-adjusted κ, on all categories of the scale',
  },
  ac1: { label: 'AC1', kind: 'number', digits: 2, description: 'Gwet’s AC1, on all categories of the scale' },
  prevalence_index: {
    label: 'Prevalence',
    kind: 'number',
    digits: 2,
    description: 'Prevalence index of the lowest category against all above it',
  },
  bias_index: {
    label: 'Bias',
    kind: 'number',
    digits: 2,
    description: 'Bias index of the lowest category against all above it',
  },
  strength_rho: { label: 'Correlation', kind: 'text' },
  strength_kappa: { label: 'Agreement (κ)', kind: 'text' },
  fleiss_kappa: { label: 'Fleiss κ', kind: 'number', digits: 2 },
  fleiss_ci_low: { label: 'κ low', kind: 'number', digits: 2 },
  fleiss_ci_high: { label: 'κ high', kind: 'number', digits: 2 },
  alpha_nominal: { label: 'α nominal', kind: 'number', digits: 2, description: 'Krippendorff’s α' },
  alpha_ordinal: { label: 'α ordinal', kind: 'number', digits: 2, description: 'Krippendorff’s α' },
  alpha_interval: { label: 'α interval', kind: 'number', digits: 2, description: 'Krippendorff’s α' },
  icc: { label: 'ICC(2,1)', kind: 'number', digits: 2 },
  icc_ci_low: { label: 'ICC low', kind: 'number', digits: 2 },
  icc_ci_high: { label: 'ICC high', kind: 'number', digits: 2 },
  mean_pairwise_kappa: { label: 'Mean pairwise κ', kind: 'number', digits: 2, description: 'Light’s κ' },
  rho_difference: { label: 'Δρ', kind: 'number', digits: 2 },
  kappa_difference: { label: 'Δκ', kind: 'number', digits: 2 },
  rho_p_holm: { label: 'p (ρ, Holm)', kind: 'p-value', digits: 3 },
  rho_p_bh: { label: 'p (ρ, BH)', kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg' },
  kappa_p_holm: { label: 'p (κ, Holm)', kind: 'p-value', digits: 3 },
  kappa_p_bh: { label: 'p (κ, BH)', kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg' },
  fleiss_p: { label: 'p (Fleiss κ)', kind: 'p-value', digits: 3 },
  kappa_least: { label: 'Least κ', kind: 'number', digits: 2 },
  kappa_most: { label: 'Largest κ', kind: 'number', digits: 2 },
  readers: { label: 'Readers', kind: 'text' },
  findings: { label: 'Does not add up', kind: 'prose' },
  statistic: { label: 'Statistic', kind: 'text' },
  se: { label: 'SE', kind: 'number', digits: 3, description: 'Standard error of the value' },
  interval: { label: 'Interval by', kind: 'text', description: 'How the confidence interval is made' },
  test: { label: 'Test', kind: 'text', description: 'What p is of' },
  test_value: { label: 'Test value', kind: 'number', digits: 2, description: 'Value of t, z, F or χ²' },
  df1: { label: 'df', kind: 'number', digits: 0, description: 'Degrees of freedom; of F those above' },
  df2: { label: 'df below', kind: 'number', digits: 0, description: 'Degrees of freedom of F, those below' },
  value: { label: 'Value', kind: 'number', digits: 3 },
  ci_low: { label: 'CI low', kind: 'number', digits: 3, description: 'Lower bound of the 95 % confidence interval' },
  ci_high: { label: 'CI high', kind: 'number', digits: 3, description: 'Upper bound of the 95 % confidence interval' },
  p: { label: 'p', kind: 'p-value', digits: 3 },
  p_holm: { label: 'p (Holm)', kind: 'p-value', digits: 3, description: 'Adjusted within each statistic' },
  p_bh: { label: 'p (BH)', kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg, within each statistic' },
  note: { label: 'Note', kind: 'prose' },
  mean_hu: { label: 'Mean', kind: 'number', unit: 'HU', digits: 0 },
  sd_hu: { label: 'SD', kind: 'number', unit: 'HU', digits: 0 },
  hu_p05: { label: '5th percentile', kind: 'number', unit: 'HU', digits: 0 },
  hu_p50: { label: 'Median', kind: 'number', unit: 'HU', digits: 0 },
  hu_p95: { label: '95th percentile', kind: 'number', unit: 'HU', digits: 0 },
  laa950_percent: {
    label: 'LAA−950',
    kind: 'number',
    unit: '%',
    digits: 1,
    description: 'Low attenuation area: voxels below −950 HU',
  },
  haa_percent: {
    label: 'HAA',
    kind: 'number',
    unit: '%',
    digits: 1,
    description: 'High attenuation area: voxels from −600 to −250 HU',
  },
  hu_p15: { label: '15th percentile', kind: 'number', unit: 'HU', digits: 0 },
  skewness: { label: 'Skewness', kind: 'number', digits: 2, description: 'Of the densities' },
  kurtosis: {
    label: 'Kurtosis',
    kind: 'number',
    digits: 2,
    description: 'Of the densities, 0 for a normal distribution',
  },
};

export interface TableViewParts {
  readonly title: string;
  readonly notes?: readonly string[];
  readonly researchOnly: boolean;
  readonly provenance?: Provenance;
  /** Headings of columns that only this table has. */
  readonly columns?: Readonly<Record<string, Omit<TableColumn, 'name'>>>;
}

export function tableView(table: ColumnTable, parts: TableViewParts): TableView {
  const level = levelIn(parts.provenance);
  const names = table.columnNames();
  const columns = names.map((name): TableColumn => {
    const own = ownValue(parts.columns, name) ?? atLevel(ownValue(KNOWN_COLUMNS, name), level) ?? columnOf(name, table);
    const interval = intervalOf(name, names);
    return interval ? { name, ...own, label: `${own.label} [${level} CI]`, interval } : { name, ...own };
  });
  const shown = rowsOf(table.slice(0, ROWS_SHOWN).reify());
  return {
    type: 'table',
    title: parts.title,
    columns,
    rows: shown.map((row) => names.map((name) => cellOf(row[name]))),
    totalRows: table.numRows(),
    notes: parts.notes ?? [],
    messages: [],
    researchOnly: parts.researchOnly,
    ...(parts.provenance ? { provenance: parts.provenance } : {}),
  };
}

/** The columns with the ends of the confidence interval of a column's values. */
function intervalOf(name: string, names: readonly string[]): TableColumn['interval'] {
  const stem = name === 'value' ? '' : `${name.replace(/_(kappa|difference)$/, '')}_`;
  const ends = [`${stem}ci_low`, `${stem}ci_high`] as const;
  const isOfAnother = names.includes(`${name}_difference`);
  return !isOfAnother && ends.every((end) => names.includes(end)) ? ends : undefined;
}

function columnOf(name: string, table: ColumnTable): Omit<TableColumn, 'name'> {
  const values = table.array(name);
  const numeric = Array.from(values).every(
    (value) => value === null || value === undefined || typeof value === 'number',
  );
  return { label: name, kind: numeric ? 'number' : 'text' };
}

/** Undefined and NaN become null, which is shown as an empty cell. */
function cellOf(value: unknown): CellValue {
  if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value))) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}

/** Of a known column, with the confidence that its intervals have. */
function atLevel(column: Omit<TableColumn, 'name'> | undefined, level: string): Omit<TableColumn, 'name'> | undefined {
  return column?.description?.includes('95 %')
    ? { ...column, description: column.description.replace('95 %', level) }
    : column;
}
