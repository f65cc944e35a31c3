/** `summarise`: the cohort's medians and means per class and region (the study's Table 2), or an agreement as a paper prints it (Tables 3 to 5). */

import { REGIONS, type Region, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { CellValue, TableView } from '../../protocol/view.ts';
import { quantile } from '../agreement/resampling/quantile.ts';
import { counted } from '../base/counted.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { optional } from '../language/declaration.ts';
import { agreementSummary } from '../views/agreementSummary.ts';
import { type PercentRow, percentRows, percentsOf } from '../views/figures/percents.ts';
import { declareVerb } from './verb.ts';

interface Volume {
  readonly patient: string;
  readonly series?: string;
  readonly region: Region;
  readonly volume_ml?: number;
}

export const summarise = declareVerb({
  name: 'summarise',
  summary: 'Shows medians and means per class and region, or an agreement as a paper prints it.',
  documentation:
    'Percent of the region per class: median [first; third quartile] (quartiles by linear interpolation, as R’s default), and mean ± SD for normal lung and for the lungs’ volume. `by region` adds the five lobes. Of an agreement: ρ with its p, the patients in each category on both sides, κ, and the words for both.',
  examples: ['summarise ai by region', 'summarise ag'],
  subject: {
    type: name('measurements', 'table', 'agreement'),
    noun: 'the name of measurements or of an agreement',
    documentation: 'Measurements, a table with `patient`, `region`, `class` and `percent`, or an agreement.',
  },
  clauses: { by: optional(oneOf('region'), '`by region` adds the five lobes.') },
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value }, by }) {
    if (value.kind === 'agreement') return { view: () => agreementSummary(name, value) };
    const rows = percentRows(value.table, name);
    const regions: readonly Region[] = by ? REGIONS : ['total'];
    // A table of classes has no other volume than their sum; measurements know that of the whole region.
    const volumes = (value.kind === 'measurements' ? value.density : value.table).objects() as Volume[];
    return { view: () => ({ ...summaryView(name, rows, volumes, regions), provenance: value.provenance }) };
  },
});

function summaryView(
  name: string,
  rows: readonly PercentRow[],
  volumesMl: readonly Volume[],
  regions: readonly Region[],
): TableView {
  const patients = new Set(rows.map((row) => row.patient)).size;
  const scans = new Set(rows.map(scanOf)).size;
  const lines = TEXTURE_CLASSES.map((textureClass): CellValue[] => [
    TEXTURE_CLASS_LABELS[textureClass],
    ...regions.map((region) => {
      const values = percentsOf(rows, region, textureClass);
      return textureClass === 'normal' ? meanAndSd(values, 1) : medianAndQuartiles(values);
    }),
  ]);
  const volumes = regions.map((region) => meanAndSd(volumesOf(volumesMl, region), 0));
  return {
    type: 'table',
    title: `Summary of ${name}: ${counted(patients, 'patient')}${scans > patients ? `, ${counted(scans, 'CT')}` : ''}`,
    columns: [
      { name: 'class', label: 'Class', kind: 'text' },
      ...regions.map((region) => ({
        name: region,
        label: region === 'total' ? 'Total' : region,
        kind: 'text' as const,
      })),
    ],
    rows: [['Lung volume (ml)', ...volumes], ...lines],
    totalRows: lines.length + 1,
    notes: [
      ...(scans > patients
        ? ['Some patients have several CTs, each of which counts; `load … series` or `filter` leaves one of each.']
        : []),
      'Percent of the region: median [first; third quartile]. Lung volume and normal lung: mean ± standard deviation.',
    ],
    messages: [],
    researchOnly: true,
  };
}

/** A patient may have several CTs, and each has a volume of its own. */
function scanOf({ patient, series }: { readonly patient: string; readonly series?: string }): string {
  return JSON.stringify([patient, series]);
}

function volumesOf(rows: readonly Volume[], region: Region): number[] {
  const volumes = new Map<string, number>();
  for (const row of rows)
    if (row.region === region && row.volume_ml !== undefined)
      volumes.set(scanOf(row), (volumes.get(scanOf(row)) ?? 0) + row.volume_ml);
  return [...volumes.values()];
}

function medianAndQuartiles(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share).toFixed(1);
  return `${at(0.5)} [${at(0.25)}; ${at(0.75)}]`;
}

function meanAndSd(values: readonly number[], digits: number): string | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return mean.toFixed(digits);
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
}
