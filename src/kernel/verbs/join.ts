/** `join`: the columns of two tables in one, by patient. */
import { type ColumnTable, table as tableOf } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { info, warning } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { column } from '../language/clauses/column.ts';
import { list } from '../language/clauses/list.ts';
import { name } from '../language/clauses/name.ts';
import { optional, required, withDefault } from '../language/declaration.ts';
import { sameName } from '../tables/columns.ts';
import { rowsAt } from '../tables/evaluate.ts';
import { columnNamed, type JoinedRows, type JoinSide, joinRows } from '../tables/joinRows.ts';
import { measurementsOfRows } from '../values/keep.ts';
import type { Named } from '../values/named.ts';
import { canMatchNumbers, labelsByNumber, spelledOtherwise } from '../values/patientLabels.ts';
import { withFlowTold, withStepDone } from '../values/provenance.ts';
import { patientsOf, withStep } from '../values/studyFlow.ts';
import type { MeasurementsValue, TableValue } from '../values/value.ts';
import { tableView } from '../views/tableView.ts';
import { provenanceOf } from './agree/agreeSides.ts';
import { declareVerb } from './verb.ts';

type Side = Named<'measurements' | 'table'>;

export const join = declareVerb({
  name: 'join',
  summary: 'Puts the columns of two tables side by side, by patient.',
  documentation:
    'Rows of both tables that have the same patient stand together in one row, with the columns of both. Rows without a partner are left out, counted and named; labels that differ only in capitals, signs or zeros are told. A column that both have keeps its name for the first table, and gets that of the second table behind it (`age_registry`) for the second. Where one table has several rows of a patient and the other has one, that one stands beside each of them, which is said; where both have several, `on` has to say what else belongs together. Measurements stay measurements, so that their slices can be shown, and their densities get the columns too.',
  examples: ['join ai with registry as both', 'join ai with lung_function on patient, visit as both'],
  subject: { type: name('measurements', 'table'), noun: 'the name of a table', documentation: 'The first table.' },
  clauses: {
    with: required(name('measurements', 'table'), 'The second table.'),
    on: withDefault(list(column()), ['patient'], 'The columns that say which rows belong together.'),
    matching: optional(
      oneOf('numbers'),
      '`matching numbers` takes labels of patients for the same that have the same number: 1 and 001, P07 and p7.',
    ),
  },
  gives: ['table', 'measurements'],
  alwaysShown: false,
  async run({ subject: left, with: right, on, matching }, { resultName }) {
    const keys = [...new Set(on)];
    const sides = sidesOf(left, right, keys, matching !== undefined);
    const rows = joinRows(sides[0], sides[1], keys);
    const spelled = spelling(sides, keys, rows, matching !== undefined);
    if (rows.pairs.length === 0) throw nothingShared(left, right, keys, spelled);
    const added = addedColumns(sides, keys);
    const joined = joinedValue(left, right, rows, { keys, added });
    const step = `${left.name} with ${right.name} by ${keys.join(', ')}`;
    const lost = lostPatients(left, joined);
    const value = lost.length
      ? {
          ...joined,
          flow: withStep(
            left.value.flow,
            { name: left.name, patients: (patientsOf(left.value) ?? []).length },
            {
              reason: `no partner in ${right.name}`,
              excluded: lost,
              name: resultName,
              remaining: (patientsOf(joined) ?? []).length,
            },
          ),
        }
      : joined;
    const provenance = withFlowTold(withStepDone(provenanceOf(left, right, {}), 'joined', step), value.flow);
    return {
      value: { ...value, provenance },
      remarks: [
        ...unpaired(left, right, rows.onlyLeft),
        ...unpaired(right, left, rows.onlyRight),
        ...withoutKey(left.name, rows.withoutKey.left, keys),
        ...withoutKey(right.name, rows.withoutKey.right, keys),
        ...(spelled ? [spelled] : []),
        ...repeated(left, right, rows),
        ...renamed(added, left.name, right.name),
      ],
      view: () =>
        tableView(value.table, {
          title: `${step}: ${counted(value.table.numRows(), 'row')}`,
          researchOnly: value.kind === 'measurements',
          provenance,
          ...(value.kind === 'table' && value.headings && { columns: value.headings }),
        }),
    };
  },
});

