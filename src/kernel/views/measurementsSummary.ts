/** A cohort's medians and means per class and region, as a study prints them in its Table 2. */
import { type Region, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { CellValue, TableView } from '../../protocol/view.ts';
import { formatNumber } from '../../protocol/words/formatCell.ts';
import { quantile } from '../agreement/resampling/quantile.ts';
import { counted } from '../base/counted.ts';
import type { MeasurementsValue, TableValue } from '../values/value.ts';
import { percentRows, percentsOf } from './figures/percents.ts';

interface Volume {
  readonly patient: string;
  readonly series?: string;
  readonly region: Region;
  readonly volume_ml?: number;
}

/** Throws a UserError where the table has no percentages. */
export function measurementsSummary(
  name: string,
  value: MeasurementsValue | TableValue,
  regions: readonly Region[],
): TableView {
  const rows = percentRows(value.table, name);
  // A table of classes has no other volume than their sum; measurements know that of the whole region.
  // SAFETY: `percentRows` has refused a table without these columns; a volume may be missing.
  const volumesMl = (value.kind === 'measurements' ? value.density : value.table).objects() as Volume[];
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
    provenance: value.provenance,
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
  const at = (share: number) => formatNumber(quantile(sorted, share), 1);
  return `${at(0.5)} [${at(0.25)}; ${at(0.75)}]`;
}

function meanAndSd(values: readonly number[], digits: number): string | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return formatNumber(mean, digits);
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return `${formatNumber(mean, digits)} ± ${formatNumber(sd, digits)}`;
}
