/** `summarise`: medians and means per class and region (the study's Table 2) or per group, the characteristics of patients (Table 1), or an agreement as a paper prints it (Tables 3 to 5). */
import { type ColumnTable, from } from 'arquero';
import { REGIONS } from '../../../protocol/names.ts';
import type { TableView } from '../../../protocol/view.ts';
import { UserError } from '../../base/userError.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { optional } from '../../language/declaration.ts';
import { sameName } from '../../tables/columns.ts';
import type { Named } from '../../values/named.ts';
import { patientsOf } from '../../values/studyFlow.ts';
import type { TableValue } from '../../values/value.ts';
import { firstVisitOf, labelledByVisit, oneOfEachOrAll } from '../../values/visits.ts';
import { agreementSummary } from '../../views/agreementSummary.ts';
import { measurementsSummary } from '../../views/measurementsSummary.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';
import { REGION_NAMES } from '../names.ts';
import { declareVerb, type VerbResult } from '../verb.ts';
import { summariseGroups } from './summariseGroups.ts';
import { summarisePatients } from './summarisePatients.ts';

export const summarise = declareVerb({
  name: 'summarise',
  summary: 'Shows medians and means, the patients of a study, or an agreement as a paper prints it.',
  documentation:
    'Of measurements, or a table with `patient, region, class, percent`: percent of the region per class, median [first; third quartile] (quartiles by linear interpolation, as R’s default), and mean ± SD for normal lung and for the lungs’ volume. `by region` adds the five lobes; `by` a column of groups, such as `antibody`, shows the groups side by side, with n of each and a test between them. Of any other table with patients: its characteristics as a study’s Table 1 has them, categories as n (%), numbers as mean ± SD or, where they are lopsided (skewness beyond ±1), as median [IQR], with what is missing; `by` a column shows groups side by side, and `with` adds tests or standardised differences. Of what `change` found: its mean with interval and p, the shares beyond the error of measurement, and what is new and gone; `by` a column of groups compares them. Of an agreement: ρ with its p, the patients in each category on both sides, κ, and the usual words for their strength; below it the scale, the weights and how intervals were made. `as` names the table, to be exported.',
  examples: ['summarise ai by region', 'summarise registry by antibody with differences as table1', 'summarise ag'],
  subject: {
    type: name('measurements', 'table', 'agreement'),
    noun: 'the name of measurements, a table or an agreement',
    documentation: 'Measurements, a table with `patient`, or an agreement.',
  },
  clauses: {
    by: optional(
      either(oneOf('region'), column()),
      '`by region` adds the five lobes; a column of groups shows them side by side.',
    ),
    for: optional(
      list(column()),
      'The columns to summarise, in this order, instead of all that are numbers or categories; of percentages by groups, the classes.',
    ),
    in: optional(choice(REGION_NAMES), 'Of percentages by groups: the region.', 'total'),
    numbers: optional(
      oneOf('median', 'mean'),
      'How numbers are summarised, whatever their shape: `median` with quartiles, or `mean` with standard deviation.',
    ),
    with: optional(
      list(oneOf('tests', 'differences')),
      'With groups: `tests` adds p, `differences` the standardised differences.',
    ),
  },
  forms: {
    measurements: {
      of: 'of percentages',
      subject: ['measurements', 'table'],
      clauses: ['by'],
      instead: {
        for: 'It shows all classes, unless it is by a column of groups.',
        in: '`by region` shows all regions.',
        numbers: 'Percentages are medians, normal lung and volume means.',
        with: 'Tests are shown by a column of groups.',
      },
    },
    groups: {
      of: 'of percentages by groups',
      subject: ['measurements', 'table'],
      written: ['by'],
      clauses: ['by', 'for', 'in'],
      instead: { with: 'A test stands beside every class already.' },
    },
    patients: {
      of: 'of patients',
      subject: ['table'],
      clauses: ['by', 'for', 'numbers', 'with'],
      instead: { in: 'It has no regions.' },
    },
    change: {
      of: 'of a change',
      subject: ['table'],
      clauses: ['by'],
      instead: { for: 'Take classes first by `filter`.', in: 'Take a region first by `filter`.' },
    },
    agreement: {
      of: 'of an agreement',
      subject: ['agreement'],
      clauses: [],
      instead: { by: 'It shows the regions that were compared: write `by region` in its `agree`.' },
    },
  },
  gives: ['table'],
  alwaysShown: true,
  async run({ subject: { name, value }, ...asked }, _, takesForm) {
    if (value.kind === 'agreement') {
      takesForm('agreement');
      return named(agreementSummary(name, value), value);
    }
    const { by } = asked;
    refuseComparison(name, value.table);
    if (value.kind === 'table' && value.summary) {
      takesForm('change');
      const grouping = by === undefined || by === 'region' ? undefined : groupsIn([{ name, value }], by);
      const patients = patientsOf(value) ?? [];
      return {
        ...named(value.summary(value.table, grouping), value),
        remarks: grouping ? ungroupedRemarks(grouping, patients) : [],
      };
    }
    if (!holdsPercentages(value.table)) {
      takesForm('patients');
      const rows = by !== undefined && sameName(by, 'visit') ? labelledByVisit({ name, value }) : { name, value };
      const { view, remarks } = summarisePatients(rows, asked);
      return { ...named(view, value), remarks };
    }
    if (by === undefined || by === 'region') {
      takesForm('measurements');
      const first = firstVisitOf({ name, value }, 'summarised');
      const view = measurementsSummary(name, first.named.value, by ? REGIONS : ['total']);
      return { ...named(view, value), remarks: first.remarks };
    }
    takesForm('groups');
    const chosen = oneOfEachOrAll({ name, value }, by, 'summarised');
    const { view, remarks } = summariseGroups(chosen.named, { by, classes: asked.for, region: asked.in ?? 'total' });
    return { ...named(view, value), remarks: [...chosen.remarks, ...remarks] };
  },
});

/** The table that is shown is the result, for files and later cells. */
function named(view: TableView, { provenance }: Named<'measurements' | 'table' | 'agreement'>['value']): VerbResult {
  const rows = view.rows.map((row) =>
    Object.fromEntries(view.columns.map(({ name }, n) => [name, row[n] ?? undefined])),
  );
  const value: TableValue = {
    kind: 'table',
    table: from(rows).select(view.columns.map(({ name }) => name)),
    cutPoints: undefined,
    provenance: view.provenance ?? provenance,
  };
  return { value, view: () => view };
}

function holdsPercentages(table: ColumnTable): boolean {
  const columns = table.columnNames();
  const has = (wanted: string) => columns.some((own) => sameName(own, wanted));
  return has('class') && (has('percent') || has('region'));
}

/** A table that `agree` made of something else than two readings of scores has no patients to summarise. */
function refuseComparison(name: string, table: ColumnTable): void {
  const columns = table.columnNames();
  if (columns.includes('patient') || !['n', 'missing'].every((column) => columns.includes(column))) return;
  throw new UserError(
    'wrong-kind',
    `\`${name}\` is a comparison that stands in its own table already: write \`show ${name}\`, or \`describe ${name}\` for every statistic.`,
  );
}
