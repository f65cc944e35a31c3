/** `agree` of a published table: the κ that its margins allow, and what in it does not fit together. */
import { type ColumnTable, from, not } from 'arquero';
import { KAPPA_WEIGHTS, type KappaWeights } from '../../agreement/categories/weights.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { PublishedCoefficient, PublishedP } from '../../agreement/published/checkCoefficients.ts';
import type { PublishedSide } from '../../agreement/published/checkCounts.ts';
import { checkTable } from '../../agreement/published/checkTable.ts';
import { kappaRange } from '../../agreement/published/kappaFromMargins.ts';
import { type PrintedNumber, printedNumber } from '../../agreement/published/printedNumber.ts';
import { classOf, ownClassOf } from '../../base/labels.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { type Row, rowsOf } from '../../tables/rows.ts';
import { isOnScale, type Scale, scaleInWords, scoreInCell } from '../../tables/scale.ts';
import type { Named } from '../../values/named.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { classesAsked } from './asked.ts';
import { type AgreeArguments, CLAUSES } from './clauses.ts';
import { declaredScale } from './scaleAsked.ts';

const COUNTS = ['reader', 'category', 'count'] as const;
const COEFFICIENTS = ['rho', 'rho_p', 'rho_ci_low', 'rho_ci_high', 'kappa', 'kappa_ci_low', 'kappa_ci_high'] as const;

/**
 * The table has `class`, `n` and optionally `region`; with counts also a row per reader and category with `reader`,
 * `category`, `count` and optionally `percent`; coefficients stand in any row of their class, as printed. The result
 * has a row per class and region; what does not fit is also said in remarks.
 */
