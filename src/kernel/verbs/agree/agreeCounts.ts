/** `agree` of a contingency table: counts of pairs of categories, as a paper prints them, in the place of patients. */
import { from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import { type AgreementPairs, agreementRow } from '../../agreement/agreementTable.ts';
import { contingencyTable } from '../../agreement/categories/contingency.ts';
import { classOf, ownClassOf, regionOf } from '../../base/labels.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { rowsOf } from '../../tables/rows.ts';
import { categoryNames, isOnScale, type Scale, scaleInWords, scoreInCell } from '../../tables/scale.ts';
import type { Named } from '../../values/named.ts';
import { remarksOf, sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { classesAsked, comparedBy, confidenceOf, refuseIdleSeed, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { declaredScale } from './scaleAsked.ts';
import { agreementNotes } from './scaleNotes.ts';

export const COUNT_COLUMNS = ['left', 'right', 'count'] as const;

interface CountedPair {
  readonly class: string;
  readonly region: Region;
  /** Categories from 0. */
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/**
 * A row of the table per pair of categories, with optional `class` and `region`; the order of pairs means nothing. The
 * scale is the one that is declared, else it goes from the smallest to the largest category that any row names, with a
 * count of 0 too. Millions of cases are no more than their table.
 */
export function agreeCounts(table: Named<'table'>, asked: AgreeArguments): VerbResult {
  refuseIdleSeed(asked);
  const classes = classesAsked(asked);
  const { name, value } = table;
  const [weights, ci] = [weightsOf(asked), confidenceOf(asked)];
  const { scale, pairs } = countedPairs(table, asked);
  const wanted = classes ? pairs.filter((pair) => classes.includes(pair.class)) : pairs;
  const unknown = classes?.find((own) => !pairs.some((pair) => pair.class === own));
  if (unknown !== undefined) {
    const known = [...new Set(pairs.map((pair) => pair.class))];
    throw new UserError('unknown-class', `\`${name}\` has no class \`${unknown}\`: ${suggestionFor(unknown, known)}`);
  }
  const groups = [...Map.groupBy(wanted, (pair) => JSON.stringify([pair.class, pair.region])).values()].map((own) =>
    groupOf(own, scale),
  );
  const results = groups.map((group) => agreementRow(group, weights, ci));
  const remarks = remarksOf(results, groups);
  const notes = (of: readonly AgreementPairs[]) => agreementNotes(of, scale, [], ci);
  const provenance = {
    ...value.provenance,
    parameters: { ...value.provenance.parameters, ...comparedBy(scale, weights, ci, asked), counts: true },
  };
  const agreement: AgreementValue = {
    kind: 'agreement',
    table: from(results.map(({ row }) => row)),
    pairs: groups,
    names: { left: 'left', right: 'right' },
    weights,
    ci,
    cutPoints: [],
    measurements: undefined,
    isPercent: { left: false, right: false },
    excluded: [],
    notes,
    remarks,
    provenance,
  };
  return {
    value: agreement,
    view: () =>
      tableView(agreement.table, {
        title: `Agreement in the counts of ${name}`,
        notes: [...sentencesOf(remarks), ...notes(groups)],
        researchOnly: true,
        provenance,
      }),
  };
}

/** Throws a UserError at a row that is no count of a pair of categories. */
function countedPairs({ name, value }: Named<'table'>, asked: AgreeArguments): { scale: Scale; pairs: CountedPair[] } {
  const rows = rowsOf(value.table);
  const declared = declaredScale(asked);
  const categoryIn = (cell: unknown) => (declared ? scoreInCell(cell, declared) : numberInCell(cell));
  const read = rows.map((row, n) => {
    const refuse = (column: string): never => {
      const own = row[column];
      const what = own === undefined || own === null || String(own).trim() === '' ? 'no' : `${own} as`;
      const needed =
        column === 'count' || !declared?.words ? 'a whole number from 0' : `one of ${scaleInWords(declared)}`;
      throw new UserError('bad-count', `Row ${n + 1} of \`${name}\` has ${what} ${column}; ${needed} is needed.`);
    };
    const whole = (column: string, number: number | undefined | 'other') =>
      typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : refuse(column);
    return {
      class: classIn(row.class, name),
      region: regionIn(row.region, name),
      left: whole('left', categoryIn(row.left)),
      right: whole('right', categoryIn(row.right)),
      count: whole('count', numberInCell(row.count)),
    };
  });
  const scale = declared ?? scaleOf(read);
  for (const [n, { left, right }] of read.entries())
    for (const score of [left, right])
      if (!isOnScale(score, scale))
        throw new UserError(
          'bad-score',
          `Row ${n + 1} of \`${name}\` has the category ${score}, which is not on the scale ${scaleInWords(scale)}.`,
        );
  const pairs = read.map((row) => ({ ...row, left: row.left - scale.low, right: row.right - scale.low }));
  return { scale, pairs };
}

/** One scale for all classes: a category that one of them never uses counts for its weighted κ too. */
function scaleOf(rows: readonly { readonly left: number; readonly right: number }[]): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { left, right } of rows) {
    low = Math.min(low, left, right);
    high = Math.max(high, left, right);
  }
  // Counts from 1 on are of a scale that begins there; of one that begins at 2 nobody has heard.
  const first = low === 1 ? 1 : 0;
  return { low: first, categories: Math.max(2, high - first + 1), isDeclared: false };
}

/** Pairs of equal categories are kept once, with how many they are. */
function groupOf(rows: readonly CountedPair[], scale: Scale): AgreementPairs {
  const table = contingencyTable(
    rows.map(({ left }) => left),
    rows.map(({ right }) => right),
    scale.categories,
    rows.map(({ count }) => count),
  );
  const names = categoryNames(scale);
  return {
    region: rows[0]!.region,
    class: rows[0]!.class,
    missing: 0,
    categories: scale.categories,
    categoryNames: names,
    pairs: table.flatMap((row, left) =>
      row.flatMap((times, right) =>
        times > 0
          ? [
              {
                patient: `${names[left]} and ${names[right]}`,
                left: left + scale.low,
                right: right + scale.low,
                leftCategory: left,
                rightCategory: right,
                times,
              },
            ]
          : [],
      ),
    ),
  };
}

/** The name of the table where it has no classes. */
function classIn(cell: unknown, name: string): string {
  const text = String(cell ?? '').trim();
  return text === '' ? name : (classOf(text) ?? ownClassOf(text) ?? text);
}

function regionIn(cell: unknown, name: string): Region {
  if (cell === undefined || cell === null || String(cell).trim() === '') return 'total';
  const known = regionOf(String(cell));
  if (!known) throw new UserError('unknown-region', `Unknown region "${cell}" in \`${name}\`.`);
  return known;
}
