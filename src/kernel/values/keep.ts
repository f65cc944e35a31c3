/** What is left of a value when patients or rows are taken away: everything that belongs to them goes with them. */
import type { ColumnTable } from 'arquero';
import { visitLabel } from '../../protocol/words/visitLabel.ts';
import { naturally } from '../base/naturally.ts';
import { rowsAt } from '../tables/evaluate.ts';
import { visitsByRow } from '../tables/visitColumn.ts';
import { withFlowTold } from './provenance.ts';
import { type FlowingValue, patientsOf, type StudyFlow, withStep } from './studyFlow.ts';
import type { MeasurementsValue } from './value.ts';

/** The value without some patients, with the reason in its flow; none have gone where `excluded` is empty. */
export function withoutPatients<V extends FlowingValue>(
  value: V,
  excluded: readonly string[],
  { reason, from, name }: { readonly reason: string; readonly from: string; readonly name: string | undefined },
): V {
  const before = patientsOf(value) ?? [];
  const gone = new Set(excluded);
  const start = { name: from, patients: before.length };
  const flow = withStep(value.flow, start, { reason, excluded, name, remaining: before.length - gone.size });
  const left = remaining(value, (patient) => !gone.has(patient));
  const told = left.kind === 'cohort' ? {} : { provenance: withFlowTold(left.provenance, flow) };
  // SAFETY: each branch gives back the kind of value that it took.
  return { ...(left as V), ...told, flow };
}

/** The value without some visits of some patients; those of whom nothing is left go. */
export function withoutVisits<V extends FlowingValue>(
  value: V,
  patients: readonly string[],
  visits: readonly number[],
  { reason, from, name }: { readonly reason: string; readonly from: string; readonly name: string | undefined },
): V & { readonly flow: StudyFlow } {
  const of = new Set(patients);
  const wanted = new Set(visits.map(String));
  const goes = (patient: string, visit: string) => of.has(patient) && wanted.has(visit);
  const gone = visitsThere(value).filter(([patient, visit]) => goes(patient, visit));
  const left = withoutRows(value, goes);
  const before = patientsOf(value) ?? [];
  const there = new Set(patientsOf(left));
  const excluded = before.filter((patient) => !there.has(patient));
  const step = {
    reason,
    excluded,
    visitsExcluded: gone.map(([patient, visit]) => visitLabel(patient, visit)),
    name,
    remaining: there.size,
  };
  const flow = withStep(value.flow, { name: from, patients: before.length }, step);
  const told = left.kind === 'cohort' ? {} : { provenance: withFlowTold(left.provenance, flow) };
  // SAFETY: each branch gives back the kind of value that it took.
  return { ...(left as V), ...told, flow };
}

/** The visits that any of the patients has, in order. */
export function visitsOfPatients(value: FlowingValue, patients: readonly string[]): string[] {
  const own = visitsThere(value).flatMap(([patient, visit]) => (patients.includes(patient) ? [visit] : []));
  return [...new Set(own)].sort(naturally);
}

