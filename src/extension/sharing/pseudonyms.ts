/** Replaces patient labels by pseudonyms, the same everywhere in a notebook. */
import type { Notebook } from '../../protocol/notebook.ts';

/** Pseudonyms by label: P001, P002 … in the order given, none of which is a label itself. */
export function pseudonymsFor(labels: readonly string[]): Map<string, string> {
  const width = Math.max(3, String(labels.length).length);
  const taken = new Set(labels);
  let number = 0;
  return new Map(
    labels.map((label) => {
      let pseudonym: string;
      do pseudonym = `P${String(++number).padStart(width, '0')}`;
      while (taken.has(pseudonym));
      return [label, pseudonym];
    }),
  );
}

/** What says how a view is built, and is no word of the user's. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'type',
  'kind',
  'name',
  'code',
  'severity',
  'plane',
  'mode',
  'class',
  'region',
  'handle',
  'sha256',
  'software',
  'id',
  'version',
  'licence',
]);

/**
 * The notebook with every label replaced where it stands as a word of its own: in the quoted texts of code, in markup,
 * and in outputs. Pictures hold no words.
 */
export function withPseudonyms(notebook: Notebook, pseudonyms: ReadonlyMap<string, string>): Notebook {
  if (pseudonyms.size === 0) return notebook;
  // The longest first: "P1" is in "P1 b".
  const labels = [...pseudonyms.keys()].sort((a, b) => b.length - a.length);
  const escaped = labels.map((label) => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  const inText = (text: string) => text.replace(pattern, (label) => pseudonyms.get(label)!);
  const replaced = (value: unknown, key?: string): unknown => {
    if (typeof value === 'string') return key && STRUCTURE.has(key) ? value : inText(value);
    if (Array.isArray(value)) return key === 'slices' ? value : value.map((item) => replaced(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, own]) => [
      key === 'inputs' ? inText(name) : name,
      replaced(own, name),
    ]);
    return Object.fromEntries(entries);
  };
  const cells = notebook.cells.map(({ kind, source, outputs }) => ({
    kind,
    source: source.map((line) => (kind === 'code' ? line.replace(/"[^"]*"/g, inText) : inText(line))),
    ...(outputs ? { outputs: replaced(outputs) } : {}),
  }));
  const provenance = notebook.provenance && replaced(notebook.provenance);
  // SAFETY: texts are replaced by texts, and the names of inputs by names; the shape stays.
  return { ...notebook, cells, ...(provenance ? { provenance } : {}) } as unknown as Notebook;
}

/** A table of who is who, for the user alone. */
export function pseudonymTable(pseudonyms: ReadonlyMap<string, string>): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return ['label,pseudonym', ...[...pseudonyms].map((pair) => pair.map(quoted).join(','))].join('\n').concat('\n');
}
