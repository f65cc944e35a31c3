/** `agree` of a contingency table: counts of pairs of categories, as a paper prints them, in the place of patients. */
import { from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import { type AgreementPairs, agreementRow, type ConfidenceMethod } from '../../agreement/agreementTable.ts';
import { contingencyTable, pairsOfTable } from '../../agreement/categories/contingency.ts';
import type { NamedWeights } from '../../agreement/categories/weights.ts';
import { regionOf } from '../../base/labels.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import { remarksOf, sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

export const COUNT_COLUMNS = ['left', 'right', 'count'] as const;

interface Row {
  readonly left: number;
  readonly right: number;
  readonly count: number;
  readonly class?: string | null;
  readonly region?: string | null;
}

/**
 * A row of the table per pair of categories, from 0, with optional `class` and `region`; the order of pairs means
 * nothing. The scale reaches to the largest category that any row names, with a count of 0 too.
 */
export function agreeCounts({ name, value }: Named<'table'>, weights: NamedWeights, ci: ConfidenceMethod): VerbResult {
  // SAFETY: the verb looked for the columns; their cells are checked below.
  const rows = value.table.objects() as Row[];
  for (const [n, row] of rows.entries())
    for (const column of COUNT_COLUMNS)
      if (!Number.isInteger(row[column]) || row[column] < 0)
        throw new UserError(
          'bad-count',
          `Row ${n + 1} of \`${name}\` has ${row[column]} as ${column}; a whole number from 0 is needed.`,
        );
  // One scale for all classes: a category that one of them never uses counts for its weighted κ too.
  const categories = Math.max(2, ...rows.flatMap(({ left, right }) => [left + 1, right + 1]));
  const groups = [...Map.groupBy(rows, (row) => JSON.stringify([row.class, row.region])).values()].map((group) =>
    pairsOf(group, categories, name),
  );
  const results = groups.map((group) => agreementRow(group, weights, ci));
  const remarks = remarksOf(results, groups);
  const agreement: AgreementValue = {
    kind: 'agreement',
    table: from(results.map(({ row }) => row)),
    pairs: groups,
    names: { left: 'left', right: 'right' },
    weights,
    cutPoints: [],
    measurements: undefined,
    isPercent: { left: false, right: false },
    remarks,
    provenance: value.provenance,
  };
  return {
    value: agreement,
    view: () =>
      tableView(agreement.table, {
        title: `Agreement in the counts of ${name}`,
        notes: sentencesOf(remarks),
        researchOnly: true,
        provenance: value.provenance,
      }),
  };
}

function pairsOf(rows: readonly Row[], categories: number, name: string): AgreementPairs {
  const table = contingencyTable([], [], categories).map((counts) => [...counts]);
  for (const { left, right, count } of rows) table[left]![right]! += count;
  const { left, right } = pairsOfTable(table);
  return {
    region: regionIn(rows[0]!, name),
    class: rows[0]!.class ?? name,
    missing: 0,
    categories,
    pairs: left.map((category, n) => ({
      patient: `pair ${n + 1}`,
      left: category,
      right: right[n]!,
      leftCategory: category,
      rightCategory: right[n]!,
    })),
  };
}

function regionIn({ region }: Row, name: string): Region {
  if (region === undefined || region === null) return 'total';
  const known = regionOf(String(region));
  if (!known) throw new UserError('unknown-region', `Unknown region "${region}" in \`${name}\`.`);
  return known;
}
