/** Pseudonyms of patients' labels, and how they take the labels' places. */
import type { LabelReplacement } from './places.ts';

const inNaturalOrder = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Pseudonyms by label: those of `known`, a table that was kept from another notebook, then P001, P002 … for the other
 * labels in their natural order. None is a label itself, nor another's pseudonym, nor `isTaken` otherwise.
 */
export function pseudonymsFor(
  labels: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
  isTaken: (pseudonym: string) => boolean = () => false,
): Map<string, string> {
  const width = Math.max(3, String(labels.length + known.size).length);
  const taken = new Set([...labels, ...known.values()]);
  const fresh = labels.filter((label) => !known.has(label)).sort(inNaturalOrder);
  let number = 0;
  return new Map([
    ...known,
    ...fresh.map((label): [string, string] => {
      let pseudonym: string;
      do pseudonym = `P${String(++number).padStart(width, '0')}`;
      while (taken.has(pseudonym) || isTaken(pseudonym));
      return [label, pseudonym];
    }),
  ]);
}

/** A label that is a bare number is replaced where it stands for itself, and in no sentence, since sentences count things, too. */
export function labelReplacement(pseudonyms: ReadonlyMap<string, string>): LabelReplacement {
  // The longest first: "P1" is in "P1 b".
  const labels = [...pseudonyms.keys()].filter((label) => !isNumber(label)).sort((a, b) => b.length - a.length);
  const escaped = labels.map((label) => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  const words = (text: string) => (labels.length ? text.replace(pattern, (label) => pseudonyms.get(label)!) : text);
  const whole = (text: string) => pseudonyms.get(text) ?? words(text);
  return { words, whole };
}

function isNumber(label: string): boolean {
  return /^[\d.,]+$/.test(label);
}

export function hasNumericLabel(pseudonyms: ReadonlyMap<string, string>): boolean {
  return [...pseudonyms.keys()].some(isNumber);
}
