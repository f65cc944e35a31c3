/** A row per patient, as a spreadsheet of readings has it, of tables that have a row per patient, region and class. */
import { REGIONS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { CellValue, Provenance, TableColumn, TableView } from '../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../protocol/words/displayNames.ts';
import { anyOf } from '../../protocol/words/lists.ts';
import type { AgreementPairs, ComparedRegion } from '../agreement/agreementTable.ts';
import { classOf, regionOf } from '../base/labels.ts';
import { naturally } from '../base/naturally.ts';
import { UserError } from '../base/userError.ts';
import { numberInCell } from '../tables/cellNumber.ts';
import { rowsOf } from '../tables/rows.ts';
import type { AgreementValue, MeasurementsValue, TableValue } from '../values/value.ts';

/** Readings that a row may hold, with how they are shown. */
const READINGS = {
  percent: { unit: '%', digits: 1 },
  score: { digits: 0 },
} as const;
type Reading = keyof typeof READINGS;

/** Column by column, the cells of each row by its key. */
interface Column extends TableColumn {
  readonly cells: ReadonlyMap<string, CellValue>;
}

/** `region` is the one whose readings are shown. Throws a UserError where there are none. */
export function patientsView(name: string, value: MeasurementsValue | TableValue, region: ComparedRegion): TableView {
  const { table } = value;
  const column = (wanted: string) => table.columnNames().find((own) => own.trim().toLowerCase() === wanted);
  const [patient, textureClass, place, series] = ['patient', 'class', 'region', 'series'].map(column);
  const readings = (['percent', 'score'] as const).filter((reading) => column(reading) !== undefined);
  if (patient === undefined || textureClass === undefined || readings.length === 0)
    throw new UserError(
      'missing-columns',
      `\`${name}\` cannot be shown with a row per patient: that takes the columns \`patient\`, \`class\`, and \`percent\` or \`score\`; it has ${table.columnNames().join(', ')}.`,
    );
  const regionIn = (row: Record<string, unknown>) =>
    place === undefined ? 'total' : regionOf(String(row[place] ?? ''));
  const rows = rowsOf(table).filter((row) => regionIn(row) === region);
  if (rows.length === 0) throw noSuchRegion(name, region, rowsOf(table).map(regionIn));
  const scans = series !== undefined && hasSeveral(rows, patient, series) ? series : undefined;
  const keyOf = (row: Record<string, unknown>) =>
    [row[patient], ...(scans === undefined ? [] : [row[scans]])].map((part) => String(part ?? '').trim()).join('\n');
  const columns = columnsOf(rows, { keyOf, textureClass, readings });
  return viewOf({
    title: `${name}: a row per ${scans === undefined ? 'patient' : 'CT'}, ${regionInText(region)}`,
    keys: [...new Set(rows.map(keyOf))],
    labels: scans === undefined ? ['patient'] : ['patient', 'series'],
    columns: [...volumesOf(value, region, scans !== undefined), ...columns],
    researchOnly: value.kind === 'measurements',
    provenance: value.provenance,
  });
}

/** What both sides have of every patient, class by class. */
export function patientsOfAgreement(
  name: string,
  value: AgreementValue,
  wanted: ComparedRegion | undefined,
): TableView {
  const { pairs, names, isPercent, provenance } = value;
  const region = wanted ?? pairs[0]?.region ?? 'total';
  const groups = pairs.filter((group) => group.region === region);
  if (groups.length === 0)
    throw noSuchRegion(
      name,
      region,
      pairs.map((group) => group.region),
    );
  const keyOf = ({ patient, lobe }: AgreementPairs['pairs'][number]) => [patient, ...(lobe ? [lobe] : [])].join('\n');
  const columns = groups.flatMap((group) =>
    (['left', 'right'] as const).map((side): Column => {
      const reading = isPercent[side] ? 'percent' : 'score';
      return {
        name: `${group.class}_${side}`,
        label: `${classLabel(group.class)}, ${names[side]}`,
        kind: 'number',
        ...READINGS[reading],
        cells: new Map(group.pairs.map((pair) => [keyOf(pair), pair[side]])),
      };
    }),
  );
  return viewOf({
    title: `${name}: a row per ${region === 'lobes' ? 'patient and lobe' : 'patient'}, ${regionInText(region)}`,
    keys: [...new Set(groups.flatMap((group) => group.pairs.map(keyOf)))],
    labels: region === 'lobes' ? ['patient', 'region'] : ['patient'],
    columns,
    researchOnly: true,
    provenance,
  });
}

interface PatientRows {
  readonly title: string;
  /** Of each row: its labels, one a line. */
  readonly keys: readonly string[];
  readonly labels: readonly ('patient' | 'series' | 'region')[];
  readonly columns: readonly Column[];
  readonly researchOnly: boolean;
  readonly provenance: Provenance;
}

const LABELS = { patient: 'Patient', series: 'Series', region: 'Lobe' } as const;

function viewOf({ title, keys, labels, columns, researchOnly, provenance }: PatientRows): TableView {
  const sorted = [...keys].sort(naturally);
  return {
    type: 'table',
    title,
    columns: [
      ...labels.map((name) => ({ name, label: LABELS[name], kind: 'text' }) as const),
      ...columns.map(({ cells: _, ...column }) => column),
    ],
    rows: sorted.map((key) => [...key.split('\n'), ...columns.map(({ cells }) => cells.get(key) ?? null)]),
    totalRows: sorted.length,
    notes: [],
    messages: [],
    researchOnly,
    provenance,
  };
}

function columnsOf(
  rows: readonly Record<string, unknown>[],
  {
    keyOf,
    textureClass,
    readings,
  }: {
    readonly keyOf: (row: Record<string, unknown>) => string;
    readonly textureClass: string;
    readonly readings: readonly Reading[];
  },
): Column[] {
  const classIn = (row: Record<string, unknown>) => {
    const text = String(row[textureClass] ?? '').trim();
    return classOf(text) ?? text;
  };
  const found = new Set(rows.map(classIn));
  const known: readonly string[] = TEXTURE_CLASSES;
  const classes = [...known.filter((name) => found.has(name)), ...[...found].filter((name) => !known.includes(name))];
  return readings.flatMap((reading) =>
    classes.map((name): Column => {
      const own = rows.filter((row) => classIn(row) === name);
      return {
        name: `${name}_${reading}`,
        label: reading === 'score' && readings.length > 1 ? `Score of ${classInText(name)}` : classLabel(name),
        kind: 'number',
        ...READINGS[reading],
        cells: new Map(own.map((row) => [keyOf(row), cellOf(row[reading])])),
      };
    }),
  );
}

/** A text that is no number is shown as it is. */
function cellOf(cell: unknown): CellValue {
  const number = numberInCell(cell);
  return number === 'other' ? String(cell) : (number ?? null);
}

function volumesOf(value: MeasurementsValue | TableValue, region: ComparedRegion, hasSeries: boolean): Column[] {
  if (value.kind !== 'measurements') return [];
  const own = rowsOf(value.density).filter((row) => row.region === region);
  const keyOf = (row: Record<string, unknown>) => [row.patient, ...(hasSeries ? [row.series] : [])].join('\n');
  return [
    {
      name: 'volume_ml',
      label: 'Volume',
      kind: 'number',
      unit: 'ml',
      digits: 0,
      cells: new Map(own.map((row) => [keyOf(row), cellOf(row.volume_ml)])),
    },
  ];
}

function hasSeveral(rows: readonly Record<string, unknown>[], patient: string, series: string): boolean {
  const first = new Map<unknown, unknown>();
  return rows.some((row) => {
    if (!first.has(row[patient])) first.set(row[patient], row[series]);
    return first.get(row[patient]) !== row[series];
  });
}

function noSuchRegion(name: string, region: ComparedRegion, found: readonly (string | undefined)[]): UserError {
  const there = [...REGIONS, 'lobes'].filter((own) => found.includes(own));
  return new UserError(
    'no-rows',
    `\`${name}\` has no row of ${regionInText(region)}${there.length ? `: write \`in ${there[0]}\`; it has ${anyOf(there)}` : ''}.`,
  );
}