export function agreePublished({ name, value }: Named<'table'>, asked: AgreeArguments): VerbResult {
  const columns = value.table.columnNames();
  checkColumns(name, columns);
  const rows = rowsOf(value.table);
  const printed = printer(value.table, name);
  const scale = scaleOf(rows, name, declaredScale(asked));
  const usual = usualWeights(asked);
  const groups = Map.groupBy(rowsAsked(rows, name, asked), (row) => classInRegion(row));
  const checked = [...groups.values()].map((group) => checkGroup(group, name, { scale, printed, usual }));
  const provenance = {
    ...value.provenance,
    parameters: {
      ...value.provenance.parameters,
      published: true,
      scale: scaleInWords(scale),
      ...(usual ? { weights: usual } : {}),
    },
  };
  const table = from(
    checked.map(({ remarks, ...row }) => ({ ...row, remarks: remarks.map(({ message }) => message).join(' ') })),
  );
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    remarks: checked.flatMap(({ remarks }) => remarks),
    view: () =>
      tableView(table.select(not('remarks')), {
        title: `What ${name} allows, and what does not fit`,
        notes: [
          `Least and largest κ of any table with these margins, ${usual ? `${usual === 'none' ? 'unweighted' : `with ${usual} weights`} where a column \`weights\` does not say` : 'unweighted unless a column `weights` or the clause says'}, on the scale ${scaleInWords(scale)}; where the totals of both readers differ, by shares. Checked: counts, percentages and totals, κ and its interval against the margins, ρ against its p.`,
        ],
        researchOnly: true,
        provenance,
      }),
  };
}

/** How a table is read. */
interface Reading {
  readonly scale: Scale;
  readonly printed: Printer;
  /** Where the table does not say; undefined where nobody does. */
  readonly usual: KappaWeights | undefined;
}

/** The weights that the statement gives. Throws a UserError where they are of a table, whose margins allow no range that is known. */
function usualWeights({ weights }: AgreeArguments): KappaWeights | undefined {
  if (weights === CLAUSES.weights.leftOut) return undefined;
  const [word, table] = weights;
  const known = KAPPA_WEIGHTS.find((own) => own === word);
  if (known && !table) return known;
  throw new UserError(
    'weights',
    'What the margins of a published table allow is known for the weights none, linear and quadratic; a table of weights cannot be taken there.',
  );
}

/** The rows of the classes that are named. Throws a UserError where the table lacks one of them. */
function rowsAsked(rows: readonly Row[], name: string, asked: AgreeArguments): readonly Row[] {
  const classes = classesAsked(asked);
  if (!classes) return rows;
  const classIn = (row: Row) => classOf(String(row.class)) ?? ownClassOf(String(row.class)) ?? String(row.class);
  const known = new Set(rows.map(classIn));
  const unknown = classes.find((own) => !known.has(own));
  if (unknown !== undefined)
    throw new UserError(
      'unknown-class',
      `\`${name}\` has no class \`${unknown}\`: ${suggestionFor(unknown, [...known])}`,
    );
  return rows.filter((row) => classes.includes(classIn(row)));
}

/** One scale for all classes, as weighted κ needs it: up to the largest category that any row names, where none is declared. */
function scaleOf(rows: readonly Row[], name: string, declared: Scale | undefined): Scale {
  if (declared) return declared;
  const categories = rows.map((row, n) => {
    const category = numberInCell(row.category);
    if (category === undefined) return 0;
    if (category !== 'other' && Number.isInteger(category) && category >= 0) return category;
    throw new UserError(
      'published-category',
      `Row ${n + 1} of \`${name}\` has the category ${row.category}; a whole number from 0 is needed. Another scale is declared by \`scale\`.`,
    );
  });
  return { low: 0, categories: 1 + Math.max(0, ...categories), isDeclared: false };
}

function checkColumns(name: string, columns: readonly string[]): void {
  const counted = COUNTS.every((column) => columns.includes(column));
  const coefficients = COEFFICIENTS.some((column) => columns.includes(column));
  if (columns.includes('class') && columns.includes('n') && (counted || coefficients)) return;
  throw new UserError(
    'missing-clause',
    `\`agree ${name}\` needs \`with\` and another reading. Without it \`${name}\` has to be a table of pairs with the columns left, right and count, or a published one with class, n, and either ${COUNTS.join(', ')} (a row per reader and category) or printed coefficients (${COEFFICIENTS.join(', ')}); it has ${columns.join(', ')}.`,
  );
}

function classInRegion(row: Row): string {
  return [row.class, row.region].filter((part) => part !== undefined && part !== null).join(' ');
}

/** Reads a cell as the paper prints it: numbers of a column have as many decimals as the most precise of them. */
type Printer = (row: Row, column: string) => PrintedNumber | undefined;

function printer(table: ColumnTable, name: string): Printer {
  const rows = rowsOf(table);
  const decimals = new Map(
    table.columnNames().map((column) => {
      const numbers = rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []));
      return [column, Math.max(0, ...numbers.map((value) => String(value).split('.')[1]?.length ?? 0))];
    }),
  );
  return (row, column) => {
    const value = row[column];
    if (value === undefined || value === null || value === '') return undefined;
    const text = typeof value === 'number' ? value.toFixed(decimals.get(column)) : String(value);
    try {
      return printedNumber(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.code, `Column ${column} of \`${name}\`, ${classInRegion(row)}: ${error.message}`);
    }
  };
}

function checkGroup(rows: readonly Row[], name: string, { scale, printed, usual }: Reading) {
  const first = (column: string) =>
    rows.map((row) => printed(row, column)).find((number): number is PrintedNumber => number !== undefined);
  const place = classInRegion(rows[0]!);
  const where = `${place} of \`${name}\``;
  const n = rows.map((row) => numberInCell(row.n)).find((own) => own !== undefined);
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 1)
    throw new UserError('published-n', `${where} has n ${rows[0]!.n ?? 'nowhere'}; a number of patients is needed.`);
  const sides = sidesOf(rows, where, scale, printed);
  const weights = weightsOf(rows, where) ?? usual;
  const kappa = coefficientOf('kappa', first);
  const rho = coefficientOf('rho', first);
  const p = pOf(rows, printed);
  const remarks = checkTable([
    {
      name: place,
      n,
      ...(sides ? { sides } : {}),
      ...(weights ? { weights } : {}),
      ...(kappa ? { kappa } : {}),
      ...(rho ? { rho } : {}),
      ...(p ? { rhoP: p } : {}),
    },
  ]);
  const range = sides && kappaRange(sides[0].counts, sides[1].counts, weights ?? 'none');
  return {
    class: rows[0]!.class,
    ...(rows[0]!.region === undefined ? {} : { region: rows[0]!.region }),
    readers: sides?.map((side) => side.name).join(', '),
    kappa: kappa?.value.value,
    kappa_least: range && valueIn(range.min),
    kappa_most: range && valueIn(range.max),
    findings: remarks.length,
    remarks,
  };
}

