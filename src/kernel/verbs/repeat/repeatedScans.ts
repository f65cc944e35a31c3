/** Which scans of a patient are repeats of each other, and their values place by place. */

import type { ColumnTable } from 'arquero';
import type { Remark } from '../../../protocol/remark.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { classOf, regionOf } from '../../base/labels.ts';
import { naturally } from '../../base/naturally.ts';
import { info, warning } from '../../base/remarks.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { sameName } from '../../tables/columns.ts';
import { rowsOf } from '../../tables/rows.ts';
import { visitColumn, visitsByRow } from '../../tables/visitColumn.ts';
import type { Named } from '../../values/named.ts';
import { OF_SERIES } from '../groupsIn.ts';
import { columnIn, ROW_LABELS, tableWith, usualMeasures } from '../tableWith.ts';

type Table = Named<'measurements' | 'table'>;

/** Values of the scans of one patient in one place, in the order of the levels or of the scans. */
export interface RepeatedPatient {
  readonly patient: string;
  readonly values: readonly number[];
}

export interface RepeatedPlace {
  readonly region: string;
  /** Empty where the table has no classes. */
  readonly class: string;
  readonly measure: string;
  readonly patients: readonly RepeatedPatient[];
  /** Patients with repeated scans who lack a value here. */
  readonly missing: number;
}

export interface RepeatedScans {
  readonly places: readonly RepeatedPlace[];
  /** What each scan is called: the levels of a column, or `scan 1`, `scan 2`. */
  readonly scans: readonly string[];
  readonly hasRegions: boolean;
  readonly hasClasses: boolean;
  readonly remarks: readonly Remark[];
}

interface Scan {
  readonly patient: string;
  /** Which scans are of one state of the patient. */
  readonly state: string;
  /** Which of them it is. */
  readonly level: string;
  /** Region, class, measure, as a key, to the value. */
  readonly values: Map<string, number>;
}

/** Without `by`, scans of one day are repeats; with it, those that differ in its column. */
export function repeatedScans(
  named: Table,
  by: string | undefined,
  wanted: readonly string[] | undefined,
): RepeatedScans {
  const measures = wanted ?? usualMeasures(named.value.table);
  if (measures.length === 0)
    throw new UserError('unknown-column', `\`${named.name}\` has no column of numbers. Name one by \`on\`.`);
  const all = measures.flatMap((measure) => scansIn(named, measure, by));
  const scans = joined(all);
  const first = firstStates(scans);
  const levels = by === undefined ? undefined : levelsOf(scans, by, named.name);
  const names = levels ?? scanNames(first);
  const complete = [...first].flatMap(([patient, own]) => {
    const chosen = levels
      ? levels.map((level) => own.find((scan) => scan.level === level))
      : own.slice(0, names.length);
    return chosen.length === names.length && chosen.every((scan) => scan !== undefined)
      ? [{ patient, own: chosen }]
      : [];
  });
  if (complete.length === 0) throw nothingRepeated(named, by, levels);
  const keys = [...new Set(scans.flatMap(({ values }) => [...values.keys()]))];
  const tables = measures.map((measure) => tableWith(named, measure, ROW_LABELS).table);
  const has = (column: string) => tables.every((table) => columnIn(table, column) !== undefined);
  const single = [...first.keys()].filter((patient) => !complete.some((one) => one.patient === patient));
  const states = Map.groupBy(scans, ({ patient, state }) => `${patient}\n${state}`).values();
  const repeated = [...states].filter((own) => own.length > 1).length;
  const later = repeated - [...first.values()].filter((own) => own.length > 1).length;
  return {
    places: keys.map((key) => placeOf(key, complete)),
    scans: names,
    hasRegions: has('region'),
    hasClasses: has('class'),
    remarks: [
      ...(single.length
        ? [
            warning(
              'unscored-patients',
              `${counted(single.length, 'patient')} without ${by === undefined ? 'a second scan of the day' : `a scan of each ${by}`} ${single.length === 1 ? 'is' : 'are'} left out: ${atMost(single, 10)}.`,
            ),
          ]
        : []),
      ...(later > 0
        ? [
            info(
              'several-visits',
              `Of patients with repeated scans at several visits, the first of these counts, so that every patient counts once.`,
            ),
          ]
        : []),
    ],
  };
}

