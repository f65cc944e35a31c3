/** `derive`: a new column from others, or a new class from others (fibrosis = reticulation + honeycombing). */
import { type ColumnTable, from, table as tableOf } from 'arquero';
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import { UserError } from '../base/userError.ts';
import { type Assignment, assignment } from '../language/clauses/assignment.ts';
import { type Expression, expression } from '../language/clauses/expression.ts';
import { name } from '../language/clauses/name.ts';
import { sequence } from '../language/clauses/sequence.ts';
import { columnsIn } from '../language/expression.ts';
import { categoryOf } from '../tables/categories.ts';
import { numberInCell } from '../tables/cellNumber.ts';
import { type Row, rowsOf } from '../tables/rows.ts';
import { withStepDone } from '../values/provenance.ts';
import { tableView } from '../views/tableView.ts';
import { evaluateOn } from './evaluateOn.ts';
import { declareVerb } from './verb.ts';

export const derive = declareVerb({
  name: 'derive',
  summary: 'Adds a column, or a class, computed from others.',
  documentation:
    'The expression is written as for `filter`. In a table with a row per class (measurements and reader tables), the names of classes stand for their percentages in the same patient, series and region, and the result is a new class with its own rows; its volume follows from its percentage. Otherwise the names are those of columns, and the result is a new column. A row with a missing value among them gets a missing one.',
  examples: [
    'derive ai fibrosis = reticulation + honeycombing as ai2',
    'derive table1 ratio = volume_ml / 1000 as litres',
  ],
  subject: {
    type: sequence(name('table', 'measurements'), assignment(expression())),
    noun: 'the name of a table, then a new name, `=` and an expression',
    documentation: 'The table, and what to add.',
  },
  clauses: {},
  gives: ['table', 'measurements'],
  columns: { from: 'subject' },
  alwaysShown: false,
  async run({ subject: [{ name, value }, added] }) {
    const { source } = added.value;
    const columns = value.table.columnNames();
    const classes = columnsIn(source, TEXTURE_CLASSES);
    const byClass = columns.includes('class') && classes.length > 0;
    if (byClass && !columns.includes('percent'))
      throw new UserError(
        'missing-columns',
        `\`${name}\` has no column \`percent\`: scores are ranks, and classes cannot be computed from them.`,
      );
    const table = byClass
      ? withClass(value.table, added, value.cutPoints)
      : value.table.assign(tableOf({ [added.name]: evaluateOn(value.table, added.value).map(finite) }));
    const step = `${added.name} = ${source}`;
    const provenance = withStepDone(value.provenance, 'derived', step);
    return {
      value:
        byClass && value.kind === 'measurements'
          ? { ...value, table, provenance, derivedFrom: { ...value.derivedFrom, [added.name]: classes } }
          : { ...value, table, provenance },
      view: () =>
        tableView(table, { title: `${name} with ${step}`, researchOnly: value.kind === 'measurements', provenance }),
    };
  },
});

/** Columns that belong to a row's class; the others say whose it is. */
const OF_CLASS = ['class', 'volume_ml', 'percent', 'score'];

function withClass(
  table: ColumnTable,
  { name, value: expression }: Assignment<Expression>,
  cutPoints: readonly number[] | undefined,
): ColumnTable {
  const rows = rowsOf(table);
  const places = new Map<string, { readonly place: Row; readonly rows: Row[] }>();
  for (const row of rows) {
    if (row.class === name)
      throw new UserError('twice-defined', `There is a class \`${name}\` already. Give the new one another name.`);
    const place = Object.fromEntries(Object.entries(row).filter(([column]) => !OF_CLASS.includes(column)));
    const key = JSON.stringify(place);
    const known = places.get(key) ?? { place, rows: [] };
    known.rows.push(row);
    places.set(key, known);
  }
  const groups = [...places.values()];
  const percentOf = (group: (typeof groups)[number], of: string) =>
    numberOrNone(group.rows.find((row) => row.class === of)?.percent);
  const wide = tableOf(
    Object.fromEntries(TEXTURE_CLASSES.map((of) => [of, groups.map((group) => percentOf(group, of))])),
  );
  const percents = evaluateOn(wide, expression).map((value) => (typeof value === 'number' ? finite(value) : undefined));
  const derived = groups.map((group, n) => ({
    ...group.place,
    class: name,
    ...measured(group.rows, percents[n], cutPoints),
  }));
  const columns = table.columnNames();
  return from([...rows, ...derived]).select(columns);
}

function measured(rows: readonly Row[], percent: number | undefined, cutPoints: readonly number[] | undefined): Row {
  // The classes of the networks share the region out between them, so that its volume is their sum.
  const volumesMl = rows
    .filter((row) => TEXTURE_CLASSES.some((name) => name === row.class))
    .map((row) => numberOrNone(row.volume_ml));
  const isKnown = percent !== undefined && !volumesMl.includes(undefined);
  const regionMl = volumesMl.reduce<number>((sum, volumeMl) => sum + (volumeMl ?? 0), 0);
  return {
    volume_ml: isKnown ? (percent / 100) * regionMl : undefined,
    percent,
    ...(cutPoints && percent !== undefined ? { score: categoryOf(percent, cutPoints) } : {}),
  };
}

function numberOrNone(cell: unknown): number | undefined {
  const number = numberInCell(cell);
  return number === 'other' ? undefined : number;
}

/** A number, a text or a truth value; undefined where there is none. */
function finite<T>(value: T): T | undefined {
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
}
