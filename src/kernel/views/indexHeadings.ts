/** Headings of the table of indices. */
import type { TableViewParts } from './tableView.ts';

const percent = { kind: 'number', unit: '%', digits: 1 } as const;
const density = { kind: 'number', unit: 'g/l', digits: 0 } as const;

export const INDEX_HEADINGS: NonNullable<TableViewParts['columns']> = {
  fibrosis_percent: { ...percent, label: 'Fibrosis', description: 'Reticulation and honeycombing' },
  ild_percent: {
    ...percent,
    label: 'ILD',
    description: 'Ground-glass opacity, consolidation, reticulation, honeycombing',
  },
  qlf_percent: { ...percent, label: 'QLF', description: 'Counterpart of quantitative lung fibrosis: reticulation' },
  qild_percent: { ...percent, label: 'QILD', description: 'Counterpart of quantitative ILD' },
  goh: { label: 'Goh', kind: 'text', description: 'Limited or extensive disease' },
  goh_by: { label: 'Goh by', kind: 'text', description: 'What decided' },
  goh_20: { label: 'Goh at 20 %', kind: 'text', description: 'By 20 % of the lungs alone' },
  perc15_hu: {
    label: 'Perc15',
    kind: 'number',
    unit: 'HU',
    digits: 0,
    description: '15th percentile of the densities',
  },
  perc15_g_per_l: { ...density, label: 'Perc15', description: '15th percentile of the densities' },
  perc15_corrected_g_per_l: { ...density, label: 'Perc15 corrected', description: 'At the reference volume' },
  density_corrected_g_per_l: {
    ...density,
    label: 'Mean corrected',
    description: 'Mean density at the reference volume',
  },
  mass_g: { label: 'Weight', kind: 'number', unit: 'g', digits: 0 },
  volume_ml: { label: 'Volume', kind: 'number', unit: 'ml', digits: 0 },
};

/** "ILD (%)" for `ild_percent`; a column that is no index of ours is called as its table calls it. */
export function indexInWords(column: string): string {
  const heading = Object.hasOwn(INDEX_HEADINGS, column) ? INDEX_HEADINGS[column] : undefined;
  if (heading?.label === undefined) return column;
  return heading.unit === undefined ? heading.label : `${heading.label} (${heading.unit})`;
}
