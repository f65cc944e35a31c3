/** Brings every table that holds scores or percentages to one shape: a value per patient, region and class. */

import type { ColumnTable } from 'arquero';
import { REGIONS, type Region, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { classOf, ownClassOf, regionOf } from '../base/labels.ts';
import { warning } from '../base/remarks.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { rowsOf } from './rows.ts';

export interface ScoreRow {
  readonly patient: string;
  readonly region: Region;
  /** One of the six, or a class of the user's own. */
  readonly class: string;
  /** Percent of the region, where the table holds percentages. */
  readonly percent: number | undefined;
  /** Category from 0, where the table holds scores. */
  readonly score: number | undefined;
}

export interface Scores {
  readonly rows: readonly ScoreRow[];
  /** The same by `regionClassKey`, then by patient. */
  readonly byPlace: ReadonlyMap<string, ReadonlyMap<string, ScoreRow>>;
  /** On what was left out. */
  readonly remarks: readonly Remark[];
}

type Row = Readonly<Record<string, unknown>>;

/** Where `byPlace` has the scores of a class in a region. */
export function regionClassKey(region: Region, textureClass: string): string {
  return `${region} ${textureClass}`;
}

/** Scores of tables that were read before, since one side stays while the other's cut points move. */
const known = new WeakMap<ColumnTable, Map<string, Scores>>();

/**
 * Scores of a tidy table (`patient, region, class` and `score` or `percent`) or a wide one (`patient` and a column per
 * class or `<class>_<region>`). `name` is for messages; `categories` is the number of categories of the scale; `own` are
 * classes beside the six that are asked for, where others are passed over.
 */
export function scoresOf(table: ColumnTable, name: string, categories: number, own: readonly string[] = []): Scores {
  const ofTable = known.get(table) ?? new Map<string, Scores>();
  const key = JSON.stringify([name, categories, own]);
  const scores = ofTable.get(key) ?? readScores(table, name, categories, own);
  known.set(table, ofTable.set(key, scores));
  return scores;
}

function readScores(table: ColumnTable, name: string, categories: number, own: readonly string[]): Scores {
  const columns = table.columnNames();
  const column = (wanted: string) => columns.find((c) => c.trim().toLowerCase() === wanted);
  const patient = column('patient');
  if (patient === undefined) throw missingColumns(name, columns);
  const rows: Row[] = rowsOf(table);
  const region = column('region');
  const textureClass = column('class');
  const score = column('score');
  const percent = column('percent');
  const isTidy = textureClass !== undefined && (score !== undefined || percent !== undefined);
  const read = isTidy
    ? tidyRows(rows, { name, patient, region, textureClass, score, percent, own })
    : wideRows(rows, { name, patient, own, all: columns });
  return checked(read, name, categories, column('series') !== undefined);
}

/** What spreadsheets call the column of patients. */
const PATIENT_NAMES = /^(patient|case|subject|study)?[\s_-]*(id|no|nr|number|label|name|code)?\.?$/;

function missingColumns(name: string, columns: readonly string[]): UserError {
  const called = columns.map((column) => column.trim().toLowerCase());
  const meant = columns.find((_, n) => called[n] !== '' && PATIENT_NAMES.test(called[n]!));
  if (meant !== undefined && !called.includes('patient'))
    return new UserError(
      'missing-columns',
      `\`${name}\` has no column \`patient\`. If the labels of the patients are in its column \`${meant}\`, call that \`patient\`.`,
    );
  return new UserError(
    'missing-columns',
    `\`${name}\` has the columns ${columns.join(', ')}. A table of scores needs \`patient, region, class, score\` (or \`percent\`), or one row per patient with columns such as \`ggo_RLL\` and \`ggo\`.`,
  );
}

interface TidyColumns {
  readonly name: string;
  readonly patient: string;
  readonly region: string | undefined;
  readonly textureClass: string;
  readonly score: string | undefined;
  readonly percent: string | undefined;
  readonly own: readonly string[];
}

interface WideColumns extends Pick<TidyColumns, 'name' | 'patient' | 'own'> {
  readonly all: readonly string[];
}

interface NumberedRow extends ScoreRow {
  readonly row: number;
}

/** Each spelling of a class and a region is looked up once, since tables are long and read again with every move of a cut. */
function tidyRows(rows: readonly Row[], columns: TidyColumns): NumberedRow[] {
  const classIn = remembered((text) => {
    const known = classOf(text);
    const found = known ?? ownClassOf(text);
    return { found, isAsked: known !== undefined || (found !== undefined && columns.own.includes(found)) };
  });
  const regionIn = remembered(regionOf);
  return rows.flatMap((row, n) => tidyRow(row, n, columns, { classIn, regionIn }) ?? []);
}

function remembered<T>(find: (text: string) => T): (text: string) => T {
  const found = new Map<string, T>();
  return (text) => {
    if (!found.has(text)) found.set(text, find(text));
    // SAFETY: it was set above.
    return found.get(text) as T;
  };
}

/** What is meant by a text; a class that nobody asked for is passed over. */
interface Spellings {
  readonly classIn: (text: string) => { readonly found: string | undefined; readonly isAsked: boolean };
  readonly regionIn: (text: string) => Region | undefined;
}

function tidyRow(row: Row, n: number, columns: TidyColumns, { classIn, regionIn }: Spellings): NumberedRow | undefined {
  const where = () => `row ${n + 1} of \`${columns.name}\``;
  const text = String(row[columns.textureClass] ?? '');
  const { found: textureClass, isAsked } = classIn(text);
  if (!textureClass)
    throw new UserError(
      'unknown-class',
      `Unknown class "${text}" in ${where()}: ${suggestionFor(text, TEXTURE_CLASSES)}`,
    );
  if (!isAsked) return undefined;
  const region = columns.region === undefined ? 'total' : regionIn(String(row[columns.region] ?? ''));
  if (!region)
    throw new UserError(
      'unknown-region',
      `Unknown region "${columns.region && row[columns.region]}" in ${where()}; known are ${REGIONS.join(', ')}.`,
    );
  const score = columns.score === undefined ? undefined : numberIn(row[columns.score], where);
  const percent = columns.percent === undefined ? undefined : numberIn(row[columns.percent], where);
  if (score === undefined && percent === undefined) return undefined;
  return { patient: patientIn(row, columns.patient, where), region, class: textureClass, score, percent, row: n + 1 };
}

function wideRows(rows: readonly Row[], { name, patient, own, all }: WideColumns): NumberedRow[] {
  const known = (text: string) => classOf(text) ?? own.find((c) => c === ownClassOf(text));
  const measured = all.flatMap((column) => {
    const parts = /^(.*)_([^_]+)$/.exec(column);
    const region = parts && regionOf(parts[2]!);
    const named = region && known(parts[1]!);
    if (region && named) return [{ column, class: named, region }];
    const alone = known(column);
    return alone ? [{ column, class: alone, region: 'total' as const }] : [];
  });
  if (measured.length === 0) throw missingColumns(name, all);
  return rows.flatMap((row, n) =>
    measured.flatMap(({ column, ...place }) => {
      const score = numberIn(row[column], () => `row ${n + 1}, column ${column} of \`${name}\``);
      return score === undefined
        ? []
        : [
            {
              patient: patientIn(row, patient, () => `row ${n + 1} of \`${name}\``),
              ...place,
              score,
              percent: undefined,
              row: n + 1,
            },
          ];
    }),
  );
}

function patientIn(row: Row, column: string, where: () => string): string {
  const label = String(row[column] ?? '');
  if (label !== '') return label;
  throw new UserError(
    'no-patient',
    `There is no patient in ${where()}. Every row needs its label; of merged cells, only the first one holds it.`,
  );
}

function numberIn(value: unknown, where: () => string): number | undefined {
  if (value === undefined || value === null || value === '' || (typeof value === 'number' && Number.isNaN(value)))
    return undefined;
  const number = typeof value === 'number' ? value : Number(String(value).replace('%', '').trim());
  if (Number.isNaN(number)) {
    if (/^(na|n\/a|nan|-|\.)$/i.test(String(value).trim())) return undefined;
    const advice = /^-?\d+,\d+\s*%?$/.test(String(value).trim())
      ? 'Decimals take a point where commas separate the columns.'
      : 'Leave the cell empty where there is no score.';
    throw new UserError('not-a-number', `"${value}" in ${where()} is not a number. ${advice}`);
  }
  return number;
}

function checked(rows: readonly NumberedRow[], name: string, categories: number, severalSeries: boolean): Scores {
  const byPlace = new Map<string, Map<string, NumberedRow>>();
  /** The same by region, then by class: to put both names together for every row would take longest of all. */
  const byRegion = new Map<Region, Map<string, Map<string, NumberedRow>>>();
  const kept: NumberedRow[] = [];
  let repeated = 0;
  for (const row of rows) {
    if (row.score !== undefined && (!Number.isInteger(row.score) || row.score < 0 || row.score >= categories))
      throw new UserError(
        'bad-score',
        `The score ${row.score} in row ${row.row} of \`${name}\` is not on the scale: whole numbers from 0 to ${categories - 1} are expected. Percentages belong in a column \`percent\`.`,
      );
    if (row.percent !== undefined && (row.percent < 0 || row.percent > 100.0001))
      throw new UserError(
        'bad-percent',
        `The percentage ${row.percent} in row ${row.row} of \`${name}\` is not between 0 and 100.`,
      );
    let byClass = byRegion.get(row.region);
    if (!byClass) {
      byClass = new Map();
      byRegion.set(row.region, byClass);
    }
    let patients = byClass.get(row.class);
    if (!patients) {
      patients = new Map();
      byClass.set(row.class, patients);
      byPlace.set(regionClassKey(row.region, row.class), patients);
    }
    const earlier = patients.get(row.patient);
    if (!earlier) {
      patients.set(row.patient, row);
      kept.push(row);
    } else if (severalSeries) repeated++;
    else
      throw new UserError(
        'repeated-score',
        `\`${name}\` scores ${row.class} in ${row.region} of ${row.patient} twice, in rows ${earlier.row} and ${row.row}. Keep one, or put each reader into a table of its own.`,
      );
  }
  const several = `\`${name}\` holds several series of the same patient; the first one of each patient is compared.`;
  return { rows: kept, byPlace, remarks: repeated ? [warning('several-series', several)] : [] };
}
