/** What is said of the scale below an agreement: which it is, and what hangs on categories that nobody used. */

import type { Remark } from '../../../protocol/remark.ts';
import { anyOf, fromTo } from '../../../protocol/words/lists.ts';
import {
  type AgreementPairs,
  type ConfidenceMethod,
  categoryName,
  intervalMethods,
  tableOf,
} from '../../agreement/agreementTable.ts';
import { warning } from '../../base/remarks.ts';
import { type Scale, scaleInWords } from '../../tables/scale.ts';
import { placeOf } from '../../values/remarks.ts';

/** Places that a note names before it counts the rest. */
const NAMED = 3;

/** Below a table of these comparisons. */
export function agreementNotes(
  groups: readonly AgreementPairs[],
  scale: Scale,
  cutPoints: readonly number[],
  ci: ConfidenceMethod,
): string[] {
  const compared = groups.filter(({ pairs }) => pairs.length > 0);
  if (compared.length === 0) return [];
  return [scaleNote(scale, cutPoints, compared), intervalNote(compared[0]!, ci)];
}

/** A sentence on the scale, and on what is taken of it. `cutPoints` are those that percentages were cut at; none where there were none. */
function scaleNote(scale: Scale, cutPoints: readonly number[], groups: readonly AgreementPairs[]): string {
  const source = cutPoints.length ? `, at the cut points ${cutPoints.join(', ')} %` : '';
  const [lowest, next, last] = [0, 1, scale.categories - 1].map((n) => categoryName(groups[0] ?? {}, n));
  const present = fromTo(next!, last!);
  const unused = [...Map.groupBy(groups, placeOf)].flatMap(([place, same]) => {
    const names = unusedIn(same);
    return names.length ? [`${anyOf(names)} in ${place}`] : [];
  });
  const others = unused.length > NAMED ? `; and others in ${unused.length - NAMED} more comparisons` : '';
  const depends = unused.length ? `; nobody used ${unused.slice(0, NAMED).join('; ')}${others}` : '';
  return `Scale ${scaleInWords(scale)}${source}. PABAK and AC1 are on all ${scale.categories} categories, and hang on how many there are${depends}. Prevalence and bias index are of ${lowest} against ${present}, of every class.`;
}

/** How intervals and p were made. */
function intervalNote(group: AgreementPairs, ci: ConfidenceMethod): string {
  const { rho, kappa } = intervalMethods(group, ci);
  const p =
    kappa.includes('of patients') || ci.kind === 'asymptotic'
      ? ''
      : '; p of κ is by its standard error under κ = 0, whatever the interval';
  const level = Number((100 * (ci.confidence ?? 0.95)).toPrecision(6));
  return `${level} % intervals: ρ by ${rho}; κ by ${kappa}${p}.`;
}

/** A scale that nobody declared may be longer than the readers': where none of them ever used its ends. */
export function scaleRemarks(scale: Scale, groups: readonly AgreementPairs[], isOfScores: boolean): Remark[] {
  if (scale.isDeclared || !isOfScores) return [];
  const used = groups.flatMap(usedIn);
  const [low, high] = [Math.min(...used), Math.max(...used)];
  // Of five categories the highest is often empty; two, or the lowest, are hardly ever by chance.
  if (used.length === 0 || (low === 0 && high >= scale.categories - 2)) return [];
  const said = `All scores lie between ${low} and ${high}, and the scale is taken to be ${scaleInWords(scale)}. If it ends there, write \`scale ${low}..${Math.max(high, low + 1)}\`: PABAK, AC1 and AC2 hang on it.`;
  return [warning('unused-categories', said)];
}

function usedIn(group: AgreementPairs): number[] {
  const table = tableOf(group);
  return table.flatMap((row, n) => (row.some((count) => count > 0) || table.some((other) => other[n]! > 0) ? [n] : []));
}

/** By nobody in any of them, which have the same scale. */
function unusedIn(groups: readonly AgreementPairs[]): string[] {
  const used = new Set(groups.flatMap(usedIn));
  const { categories = 0 } = groups[0] ?? {};
  return Array.from({ length: categories }, (_, n) => n)
    .filter((n) => !used.has(n))
    .map((n) => categoryName(groups[0]!, n));
}
