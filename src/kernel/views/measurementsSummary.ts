/** A cohort's medians and means per class and region, as a study prints them in its Table 2. */
import type { ColumnTable } from 'arquero';
import { LUNG_REGIONS, type Region } from '../../protocol/names.ts';
import type { CellValue, TableView } from '../../protocol/view.ts';
import { classLabel, regionLabel } from '../../protocol/words/displayNames.ts';
import { counted } from '../base/counted.ts';
import { regionOf } from '../base/labels.ts';
import { remembering } from '../base/remembering.ts';
import { UserError } from '../base/userError.ts';
import { numberInCell } from '../tables/cellNumber.ts';
import { rowsOf } from '../tables/rows.ts';
import { measuredClasses } from '../values/measuredClasses.ts';
import type { MeasurementsValue, TableValue } from '../values/value.ts';
import { type PercentRow, percentRows, percentsOf } from './figures/percents.ts';
import { meanAndSd, medianAndQuartiles } from './spread.ts';

interface Volume extends Pick<PercentRow, 'patient' | 'series' | 'region'> {
  /** Undefined where it is missing. */
  readonly volumeMl: number | undefined;
}

/** `regionsOf` chooses among regions by whether the table has rows of them. Throws a UserError where it has no percentages. */
export function measurementsSummary(
  name: string,
  value: MeasurementsValue | TableValue,
  regionsOf: (has: (region: Region) => boolean) => readonly Region[],
): TableView {
  const rows = percentRows(value.table, name);
  const known = new Set(rows.map(({ region }) => region));
  const regions = regionsOf((region) => known.has(region));
  // A table of classes has no other volume than their sum; measurements know that of the whole region.
  const volumesMl = volumesIn(value.kind === 'measurements' ? value.density : value.table, name);
  const patients = new Set(rows.map((row) => row.patient)).size;
  const scans = new Set(rows.map(scanOf)).size;
  const classes = measuredClasses(value);
  const volumes = regions.map((region) => meanAndSd(volumesOf(volumesMl, region), 0));
  const cells = classes.map((textureClass) =>
    regions.map((region) => {
      const values = percentsOf(rows, region, textureClass);
      return textureClass === 'normal' ? meanAndSd(values, 1) : medianAndQuartiles(values, 1);
    }),
  );
  const laidOut = regions.every((region) => LUNG_REGIONS.some((own) => own === region))
    ? classesDown(regions, classes, volumes, cells)
    : regionsDown(regions, classes, volumes, cells);
  return {
    type: 'table',
    title: `Summary of ${name}: ${counted(patients, 'patient')}${scans > patients ? `, ${counted(scans, 'CT')}` : ''}`,
    ...laidOut,
    totalRows: laidOut.rows.length,
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

const VOLUME = 'Lung volume (ml)';
type Summaries = readonly CellValue[];

/** As a study prints it: a row per class, a column per lobe. */
function classesDown(
  regions: readonly Region[],
  classes: readonly string[],
  volumes: Summaries,
  cells: readonly Summaries[],
): Pick<TableView, 'columns' | 'rows'> {
  return {
    columns: [
      { name: 'class', label: 'Class', kind: 'text' },
      ...regions.map((region) => ({ name: region, label: regionLabel(region), kind: 'text' as const })),
    ],
    rows: [[VOLUME, ...volumes], ...classes.map((name, n): CellValue[] => [classLabel(name), ...cells[n]!])],
  };
}

/** Zones and levels are too many for columns. */
function regionsDown(
  regions: readonly Region[],
  classes: readonly string[],
  volumes: Summaries,
  cells: readonly Summaries[],
): Pick<TableView, 'columns' | 'rows'> {
  return {
    columns: [
      { name: 'region', label: 'Region', kind: 'text' },
      { name: 'volume_ml', label: VOLUME, kind: 'text' },
      ...classes.map((name) => ({ name, label: classLabel(name), kind: 'text' as const })),
    ],
    rows: regions.map((region, r): CellValue[] => [regionLabel(region), volumes[r]!, ...cells.map((own) => own[r]!)]),
  };
}

/** A patient may have several CTs, and each has a volume of its own. */
function scanOf({ patient, series }: { readonly patient: string; readonly series?: string }): string {
  return series === undefined ? patient : `${patient}\0${series}`;
}

function volumesIn(table: ColumnTable, name: string): Volume[] {
  const regionIn = remembering((text) => regionOf(text) ?? 'total');
  return rowsOf(table).map((row, n) => {
    const volumeMl = numberInCell(row.volume_ml);
    if (volumeMl === 'other')
      throw new UserError(
        'not-a-number',
        `"${row.volume_ml}" in row ${n + 1}, column volume_ml of \`${name}\` is not a number.`,
      );
    const series = row.series === undefined || row.series === null ? {} : { series: String(row.series) };
    const region = regionIn(String(row.region ?? ''));
    return { patient: String(row.patient ?? '').trim(), ...series, region, volumeMl };
  });
}

/** A sum without one of its parts is none. */
function volumesOf(rows: readonly Volume[], region: Region): number[] {
  const scans = Map.groupBy(
    rows.filter((row) => row.region === region),
    scanOf,
  );
  return [...scans.values()].flatMap((parts) => {
    const known = parts.flatMap(({ volumeMl }) => volumeMl ?? []);
    return known.length === parts.length ? [known.reduce((a, b) => a + b, 0)] : [];
  });
}