/** Both readers' counts on the scale from 0, or undefined in a table of coefficients alone. */
function sidesOf(
  rows: readonly Row[],
  where: string,
  scale: Scale,
  printed: Printer,
): [PublishedSide, PublishedSide] | undefined {
  const counted = rows.filter((row) => row.reader !== undefined && row.reader !== null && row.count !== undefined);
  if (counted.length === 0) return undefined;
  const readers = [...new Set(counted.map((row) => String(row.reader)))];
  if (readers.length !== 2)
    throw new UserError(
      'published-readers',
      `${where} has ${readers.length === 1 ? 'one reader' : `${readers.length} readers`} (${readers.join(', ')}). Give the counts of two.`,
    );
  const side = (reader: string): PublishedSide => {
    const own = new Map(
      counted.filter((row) => String(row.reader) === reader).map((row) => [categoryIn(row, where, scale), row]),
    );
    const all = Array.from({ length: scale.categories }, (_, category) => own.get(category));
    return {
      name: reader,
      counts: all.map((row) => (row ? countIn(row, where) : 0)),
      percents: all.map((row) => row && printed(row, 'percent')),
    };
  };
  return [side(readers[0]!), side(readers[1]!)];
}

/** From 0. */
function categoryIn(row: Row, where: string, scale: Scale): number {
  const score = scoreInCell(row.category, scale);
  if (typeof score === 'number' && isOnScale(score, scale)) return score - scale.low;
  throw new UserError(
    'published-category',
    `${where} has the category ${row.category ?? 'nowhere'} of ${row.reader}, which is not on the scale ${scaleInWords(scale)}.`,
  );
}

/** A category that the paper leaves out has no row; a row has a count. */
function countIn(row: Row, where: string): number {
  const count = numberInCell(row.count);
  if (typeof count === 'number') return count;
  throw new UserError(
    'bad-count',
    `${where} has ${count === undefined ? 'no count' : `"${row.count}" as count`} of ${row.reader} in category ${row.category}. Write 0 where it is none.`,
  );
}

function weightsOf(rows: readonly Row[], where: string): KappaWeights | undefined {
  const said = rows.map((row) => row.weights).find((text) => text !== undefined && text !== null && text !== '');
  if (said === undefined) return undefined;
  const weights = KAPPA_WEIGHTS.find((known) => known === said);
  if (!weights)
    throw new UserError(
      'published-weights',
      `Unknown weights "${said}" for ${where}: ${suggestionFor(String(said), KAPPA_WEIGHTS)}`,
    );
  return weights;
}

function coefficientOf(
  name: 'kappa' | 'rho',
  first: (column: string) => PrintedNumber | undefined,
): PublishedCoefficient | undefined {
  const [value, low, high] = [first(name), first(`${name}_ci_low`), first(`${name}_ci_high`)];
  if (!value) return undefined;
  return low && high ? { value, interval: [low, high] } : { value };
}

/** p as printed, "0.011" or "< 0.001". */
function pOf(rows: readonly Row[], printed: Printer): PublishedP | undefined {
  for (const row of rows) {
    const less = typeof row.rho_p === 'string' && /^\s*<\s*/.test(row.rho_p);
    const value = printed(less ? { ...row, rho_p: String(row.rho_p).replace(/^\s*<\s*/, '') } : row, 'rho_p');
    if (value) return { relation: less ? '<' : '=', value };
  }
  return undefined;
}
