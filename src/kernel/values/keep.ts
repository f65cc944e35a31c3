/** What is left of a value when patients or rows are taken away: everything that belongs to them goes with them. */
import type { ColumnTable } from 'arquero';
import { rowsAt } from '../tables/evaluate.ts';
import { withFlowTold } from './provenance.ts';
import { type FlowingValue, patientsOf, withStep } from './studyFlow.ts';
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
  const left = new Set(placesOf(table).map(({ patient }) => patient));
  return {
    ...value,
    table,
    density: rowsAt(value.density, density),
    ...(value.structures && { structures: rowsOfPatients(value.structures, (patient) => left.has(patient)) }),
    measured: value.measured.filter(({ patient }) => left.has(patient)),
    flags: value.flags.filter(({ patient }) => left.has(patient)),
  };
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
  const column = table.columnNames().find((name) => name.trim().toLowerCase() === 'patient')!;
  const labels = Array.from(table.array(column), String);
  return rowsAt(
    table,
    labels.flatMap((label, n) => (keeps(label) ? [n] : [])),
  );
}
