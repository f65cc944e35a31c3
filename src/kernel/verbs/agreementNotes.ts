/** What stands under an agreement: why cells are empty, and what to keep in mind with others. */
import type { AgreementPair, AgreementPairs, AgreementResult } from '../agreement/agreementTable.ts';
import { classLabel } from '../base/labels.ts';

/** Fewer patients with a class than this make its κ a matter of single patients. */
const RARE = 3;

function placeOf({ region, class: name }: { region: string; class: string }): string {
  return `${classLabel(name)}, ${region}`;
}

/** Why cells are empty, and what to keep in mind with others: each once, with all rows that it is true of. */
export function notesOf(results: readonly AgreementResult[]): string[] {
  const places = new Map<string, string[]>();
  for (const { row, reasons, cautions } of results)
    for (const note of [...reasons.map((reason) => `empty where ${reason}`), ...cautions])
      places.set(note, [...(places.get(note) ?? []), placeOf(row)]);
  return [...places].map(([note, rows]) => `${rows.join('; ')}: ${note}.`);
}

/** Says in one sentence where a class is so rare that κ hangs on single patients. */
export function rareNotes(groups: readonly AgreementPairs[]): string[] {
  const rare = groups.flatMap(rareIn);
  return rare.length ? [`κ hangs on single patients where a class is present in few: ${rare.join('; ')}.`] : [];
}

function rareIn(group: AgreementPairs): string[] {
  const present = (category: (pair: AgreementPair) => number) => group.pairs.filter((p) => category(p) > 0).length;
  const [left, right] = [present((p) => p.leftCategory), present((p) => p.rightCategory)];
  if (group.pairs.length === 0 || Math.min(left, right) >= RARE || Math.max(left, right) === 0) return [];
  return [`${placeOf(group)} (${left} and ${right} of ${group.pairs.length})`];
}