function sidesOf(left: Side, right: Side, keys: readonly string[], byNumber: boolean): [JoinSide, JoinSide] {
  const sides = [left, right].map(({ name, value: { table } }): JoinSide => ({ name, table }));
  if (!byNumber) return [sides[0]!, sides[1]!];
  if (!keys.some((key) => sameName(key, 'patient')))
    throw new UserError(
      'idle-clause',
      '`matching numbers` is for labels of patients, and `on` does not name `patient`.',
    );
  const labels = labelsByNumber(sides.map((side) => ({ name: side.name, labels: labelsIn(side) })));
  return [
    { ...sides[0]!, labels: labels[0]! },
    { ...sides[1]!, labels: labels[1]! },
  ];
}

function labelsIn(side: JoinSide): string[] {
  const labels = Array.from(side.table.array(columnNamed(side, 'patient')), (label) => String(label ?? '').trim());
  return [...new Set(labels)].filter((label) => label !== '');
}

/** Labels of patients without a partner that are probably meant for each other. */
function spelling(
  sides: readonly JoinSide[],
  keys: readonly string[],
  { onlyLeft, onlyRight }: JoinedRows,
  byNumber: boolean,
): Remark | undefined {
  if (byNumber || !keys.some((key) => sameName(key, 'patient'))) return undefined;
  const [a, b] = sides.map((side, n) =>
    labelsIn({ ...side, table: rowsAt(side.table, n === 0 ? onlyLeft : onlyRight) }),
  );
  const found = spelledOtherwise(a!, b!);
  if (found === undefined) return undefined;
  const offered = canMatchNumbers(a!, b!) ? ', or `matching numbers` written' : '';
  return warning(
    'patient-spelling',
    `The same patients spelled otherwise? \`${sides[1]!.name}\` has ${found}. Labels must be equal to the letter${offered}.`,
  );
}

function nothingShared(left: Side, right: Side, keys: readonly string[], spelled: Remark | undefined): UserError {
  const some = ({ value: { table }, name }: Side) => {
    const values = Array.from(table.array(columnNamed({ name, table }, keys[0]!)), String);
    return atMost([...new Set(values)], 5);
  };
  const error = new UserError(
    'no-common-patient',
    `\`${left.name}\` and \`${right.name}\` share no ${keys.join(', ')}: \`${left.name}\` has ${some(left)}, \`${right.name}\` has ${some(right)}. ${spelled?.message ?? 'Write the same labels in both.'}`,
  );
  return spelled?.message.includes('matching numbers') ? error.mendedBy('matching numbers') : error;
}

interface AddedColumn {
  readonly from: string;
  readonly to: string;
}

/** The columns of the right side but its keys, by the names that they get. */
function addedColumns([left, right]: readonly [JoinSide, JoinSide], keys: readonly string[]): AddedColumn[] {
  const taken = new Set(left.table.columnNames().map((own) => own.toLowerCase()));
  const isKey = (own: string) => keys.some((key) => sameName(key, own));
  return right.table
    .columnNames()
    .filter((own) => !isKey(own))
    .map((from) => {
      let to = from;
      for (let n = 1; taken.has(to.toLowerCase()); n++) to = `${from}_${right.name}${n > 1 ? n : ''}`;
      taken.add(to.toLowerCase());
      return { from, to };
    });
}

function joinedValue(
  left: Side,
  right: Side,
  { pairs, repeats }: JoinedRows,
  { keys, added }: { readonly keys: readonly string[]; readonly added: readonly AddedColumn[] },
): MeasurementsValue | TableValue {
  const own = pairs.map(([row]) => row);
  const addedAt = (rows: readonly number[]) => columnsAt(right.value.table, rows, added);
  const table = rowsAt(left.value.table, own).assign(addedAt(pairs.map(([, row]) => row)));
  const { value } = left;
  // A measurement that stands twice is no measurement of one CT.
  if (value.kind === 'table' || repeats.left) {
    const { flow, cutPoints, provenance } = value;
    const percentColumns = value.kind === 'table' ? { percentColumns: value.percentColumns ?? [] } : {};
    const isRenamed = added.some(({ from, to }) => from !== to);
    const parts = {
      ...(repeats.right || isRenamed ? {} : ofItsRows(right.value, table)),
      ...(repeats.left ? {} : ofItsRows(value, table)),
    };
    return { kind: 'table', table, cutPoints, provenance, ...percentColumns, ...parts, ...(flow ? { flow } : {}) };
  }
  const kept = measurementsOfRows(value, own);
  const known = kept.density.columnNames();
  if (!keys.every((key) => known.includes(key))) return { ...kept, table };
  const keyOf = (of: ColumnTable, row: number) => JSON.stringify(keys.map((key) => String(of.get(key, row) ?? '')));
  const partner = new Map(pairs.map(([l, r]) => [keyOf(value.table, l), r]));
  const rows = Array.from({ length: kept.density.numRows() }, (_, row) => partner.get(keyOf(kept.density, row))!);
  return { ...kept, table, density: kept.density.assign(addedAt(rows)) };
}

