/** Brings every table that holds scores or percentages to one shape: a value per patient, region and class. */

import type { ColumnTable } from 'arquero';
import { type Region, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { fromTo } from '../../protocol/words/lists.ts';
import { classOf, ownClassOf, regionOf, regionSuggestion } from '../base/labels.ts';
import { info, warning } from '../base/remarks.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { hasDecimalComma, numberInCell } from './cellNumber.ts';
import { rowsOf } from './rows.ts';
import { isOnScale, MAX_CATEGORIES, type Scale, scaleInWords, scoreInCell } from './scale.ts';
import { holdPercentages, type WideColumn, wideColumns } from './wideColumns.ts';

export interface ScoreRow {
  readonly patient: string;
  readonly region: Region;
  /** One of the six, or a class of the user's own. */
  readonly class: string;
  /** Percent of the region, where the table holds percentages. */
  readonly percent: number | undefined;
  /** A number of the scale, where the table holds scores. */
  readonly score: number | undefined;
}

export interface Scores {
  readonly rows: readonly ScoreRow[];
  /** The same by `regionClassKey`, then by patient. */
  readonly byPlace: ReadonlyMap<string, RowsByPatient>;
  /** Labels of all patients of the table, with a score or without. */
  readonly patients: ReadonlySet<string>;
  /** On what was left out, and on how the table was understood. */
  readonly remarks: readonly Remark[];
}

export type RowsByPatient = Pick<ReadonlyMap<string, ScoreRow>, 'get' | typeof Symbol.iterator>;

export interface ScoresWanted {
  readonly scale: Scale;
  /** Classes beside the six that are asked for, where others are passed over. */
  readonly own?: readonly string[];
  /** Of a table with a row for each class: those of the six that are asked for, where others are passed over; else all. */
  readonly only?: readonly string[] | undefined;
  /** Columns that the file shows in per cent. */
  readonly percentColumns?: readonly string[] | undefined;
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
 * class or `<class>_<region>`, of scores or of percentages). `name` is for messages.
 */
export function scoresOf(table: ColumnTable, name: string, wanted: ScoresWanted): Scores {
  const ofTable = known.get(table) ?? new Map<string, Scores>();
  const key = JSON.stringify([name, wanted]);
  const scores = ofTable.get(key) ?? readScores(table, name, wanted);
  known.set(table, ofTable.set(key, scores));
  return scores;
}

function readScores(table: ColumnTable, name: string, wanted: ScoresWanted): Scores {
  const columns = table.columnNames();
  const column = (wanted: string) => columns.find((c) => c.trim().toLowerCase() === wanted);
  const patient = column('patient');
  if (patient === undefined) throw missingColumns(name, columns);
  const labels = Array.from(table.array(patient), labelIn);
  const source = { name, labels, scale: wanted.scale, own: wanted.own ?? [], only: wanted.only };
  const textureClass = column('class');
  const [score, percent] = [column('score'), column('percent')];
  const isTidy = textureClass !== undefined && (score !== undefined || percent !== undefined);
  const read = isTidy
    ? { rows: tidyRows(table, { ...source, region: column('region'), textureClass, score, percent }), remarks: [] }
    : wideRows(table, source, wideColumns(columns, source.own, wanted.percentColumns ?? []));
  const inPercent = (wanted.percentColumns ?? []).length > 0;
  const again = column('series') !== undefined ? 'series' : column('repeat') !== undefined ? 'readings' : undefined;
  const { kept, byPlace, repeated } = checked(read.rows, source, again);
  return {
    rows: kept,
    byPlace,
    patients: new Set(labels.filter((label) => label !== '')),
    remarks: [
      ...read.remarks,
      ...(repeated ? [again === 'series' ? severalSeries(name) : severalReadings(name)] : []),
      ...(inPercent ? [] : fractions(kept, name, isTidy ? percent : firstPercent(columns, source.own))),
    ],
  };
}

function severalSeries(name: string): Remark {
  return warning(
    'several-series',
    `\`${name}\` holds several series of the same patient; the first one of each patient is compared.`,
  );
}

function severalReadings(name: string): Remark {
  return info(
    'first-reading',
    `\`${name}\` holds several readings of the same patient; the first one of each is compared. \`filter ${name} where repeat == 2\`, \`session == 2\` or \`ai\` gives the others.`,
  );
}

/** Fewer percentages than this may all be small. */
const FEW = 3;

/** The first column of percentages of a sheet with a row per patient. */
function firstPercent(columns: readonly string[], own: readonly string[]): string | undefined {
  return wideColumns(columns, own, []).find(({ holds }) => holds === 'percent')?.column;
}

/** Shares of 1, which spreadsheets show as percentages, are a hundredth of what is meant. */
function fractions(rows: readonly ScoreRow[], name: string, column: string | undefined): Remark[] {
  const percents = rows.flatMap(({ percent }) => percent ?? []);
  const largest = percents.reduce((most, percent) => Math.max(most, percent), 0);
  if (largest === 0 || largest > 1 || percents.filter((percent) => percent > 0).length < FEW) return [];
  return [
    warning(
      'percent-fractions',
      `No percentage of \`${name}\` is above 1; the largest is ${largest}, and each is read as it stands. If they are shares of 1, multiply them${column && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(column) ? `: \`derive ${name} ${column} = ${column} * 100 as ${name}_percent\`` : ''}.`,
    ),
  ];
}

/** What spreadsheets call the column of patients. */
const PATIENT_NAMES = /^(patient|case|subject|study|fall|pat)?[\s_-]*(id|no|nr|number|label|name|code|nummer)?\.?$/;

function missingColumns(name: string, columns: readonly string[]): UserError {
  const called = columns.map((column) => column.trim().toLowerCase());
  const meant = columns.find((_, n) => called[n] !== '' && PATIENT_NAMES.test(called[n]!));
  if (meant !== undefined && !called.includes('patient'))
    return new UserError(
      'missing-columns',
      `\`${name}\` has no column \`patient\`. If the labels of the patients are in its column \`${meant}\`, call that \`patient\`, or write \`columns patient "${meant}"\` in its \`load\`.`,
    );
  return new UserError(
    'missing-columns',
    `\`${name}\` has the columns ${columns.join(', ')}. A table of scores needs \`patient, region, class, score\` (or \`percent\`), or one row per patient with columns such as \`ggo_RLL\` and \`ggo\`.`,
  );
}

/** What is read of a table. */
interface Source {
  readonly name: string;
  /** The patient of each row, or an empty text. */
  readonly labels: readonly string[];
  readonly scale: Scale;
  readonly own: readonly string[];
  readonly only: readonly string[] | undefined;
}

interface TidyColumns extends Source {
  readonly region: string | undefined;
  readonly textureClass: string;
  readonly score: string | undefined;
  readonly percent: string | undefined;
}

interface NumberedRow extends ScoreRow {
  readonly row: number;
}

/** Each spelling of a class and a region is looked up once, since tables are long and read again with every move of a cut. */
function tidyRows(table: ColumnTable, columns: TidyColumns): NumberedRow[] {
  const classIn = remembered((text) => {
    const known = classOf(text);
    const found = known ?? ownClassOf(text);
    const isAsked = known === undefined ? columns.own.includes(found ?? '') : (columns.only?.includes(known) ?? true);
    return { found, isAsked };
  });
  const regionIn = remembered(regionOf);
  const cellsOf = (column: string | undefined) => (column === undefined ? undefined : table.array(column));
  const cells: TidyCells = {
    textureClass: table.array(columns.textureClass),
    region: cellsOf(columns.region),
    score: cellsOf(columns.score),
    percent: cellsOf(columns.percent),
  };
  const rows: NumberedRow[] = [];
  for (let n = 0; n < columns.labels.length; n++) {
    const row = tidyRow(cells, n, columns, { classIn, regionIn });
    if (row) rows.push(row);
  }
  return rows;
}

/** A tidy table's columns, row by row. */
interface TidyCells {
  readonly textureClass: Cells;
  readonly region: Cells | undefined;
  readonly score: Cells | undefined;
  readonly percent: Cells | undefined;
}

type Cells = ArrayLike<unknown>;

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

function tidyRow(
  cells: TidyCells,
  n: number,
  { name, labels, scale }: Source,
  { classIn, regionIn }: Spellings,
): NumberedRow | undefined {
  const where = () => `row ${n + 1} of \`${name}\``;
  const text = String(cells.textureClass[n] ?? '');
  const { found: textureClass, isAsked } = classIn(text);
  if (!textureClass)
    throw new UserError(
      'unknown-class',
      `Unknown class "${text}" in ${where()}: ${suggestionFor(text, TEXTURE_CLASSES)}`,
    );
  if (!isAsked) return undefined;
  const region = cells.region === undefined ? 'total' : regionIn(String(cells.region[n] ?? ''));
  if (!region)
    throw new UserError(
      'unknown-region',
      `Unknown region "${cells.region?.[n]}" in ${where()}: ${regionSuggestion(String(cells.region?.[n]))}`,
    );
  const score = cells.score && scoreIn(cells.score[n], scale, where);
  const percent = cells.percent && percentIn(cells.percent[n], where);
  if (score === undefined && percent === undefined) return undefined;
  return { patient: named(labels[n]!, where), region, class: textureClass, score, percent, row: n + 1 };
}

function wideRows(
  table: ColumnTable,
  { name, labels, scale }: Source,
  measured: readonly WideColumn[],
): { readonly rows: NumberedRow[]; readonly remarks: readonly Remark[] } {
  const rows: Row[] = rowsOf(table);
  if (measured.length === 0) throw missingColumns(name, Object.keys(rows[0] ?? {}));
  const arePercentages = holdPercentages(rows, measured, scale);
  const unsaid = measured.filter(({ holds }) => holds === undefined);
  const read = rows.flatMap((row, n) =>
    measured.flatMap(({ column, holds, ...place }) => {
      const where = () => `row ${n + 1}, column ${column} of \`${name}\``;
      const isPercent = holds === undefined ? arePercentages : holds === 'percent';
      const value = isPercent ? percentIn(row[column], where) : scoreIn(row[column], scale, where);
      if (value === undefined) return [];
      const own = isPercent ? { score: undefined, percent: value } : { score: value, percent: undefined };
      return [{ patient: named(labels[n]!, () => `row ${n + 1} of \`${name}\``), ...place, ...own, row: n + 1 }];
    }),
  );
  const said = `${unsaid
    .map(({ column }) => column)
    .slice(0, 3)
    .join(', ')}${unsaid.length > 3 ? ' …' : ''}`;
  return {
    rows: read,
    remarks:
      arePercentages && unsaid.length
        ? [
            warning(
              'read-as-percent',
              `\`${name}\` is read as percentages (${said}), since most of its numbers are none of the scale ${scaleInWords(scale)}. Names such as \`ggo_RLL_percent\` or \`ggo_RLL_score\` say which.`,
            ),
          ]
        : [],
  };
}

function labelIn(cell: unknown): string {
  return String(cell ?? '').trim();
}

function named(label: string, where: () => string): string {
  if (label !== '') return label;
  throw new UserError(
    'no-patient',
    `There is no patient in ${where()}. Every row needs its label; of merged cells, only the first one holds it.`,
  );
}

function percentIn(cell: unknown, where: () => string): number | undefined {
  const number = numberInCell(cell);
  if (number === 'other') throw notANumber(cell, where);
  return number;
}

function scoreIn(cell: unknown, scale: Scale, where: () => string): number | undefined {
  const score = scoreInCell(cell, scale);
  if (score !== 'other') return score;
  if (!scale.words) throw notANumber(cell, where);
  const word = String(cell);
  throw new UserError(
    'bad-score',
    `The score "${word}" in ${where()} is not on the scale ${scaleInWords(scale)}: ${suggestionFor(word, scale.words)}`,
  );
}

function notANumber(cell: unknown, where: () => string): UserError {
  const advice = hasDecimalComma(String(cell))
    ? 'Decimals take a point where commas separate the columns, and in cells of text.'
    : 'Leave the cell empty where there is no score; of a scale of words, write them in their order: `scale "none", "mild", "severe"`.';
  return new UserError('not-a-number', `"${cell}" in ${where()} is not a number. ${advice}`);
}

/** `again` says what tells rows of the same patient apart, of which the first counts; nothing may where it is left out. */
function checked(rows: readonly NumberedRow[], { name, scale }: Source, again: 'series' | 'readings' | undefined) {
  const numbers = new Map<string, number>();
  const byPlace = new Map<string, PlaceRows>();
  /** The same by region, then by class: to put both names together for every row would take longest of all. */
  const byRegion = new Map<Region, Map<string, PlaceRows>>();
  const kept: NumberedRow[] = [];
  let repeated = 0;
  let last: string | undefined;
  let number = 0;
  for (const row of rows) {
    if (row.score !== undefined && !isOnScale(row.score, scale)) throw offScale(row.score, row.row, name, scale);
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
    let place = byClass.get(row.class);
    if (!place) {
      place = new PlaceRows(numbers);
      byClass.set(row.class, place);
      byPlace.set(regionClassKey(row.region, row.class), place);
    }
    // Rows of a patient mostly follow each other.
    if (row.patient !== last) {
      last = row.patient;
      number = numbers.get(last) ?? numbers.size;
      numbers.set(last, number);
    }
    const earlier = place.rows[number];
    if (!earlier) {
      // Without gaps, of which V8 makes something slower than a map.
      while (place.rows.length < number) place.rows.push(undefined);
      place.rows[number] = row;
      kept.push(row);
    } else if (again) repeated++;
    else
      throw new UserError(
        'repeated-score',
        earlier.row === row.row
          ? `\`${name}\` has two columns for ${row.class} in ${row.region}. Keep one, or call one of them otherwise.`
          : `\`${name}\` scores ${row.class} in ${row.region} of ${row.patient} twice, in rows ${earlier.row} and ${row.row}. Keep one, or put each reader into a table of its own.`,
      );
  }
  return { kept, byPlace, repeated };
}

/** Rows of a region and class by the number that the table gives their patient: a map for each would take three times as long. */
class PlaceRows implements RowsByPatient {
  readonly rows: (NumberedRow | undefined)[] = [];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(numbers: ReadonlyMap<string, number>) {
    this.#numbers = numbers;
  }

  get(patient: string): NumberedRow | undefined {
    const number = this.#numbers.get(patient);
    return number === undefined ? undefined : this.rows[number];
  }

  *[Symbol.iterator](): MapIterator<[string, NumberedRow]> {
    for (const row of this.rows) if (row) yield [row.patient, row];
  }
}

function offScale(score: number, row: number, name: string, scale: Scale): UserError {
  const { low, categories } = scale;
  const another =
    Number.isInteger(score) && Math.abs(score) < MAX_CATEGORIES
      ? ` For another scale write \`scale ${Math.min(low, score)}..${Math.max(low + categories - 1, score)}\` in \`agree\`.`
      : '';
  return new UserError(
    'bad-score',
    `The score ${score} in row ${row} of \`${name}\` is not on the scale: whole numbers, ${fromTo(low, low + categories - 1)}, are expected.${another} Percentages belong in a column \`percent\`, or in columns such as \`ggo_RLL_percent\`.`,
  );
}
