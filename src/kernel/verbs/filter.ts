/** `filter`: the rows of a table for which an expression holds. */
import { counted } from '../base/counted.ts';
import { UserError } from '../base/userError.ts';
import { expression } from '../language/clauses/expression.ts';
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
import { evaluateOn } from './evaluateOn.ts';
import { declareVerb } from './verb.ts';

export const filter = declareVerb({
  name: 'filter',
  summary: 'Keeps the rows for which an expression holds.',
  documentation:
    'The expression names columns as they are, compares with `== != < <= > >=`, and joins with `&& || !`; texts stand in double quotes, and Arquero’s functions can be used (`mean(percent)`, `includes(…)`, `startswith(…)`). A missing cell is neither less nor more than anything; `score == undefined` finds it. Patients of whom no row is left go into the flow, with the reason that `because` gives.',
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
  alwaysShown: false,
  async run({ subject: { name, value }, where, because }, { resultName }, takesForm) {
    takesForm(value.kind === 'agreement' ? 'agreement' : 'rows');
    const holds = evaluateOn(value.table, where);
    const rows = holds.flatMap((held, n) => (held ? [n] : []));
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
        }),
    };
  },
});

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