/** What only such a table can do with its rows, where each of them stands once: summaries, pictures, and the way to its CTs. */
function ofItsRows(value: MeasurementsValue | TableValue, table: ColumnTable): Partial<TableValue> {
  if (value.kind !== 'table') return {};
  const { statistics, summary, figures, headings, measurements, registered } = value;
  const patients = new Set(patientsOf({ ...value, table }));
  return {
    ...(statistics && { statistics }),
    ...(summary && { summary }),
    ...(figures && { figures }),
    ...(headings && { headings }),
    ...(measurements && { measurements }),
    ...(registered && {
      registered: { ...registered, pairs: registered.pairs.filter(({ patient }) => patients.has(patient)) },
    }),
  };
}

/** The added columns of some rows. */
function columnsAt(table: ColumnTable, rows: readonly number[], added: readonly AddedColumn[]): ColumnTable {
  return tableOf(
    Object.fromEntries(
      added.map(({ from, to }) => {
        const values = table.array(from);
        return [to, rows.map((row) => values[row])];
      }),
    ),
  );
}

function lostPatients({ value }: Side, joined: MeasurementsValue | TableValue): string[] {
  const left = new Set(patientsOf(joined));
  return (patientsOf(value) ?? []).filter((patient) => !left.has(patient));
}

/** Rows without a partner; of patients who were left out of the other side before, the reason. */
function unpaired(here: Side, there: Side, rows: readonly number[]): Remark[] {
  if (rows.length === 0) return [];
  const table = rowsAt(here.value.table, rows);
  const labels = patientsOf({ ...here.value, table }) ?? [];
  const reasons = new Map(
    (there.value.flow?.steps ?? []).flatMap(({ reason, excluded }) => excluded.map((own) => [own, reason] as const)),
  );
  const before = labels.filter((label) => reasons.has(label));
  const others = labels.filter((label) => !reasons.has(label));
  const told = [...Map.groupBy(before, (label) => reasons.get(label)!)].map(([reason, own]) =>
    info('excluded-patients', `Left out of \`${there.name}\` before ("${reason}"): ${atMost(own, 10)}.`),
  );
  if (others.length === 0 && labels.length > 0) return told;
  const of = labels.length === 0 ? '' : ` (${counted(others.length, 'patient')}: ${atMost(others, 10)})`;
  const count = labels.length === 0 ? rows.length : rowsOf(table, new Set(others));
  const are = count === 1 ? 'has' : 'have';
  return [
    ...told,
    warning(
      'unpaired-rows',
      `${counted(count, 'row')} of \`${here.name}\`${of} ${are} no partner in \`${there.name}\` and ${count === 1 ? 'is' : 'are'} left out.`,
    ),
  ];
}

function rowsOf(table: ColumnTable, patients: ReadonlySet<string>): number {
  const column = table.columnNames().find((own) => sameName(own, 'patient'))!;
  return Array.from(table.array(column), String).filter((label) => patients.has(label)).length;
}

function withoutKey(name: string, count: number, keys: readonly string[]): Remark[] {
  if (count === 0) return [];
  const have = count === 1 ? 'has' : 'have';
  return [
    warning(
      'no-patient',
      `${counted(count, 'row')} of \`${name}\` ${have} no ${keys.join(', ')} and ${count === 1 ? 'is' : 'are'} left out.`,
    ),
  ];
}

/** Which side's rows stand several times. */
function repeated(left: Side, right: Side, { pairs, repeats }: JoinedRows): Remark[] {
  const said = (one: Side, many: Side) =>
    info(
      'repeated-rows',
      `\`${many.name}\` has several rows for one of \`${one.name}\`, which stands beside each of them: ${counted(pairs.length, 'row')} in all.`,
    );
  return [...(repeats.right ? [said(right, left)] : []), ...(repeats.left ? [said(left, right)] : [])];
}

function renamed(added: readonly AddedColumn[], left: string, right: string): Remark[] {
  const others = added.filter(({ from, to }) => from !== to);
  if (others.length === 0) return [];
  return [
    info(
      'columns-named',
      `Both tables have ${others.map(({ from }) => `\`${from}\``).join(', ')}: that of \`${left}\` keeps its name, that of \`${right}\` is ${others.map(({ to }) => `\`${to}\``).join(', ')}.`,
    ),
  ];
}
