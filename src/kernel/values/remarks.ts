/** Remarks on the rows of an agreement: why cells are empty, and what to keep in mind with others. */
import type { Remark } from '../../protocol/remark.ts';
import { classLabel, regionInText } from '../../protocol/words/displayNames.ts';
import { type AgreementPair, type AgreementPairs, type AgreementResult, casesIn } from '../agreement/agreementTable.ts';
import { info, warning } from '../base/remarks.ts';

/** Fewer patients with a class than this make its κ a matter of single patients. */
const RARE = 3;

/** How remarks call a row. */
export function placeOf({ region, class: name }: { region: string; class: string }): string {
  return `${classLabel(name)}, ${regionInText(region)}`;
}

/** On one row, "Emphysema, RUL"; the message is the end of a sentence that begins with it. */
export interface RowRemark extends Remark {
  readonly place: string;
  /** What is the row's own in it, such as counts. */
  readonly detail?: string;
}

/**
 * Why cells are empty, what to keep in mind with others, and where a class is rare. `whose` tells rows of the same
 * region and class apart: of which patients or readers each is.
 */
export function remarksOf(
  results: readonly AgreementResult[],
  groups: readonly AgreementPairs[],
  whose?: readonly string[],
): RowRemark[] {
  const at = (remark: RowRemark, n: number) => (whose ? { ...remark, place: `${remark.place}, ${whose[n]}` } : remark);
  return [
    ...results.flatMap(({ row, remarks }, n) => remarks.map((remark) => at({ ...remark, place: placeOf(row) }, n))),
    ...groups.flatMap((group, n) => rareRemark(group).map((remark) => at(remark, n))),
  ];
}

/** Each remark once, with all rows that it is true of. */
export function sentencesOf(remarks: readonly RowRemark[]): string[] {
  return [...Map.groupBy(remarks, ({ message }) => message)].map(
    ([message, same]) =>
      `${same.map(({ place, detail }) => (detail ? `${place} (${detail})` : place)).join('; ')}: ${message}.`,
  );
}

/** Why cells of a row are empty: those of one coefficient, where it is named. */
export function emptyWhere(
  reason: string,
  row: { readonly region: string; readonly class: string },
  coefficient?: string,
): RowRemark {
  const what = coefficient === undefined ? 'empty' : `${coefficient} empty`;
  return { ...info('empty-cell', `${what} where ${reason}`), place: placeOf(row) };
}

/** Says where a class is so rare that κ hangs on single patients. */
function rareRemark(group: AgreementPairs): RowRemark[] {
  const present = (category: (pair: AgreementPair) => number) =>
    group.pairs.reduce((sum, pair) => sum + (category(pair) > 0 ? (pair.times ?? 1) : 0), 0);
  const counts = [present((p) => p.leftCategory), present((p) => p.rightCategory)];
  const fewest = Math.min(...counts);
  const most = Math.max(...counts);
  if (group.pairs.length === 0 || fewest >= RARE || most === 0) return [];
  return [
    {
      ...warning('rare-class', 'κ hangs on single patients where so few have the class'),
      place: placeOf(group),
      detail: `${counts[0]} and ${counts[1]} of ${casesIn(group)} patients`,
    },
  ];
}
