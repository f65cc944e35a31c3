/** Keeps patients' labels from a program that drives a notebook: it sees pseudonyms, and what it writes is read with the labels. */
import { type AnyPlaces, type LabelReplacement, withLabelsIn } from '../../protocol/views/places.ts';
import { labelReplacement, pseudonymsFor } from '../../protocol/views/pseudonyms.ts';
import { rowsOf } from '../tables/rows.ts';
import type { Value } from '../values/value.ts';

export interface LabelGuard {
  /** What the program sees in place of labels. */
  replacement(): LabelReplacement;
  /** `json`, whose texts stand at `places`, as the program sees it. */
  hidden(json: unknown, places: AnyPlaces): unknown;
  /** The text of a cell with pseudonyms in its quoted texts, as the kernel reads it, and the other way round. */
  revealedSource(source: string): string;
  hiddenSource(source: string): string;
}

const NO_REPLACEMENT: LabelReplacement = { whole: (text) => text, words: (text) => text };

/** Hides nothing, for whoever may see labels. */
export const OPEN_GUARD: LabelGuard = {
  replacement: () => NO_REPLACEMENT,
  hidden: (json) => json,
  revealedSource: (source) => source,
  hiddenSource: (source) => source,
};

/** A pseudonym, once given, stays; labels are those of the patients in `values` at the moment of each question. */
export function createLabelGuard(values: () => Iterable<Value>): LabelGuard {
  let pseudonyms = new Map<string, string>();
  const known = () => {
    const labels = new Set([...values()].flatMap(labelsOf));
    if ([...labels].some((label) => !pseudonyms.has(label))) pseudonyms = pseudonymsFor([...labels], pseudonyms);
    return pseudonyms;
  };
  const inverse = () => new Map([...known()].map(([label, pseudonym]) => [pseudonym, label]));
  return {
    replacement: () => labelReplacement(known()),
    hidden: (json, places) => withLabelsIn(withTextLabels(json), places, labelReplacement(known())),
    revealedSource: (source) => inQuotes(source, labelReplacement(inverse())),
    hiddenSource: (source) => inQuotes(source, labelReplacement(known())),
  };
}

function labelsOf(value: Value): string[] {
  switch (value.kind) {
    case 'cohort':
      return value.cohort.patients.map(({ id }) => id);
    case 'masks':
      return value.masks.files.map(({ owner }) => owner.label);
    case 'parameter':
      return [];
    default:
      return [...new Set(rowsOf(value.table).flatMap(({ patient }) => (patient == null ? [] : [String(patient)])))];
  }
}

function inQuotes(source: string, { whole }: LabelReplacement): string {
  return source.replace(/"[^"]*"/g, (quoted) => `"${whole(quoted.slice(1, -1))}"`);
}

/** A label that is a number in its table is replaced like any other. */
function withTextLabels(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withTextLabels);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === 'patient' && typeof value === 'number' ? String(value) : withTextLabels(value),
    ]),
  );
}
