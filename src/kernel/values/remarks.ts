/** Remarks on the rows of an agreement: why cells are empty, and what to keep in mind with others. */
import type { Remark } from '../../protocol/remark.ts';
import { classLabel, regionInText, regionLabel } from '../../protocol/words/displayNames.ts';
import { type AgreementPair, type AgreementPairs, type AgreementResult, casesIn } from '../agreement/agreementTable.ts';
import { info, warning } from '../base/remarks.ts';

/** Fewer patients with a class than this make its κ a matter of single patients. */
const RARE = 3;

/** Where a row is, of a table that may have no regions, no classes, or one measure alone: these are empty. */
export interface RowPlace {
  readonly region: string;
  readonly class: string;
  readonly measure?: string;
}

/** How remarks call a row: "Emphysema, RUL", "Whole lungs, mean_hu". Empty where it is the only one of its table. */
export function placeOf({ region, class: name, measure = '' }: RowPlace): string {
  const parts = name === '' ? [regionLabel(region), measure] : [classLabel(name), regionInText(region), measure];
  return parts.filter(Boolean).join(', ');
}

/** The place of a row that says nothing where its table has neither classes nor regions, such as one of lung function. */
export function placeAmong(row: RowPlace, rows: readonly RowPlace[]): RowPlace {
  const isPlain = rows.every(({ region, class: name }) => region === 'total' && name === '');
  return isPlain ? { ...row, region: '' } : row;
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
  return [...Map.groupBy(remarks, ({ message }) => message)].map(([message, same]) => {
    const places = same.map(({ place, detail }) => (detail ? `${place} (${detail})`.trim() : place)).filter(Boolean);
    return places.length
      ? `${places.join('; ')}: ${message}.`
      : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  });
}

/** Why cells of a row are empty: those of one coefficient, where it is named. */
export function emptyWhere(reason: string, row: RowPlace, coefficient?: string): RowRemark {
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
