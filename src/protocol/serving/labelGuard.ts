/** Keeps patients' labels from a program that drives a notebook: it sees pseudonyms, and what it writes is read with the labels. */
import { type AnyPlaces, isPatientColumn, type LabelReplacement, withLabelsIn } from '../views/places.ts';
import { pseudonymsFor } from '../views/pseudonyms.ts';
import { canonical, replacerOf } from './labelPattern.ts';

export interface KnownLabels {
  readonly labels: Iterable<string>;
  /** Names of files and folders that will be labels if nothing else in them is; taken for labels until that is known. */
  readonly perhaps: Iterable<string>;
  /** The texts of the cells. */
  readonly sources: readonly string[];
  /** Nobody knows what the texts name, since no kernel may be asked: what stands in quotes and comments is left out. */
  readonly isUnknown: boolean;
}

export interface LabelGuard {
  /** What is known of labels now. A pseudonym, once given, stays, and so do labels. */
  learn(known: KnownLabels): void;
  /** What the program sees in place of labels. */
  replacement(): LabelReplacement;
  /** `json`, whose texts stand at `places`, as the program sees it; names of columns too. */
  hidden(json: unknown, places: AnyPlaces): unknown;
  /** A sentence in which somebody may be named in quotes, such as that of a problem. */
  hiddenSentence(text: string): string;
  /** The text of a cell as the program sees it, and what it means by the text that it writes. */
  hiddenSource(source: string, kind: 'code' | 'markup'): string;
  meant(text: string): string;
}

const same = (text: string) => text;

/** Hides nothing, for whoever may see labels. */
export const OPEN_GUARD: LabelGuard = {
  learn: () => {},
  replacement: () => ({ whole: same, words: same }),
  hidden: (json) => json,
  hiddenSentence: same,
  hiddenSource: same,
  meant: same,
};

export function createLabelGuard(): LabelGuard {
  let pseudonyms = new Map<string, string>();
  const certain = new Set<string>();
  let replacement: LabelReplacement = { whole: same, words: same };
  let meant = same;
  let isUnknown = false;
  let learnt = '';
  return {
    learn(known) {
      isUnknown = known.isUnknown;
      const key = JSON.stringify([[...known.labels], [...known.perhaps], known.sources]);
      if (key === learnt) return;
      learnt = key;
      for (const label of withSpellings(known.labels, known.sources)) certain.add(label);
      const labels = new Set([...certain, ...withSpellings(known.perhaps, known.sources)]);
      const isTaken = (pseudonym: string) => known.sources.some((source) => source.includes(pseudonym));
      pseudonyms = pseudonymsFor([...labels], pseudonyms, isTaken);
      replacement = replacementFor(labels, pseudonyms);
      meant = meaningOf(pseudonyms);
    },
    replacement: () => replacement,
    hidden: (json, places) => withLabelsIn(withTextLabels(json, replacement.words), places, replacement),
    hiddenSentence: (text) => replacement.words(isUnknown ? withoutQuoted(text) : text),
    hiddenSource: (source, kind) =>
      replacement.words(isUnknown && kind === 'code' ? withoutQuoted(source).replace(/#.*$/gm, '# …') : source),
    meant: (text) => meant(text),
  };
}

/** With the other spellings that the texts have, such as other capitals, and quotes as they are written within quotes. */
function withSpellings(labels: Iterable<string>, sources: readonly string[]): Set<string> {
  const all = new Set([...labels].map((label) => label.trim()).filter((label) => label !== ''));
  for (const label of [...all]) if (label.includes('"')) all.add(label.replaceAll('"', '\\"'));
  const spelled = replacerOf([...all], (found) => {
    all.add(found);
    return found;
  });
  for (const source of sources) spelled(source);
  return all;
}

function replacementFor(labels: ReadonlySet<string>, pseudonyms: ReadonlyMap<string, string>): LabelReplacement {
  // The label comes before its spellings.
  const bySpelling = new Map([...labels].reverse().map((label) => [canonical(label), label]));
  const pseudonymOf = (label: string) =>
    (labels.has(label) ? pseudonyms.get(label) : pseudonyms.get(bySpelling.get(canonical(label)) ?? label)) ?? label;
  const words = replacerOf(labels, pseudonymOf);
  const whole = (text: string) => {
    const label = text.trim();
    return labels.has(label) || bySpelling.has(canonical(label)) ? pseudonymOf(label) : words(text);
  };
  return { words, whole };
}

/** Pseudonyms stand in none of the notebook's texts, so that each is meant wherever it is written, within words too. */
function meaningOf(pseudonyms: ReadonlyMap<string, string>): (text: string) => string {
  const labelOf = new Map([...pseudonyms].map(([label, pseudonym]) => [pseudonym, label]));
  const longestFirst = [...labelOf.keys()].sort((a, b) => b.length - a.length);
  if (!longestFirst.length) return same;
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  return (text) => text.replace(pattern, (pseudonym) => labelOf.get(pseudonym)!);
}

function withoutQuoted(text: string): string {
  return text.replace(/"(?:\\"|[^"\n])*"?/g, '"…"');
}

/** A label that is a number in its table is replaced like any other; names of columns are texts as well. */
function withTextLabels(json: unknown, words: (text: string) => string): unknown {
  if (Array.isArray(json)) return json.map((item) => withTextLabels(item, words));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      isPatientColumn(key) ? key : words(key),
      isPatientColumn(key) && typeof value === 'number' ? String(value) : withTextLabels(value, words),
    ]),
  );
}