/** One for each scan, with what it says in this column. */
function scansIn(named: Table, measure: string, by: string | undefined): Scan[] {
  const { name } = named;
  const { table, column } = tableWith(named, measure, ROW_LABELS);
  const [patient, region, textureClass, days, series] = ['patient', 'region', 'class', 'days', 'series'].map((own) =>
    columnIn(table, own),
  );
  if (patient === undefined) throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`.`);
  const visits = visitsByRow(table);
  const isVisits = by !== undefined && sameName(by, 'visit');
  const levelOf = by === undefined || isVisits ? undefined : levelsIn(named, table, by);
  const scans = new Map<string, Scan>();
  for (const [n, row] of rowsOf(table).entries()) {
    const value = numberInCell(row[column]);
    if (value === 'other')
      throw new UserError(
        'not-a-number',
        `"${row[column]}" in row ${n + 1}, column ${column} of \`${name}\` is not a number. Leave the cell empty where there is none.`,
      );
    const label = String(row[patient] ?? '').trim();
    if (label === '' || value === undefined) continue;
    const own = series === undefined ? '' : String(row[series] ?? '').trim();
    const day = days === undefined ? undefined : numberInCell(row[days]);
    const visit = visits[n]!;
    const state = isVisits ? '' : typeof day === 'number' ? `day ${day}` : visit;
    const level = isVisits ? visit : levelOf ? levelOf(row, label, own) : JSON.stringify([visit, own]);
    if (level === undefined || level === '') continue;
    const key = JSON.stringify([label, state, level]);
    const scan = scans.get(key) ?? { patient: label, state, level, values: new Map() };
    scans.set(key, scan);
    const place = JSON.stringify([
      region === undefined ? 'total' : (regionOf(String(row[region])) ?? String(row[region])),
      textureClass === undefined ? '' : (classOf(String(row[textureClass])) ?? String(row[textureClass])),
      column,
    ]);
    if (!scan.values.has(place)) scan.values.set(place, value);
    else if (by === undefined)
      throw new UserError(
        'repeated-rows',
        `\`${name}\` has the same place of ${label} twice in one scan (row ${n + 1}), and nothing tells the scans apart: a column \`series\` or \`visit\` does, or \`by\` one of yours.`,
      );
  }
  return [...scans.values()];
}

/** Of a row: by a column of the table, or by how its CT was taken. */
function levelsIn({ name, value }: Table, table: ColumnTable, by: string) {
  const column = columnIn(table, by);
  if (column !== undefined) return (row: Readonly<Record<string, unknown>>) => String(row[column] ?? '').trim();
  const of = OF_SERIES[by.trim().toLowerCase()];
  if (of && value.kind === 'measurements') {
    const known = new Map(value.measured.map(({ patient, series }) => [`${patient}\n${series.id}`, of(series)]));
    return (_: unknown, patient: string, series: string) => known.get(`${patient}\n${series}`);
  }
  throw new UserError(
    'unknown-column',
    `\`${name}\` has no column \`${by}\`: ${suggestionFor(by, [...table.columnNames(), ...Object.keys(OF_SERIES)])}`,
  );
}

/** Scans of all measures: those of one CT are one. */
function joined(scans: readonly Scan[]): Scan[] {
  const byKey = new Map<string, Scan>();
  for (const scan of scans) {
    const key = JSON.stringify([scan.patient, scan.state, scan.level]);
    const known = byKey.get(key);
    if (!known) byKey.set(key, scan);
    else for (const [place, value] of scan.values) known.values.set(place, value);
  }
  return [...byKey.values()];
}

/** Of each patient the first state with several scans, or with any. */
function firstStates(scans: readonly Scan[]): Map<string, readonly Scan[]> {
  return new Map(
    [...Map.groupBy(scans, ({ patient }) => patient)].map(([patient, own]) => {
      const states = [...Map.groupBy(own, ({ state }) => state).values()];
      return [patient, states.find((all) => all.length > 1) ?? states[0]!] as const;
    }),
  );
}

/** Throws a UserError where there is one level alone. */
function levelsOf(scans: readonly Scan[], by: string, name: string): string[] {
  const levels = [...new Set(scans.map(({ level }) => level))].sort(naturally);
  if (levels.length > 1) return levels;
  throw new UserError(
    'no-pairs',
    `All scans of \`${name}\` have the same ${by}${levels[0] ? `, ${levels[0]}` : ''}: there is nothing to compare. \`load … series all\` measures every series.`,
  );
}

/** As many as every patient with repeats has. */
function scanNames(states: ReadonlyMap<string, readonly Scan[]>): string[] {
  const counts = [...states.values()].map(({ length }) => length).filter((count) => count > 1);
  const least = counts.length ? Math.min(...counts) : 2;
  return Array.from({ length: least }, (_, n) => `scan ${n + 1}`);
}

function nothingRepeated(
  { name, value }: Table,
  by: string | undefined,
  levels: readonly string[] | undefined,
): UserError {
  if (by !== undefined)
    return new UserError('no-pairs', `No patient of \`${name}\` has a scan of each ${by} (${allOf(levels ?? [])}).`);
  const visits = visitColumn(value.table) === undefined ? '' : ' If all its visits are repeats, write `by visit`.';
  return new UserError(
    'no-pairs',
    `No patient of \`${name}\` has two scans of one day. \`load … visits studies\` takes every study of a day, and \`load … series all\` every series.${visits}`,
  );
}

function placeOf(
  key: string,
  complete: readonly { readonly patient: string; readonly own: readonly (Scan | undefined)[] }[],
): RepeatedPlace {
  // SAFETY: `scansIn` wrote it.
  const [region, textureClass, measure] = JSON.parse(key) as [string, string, string];
  const patients = complete.flatMap(({ patient, own }): RepeatedPatient[] => {
    const values = own.flatMap((scan) => scan?.values.get(key) ?? []);
    return values.length === own.length ? [{ patient, values }] : [];
  });
  return { region, class: textureClass, measure, patients, missing: complete.length - patients.length };
}
