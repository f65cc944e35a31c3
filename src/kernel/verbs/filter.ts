/** `filter`: the rows of a table for which an expression holds. */
import { counted } from '../base/counted.ts';
import { UserError } from '../base/userError.ts';
import { type Expression, expression } from '../language/clauses/expression.ts';
import { name } from '../language/clauses/name.ts';
import { text } from '../language/clauses/text.ts';
import { optional, required } from '../language/declaration.ts';
import { rowsAt } from '../tables/evaluate.ts';
import { measurementsOfRows } from '../values/keep.ts';
import { withFlowTold, withStepDone } from '../values/provenance.ts';
import { placeOf } from '../values/remarks.ts';
import { type FlowingValue, patientsOf, withStep } from '../values/studyFlow.ts';
import type { AgreementValue } from '../values/value.ts';
import { tableView } from '../views/tableView.ts';
import { evaluateOn, usesSelection } from './evaluateOn.ts';
import { declareVerb } from './verb.ts';

export const filter = declareVerb({
  name: 'filter',
  summary: 'Keeps the rows for which an expression holds.',
  documentation:
    'The expression names columns as they are, compares with `== != < <= > >=`, and joins with `&& || !`; texts stand in double quotes, and Arquero’s functions can be used (`mean(percent)`, `includes(…)`, `startswith(…)`). A missing cell is neither less nor more than anything; `score == undefined` finds it. `selected` holds for patients who are selected in the notebook’s figures; as long as nobody is, a result that would have their rows alone is empty, and what is made from it waits. Patients of whom no row is left go into the flow, with the reason that `because` gives.',
  examples: [
    'filter ai where region == "RLL" as rll',
    'filter registry where hrct == "yes" because "no chest HRCT" as scanned',
  ],
  subject: {
    type: name('table', 'measurements', 'agreement'),
    noun: 'the name of a table',
    documentation: 'The table.',
  },
  clauses: {
    where: required(expression(), 'What must hold for a row to stay.'),
    because: optional(
      text('prose'),
      'Why the others are left out, as the flow chart shall say it; else it says the expression.',
    ),
  },
  forms: {
    rows: { of: 'of a table', subject: ['table', 'measurements'], clauses: ['where', 'because'] },
    agreement: {
      of: 'of an agreement',
      subject: ['agreement'],
      clauses: ['where'],
      instead: { because: 'Its rows are comparisons, and no patient is left out with them.' },
    },
  },
  gives: ['table', 'measurements', 'agreement'],
  columns: { from: 'subject' },
  alwaysShown: false,
  async run({ subject: { name, value }, where, because }, { resultName }, takesForm) {
    takesForm(value.kind === 'agreement' ? 'agreement' : 'rows');
    const holds = evaluateOn(value.table, where);
    const rows = holds.flatMap((held, n) => (held ? [n] : []));
    if (rows.length === 0 && usesSelection(value.table, where)) throw nobodySelected(name, where);
    if (rows.length === 0)
      throw new UserError(
        'no-rows',
        `No row of \`${name}\` has ${where.source}; it has ${counted(holds.length, 'row')}. \`describe ${name}\` shows what its columns hold.`,
      );
    const reason = because ?? `not: ${where.source}`;
    const kept =
      value.kind === 'agreement'
        ? rowsOfAgreement(value, rows)
        : withFlow(
            value,
            value.kind === 'measurements'
              ? measurementsOfRows(value, rows)
              : { ...value, table: rowsAt(value.table, rows) },
            { reason, from: name, name: resultName },
          );
    const told = kept.kind === 'agreement' ? kept.provenance : withFlowTold(kept.provenance, kept.flow);
    const provenance = withStepDone(told, 'where', where.source);
    return {
      value: { ...kept, provenance },
      view: () =>
        tableView(kept.table, {
          title: `${name} where ${where.source}`,
          researchOnly: value.kind !== 'table',
          provenance,
          ...(value.kind === 'table' && value.headings && { columns: value.headings }),
        }),
    };
  },
});

/** Ends the statement and is no error: the user has not selected anybody yet, or nobody of whom a row would stay. */
function nobodySelected(name: string, { source, selected }: Expression): UserError {
  const message =
    selected.size === 0
      ? 'No patient is selected. Select some in a figure, by clicks or by drawing around them; on the command line, write `--set selected=P01,P02`.'
      : `None of ${counted(selected.size, 'selected patient')} has a row in \`${name}\` with ${source}.`;
  return new UserError('nothing-selected', message);
}

function rowsOfAgreement(value: AgreementValue, rows: readonly number[]): AgreementValue {
  const pairs = rows.map((row) => value.pairs[row]!);
  const places = new Set(pairs.map(placeOf));
  const remarks = value.remarks.filter(({ place }) => places.has(place));
  return { ...value, table: rowsAt(value.table, rows), pairs, remarks };
}

/** Adds a step where whole patients have gone. */
function withFlow<V extends FlowingValue>(
  before: FlowingValue,
  after: V,
  { reason, from, name }: { readonly reason: string; readonly from: string; readonly name: string | undefined },
): V {
  const [all, left] = [patientsOf(before) ?? [], new Set(patientsOf(after))];
  const excluded = all.filter((patient) => !left.has(patient));
  if (excluded.length === 0) return after;
  const start = { name: from, patients: all.length };
  return { ...after, flow: withStep(before.flow, start, { reason, excluded, name, remaining: left.size }) };
}