/** Every visit of every patient once. */
function visitsThere(value: FlowingValue): (readonly [patient: string, visit: string])[] {
  const all =
    value.kind === 'cohort'
      ? value.cohort.patients.flatMap(({ id, series }) =>
          series.flatMap(({ visit }) => (visit === undefined ? [] : [[id, String(visit)] as const])),
        )
      : rowsWithVisits(value.table).filter(([, visit]) => visit !== '');
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function rowsWithVisits(table: ColumnTable): (readonly [patient: string, visit: string])[] {
  const visits = visitsByRow(table);
  return Array.from(table.array(patientColumn(table)), (label, row) => [String(label), visits[row]!] as const);
}

function patientColumn(table: ColumnTable): string {
  return table.columnNames().find((name) => name.trim().toLowerCase() === 'patient')!;
}

function withoutRows(value: FlowingValue, goes: (patient: string, visit: string) => boolean): FlowingValue {
  const rows = (table: ColumnTable) =>
    rowsWithVisits(table).flatMap(([patient, visit], n) => (goes(patient, visit) ? [] : [n]));
  switch (value.kind) {
    case 'cohort': {
      const patients = value.cohort.patients.map((patient) => {
        const series = patient.series.filter(({ visit }) => visit === undefined || !goes(patient.id, String(visit)));
        const ids = new Set(series.map(({ id }) => id));
        return { ...patient, series, choices: patient.choices.filter((choice) => ids.has(choice.series)) };
      });
      // Of whom no CT is left that is measured, nothing is.
      const left = patients.filter(({ choices }) => choices.some(({ used }) => used));
      return { ...value, cohort: { ...value.cohort, patients: left } };
    }
    case 'table':
      return { ...value, table: rowsAt(value.table, rows(value.table)) };
    case 'measurements':
      return measurementsOfRows(value, rows(value.table));
  }
}

function remaining(value: FlowingValue, keeps: (patient: string) => boolean): FlowingValue {
  switch (value.kind) {
    case 'cohort':
      return {
        ...value,
        cohort: { ...value.cohort, patients: value.cohort.patients.filter(({ id }) => keeps(id)) },
      };
    case 'table':
      return {
        ...value,
        table: rowsOfPatients(value.table, keeps),
        ...(value.registered && {
          registered: { ...value.registered, pairs: value.registered.pairs.filter(({ patient }) => keeps(patient)) },
        }),
      };
    case 'measurements':
      return {
        ...value,
        table: rowsOfPatients(value.table, keeps),
        density: rowsOfPatients(value.density, keeps),
        ...(value.structures && { structures: rowsOfPatients(value.structures, keeps) }),
        ...(value.levels && { levels: rowsOfPatients(value.levels, keeps) }),
        measured: value.measured.filter(({ patient }) => keeps(patient)),
        flags: value.flags.filter(({ patient }) => keeps(patient)),
      };
  }
}

/** Measurements of some rows alone: their density is that of the patients, series and regions that are left. */
export function measurementsOfRows(value: MeasurementsValue, rows: readonly number[]): MeasurementsValue {
  const table = rowsAt(value.table, rows);
  const regionKey = ({ patient, series, region }: Place) => JSON.stringify([patient, series, region]);
  const places = new Set(placesOf(table).map(regionKey));
  const density = placesOf(value.density).flatMap((row, n) => (places.has(regionKey(row)) ? [n] : []));
  const left = new Set(placesOf(table).map(ctOf));
  const patients = new Set(placesOf(table).map(({ patient }) => patient));
  const visits = visitsOfCts(value);
  // What is said of a CT that could not be measured stays with its patient's others.
  const keeps = (patient: string, series: string) =>
    left.has(ctOf({ patient, series })) || (!visits.has(ctOf({ patient, series })) && patients.has(patient));
  return {
    ...value,
    table,
    density: rowsAt(value.density, density),
    ...(value.structures && { structures: rowsOfCts(value.structures, keeps) }),
    ...(value.levels && { levels: rowsOfCts(value.levels, keeps) }),
    measured: value.measured.filter(({ patient, series }) => keeps(patient, series.id)),
    flags: value.flags.filter(({ patient, series }) => keeps(patient, series)),
  };
}

/** The CTs that are of one of several visits: they go with their own rows, and not with those of their patient. */
function visitsOfCts({ measured }: MeasurementsValue): Set<string> {
  return new Set(
    measured.flatMap(({ patient, series }) =>
      series.visit === undefined ? [] : [ctOf({ patient, series: series.id })],
    ),
  );
}

function ctOf({ patient, series }: Pick<Place, 'patient' | 'series'>): string {
  return JSON.stringify([patient, series]);
}

function rowsOfCts(table: ColumnTable, keeps: (patient: string, series: string) => boolean): ColumnTable {
  return rowsAt(
    table,
    placesOf(table).flatMap(({ patient, series }, n) => (keeps(patient, series) ? [n] : [])),
  );
}

/** What every row of measurements and of their density has. */
interface Place {
  readonly patient: string;
  readonly series: string;
  readonly region: string;
}

function placesOf(table: ColumnTable): Place[] {
  // SAFETY: `quantify` makes both tables with these columns, and no verb takes columns away.
  return table.objects() as Place[];
}

function rowsOfPatients(table: ColumnTable, keeps: (patient: string) => boolean): ColumnTable {
  const labels = Array.from(table.array(patientColumn(table)), String);
  return rowsAt(
    table,
    labels.flatMap((label, n) => (keeps(label) ? [n] : [])),
  );
}
