/** Replaces patient labels by pseudonyms, the same everywhere in a notebook, and in others by the same table. */
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';

const inNaturalOrder = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Pseudonyms by label: those of `known`, a table that was kept from another notebook, then P001, P002 … for the other
 * labels in their natural order. None is a label itself, nor another's pseudonym.
 */
export function pseudonymsFor(
  labels: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
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
      while (taken.has(pseudonym));
      return [label, pseudonym];
    }),
  ]);
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
  'sha256',
  'software',
  'id',
  'version',
  'licence',
]);

/**
 * The notebook with every label replaced where it stands as a word of its own: in the quoted texts of code, in markup,
 * and in outputs. Pictures hold no words. A label that is a bare number is replaced where a patient stands (columns,
 * figures, slices, quoted in code) and nowhere else, since sentences count things, too; the plain texts of outputs, where
 * both look alike, are left out then.
 */
export function withPseudonyms(notebook: Notebook, pseudonyms: ReadonlyMap<string, string>): Notebook {
  if (pseudonyms.size === 0) return notebook;
  const replaced = replacer(pseudonyms);
  const hasNumbers = [...pseudonyms.keys()].some(isNumber);
  const cells = notebook.cells.map(({ kind, source, outputs }) => ({
    kind,
    source: source.map((line) =>
      kind === 'code'
        ? line.replace(/"[^"]*"/g, (quoted) => `"${replaced.whole(quoted.slice(1, -1))}"`)
        : replaced.words(line),
    ),
    ...(outputs
      ? { outputs: outputs.map((output) => replaced.within(hasNumbers ? withoutText(output) : output)) }
      : {}),
  }));
  const provenance = notebook.provenance && replaced.within(notebook.provenance);
  // SAFETY: texts are replaced by texts, and the names of inputs by names; the shape stays.
  return { ...notebook, cells, ...(provenance ? { provenance } : {}) } as unknown as Notebook;
}

function replacer(pseudonyms: ReadonlyMap<string, string>) {
  // The longest first: "P1" is in "P1 b".
  const labels = [...pseudonyms.keys()].filter((label) => !isNumber(label)).sort((a, b) => b.length - a.length);
  const escaped = labels.map((label) => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  const words = (text: string) => (labels.length ? text.replace(pattern, (label) => pseudonyms.get(label)!) : text);
  /** A text that is a label from end to end, or has labels in it. */
  const whole = (text: string) => pseudonyms.get(text) ?? words(text);
  /** "P01/series-1" and "P01, series-1" begin with a label. */
  const leading = (text: string, sign: string) => {
    const end = text.lastIndexOf(sign);
    return end < 0 ? words(text) : whole(text.slice(0, end)) + words(text.slice(end));
  };
  const patientIn = (cell: unknown) =>
    typeof cell === 'number' ? (pseudonyms.get(String(cell)) ?? cell) : typeof cell === 'string' ? whole(cell) : cell;

  function within(value: unknown, key?: string): unknown {
    // A handle leads to what the kernel knows under the old labels, and is made of them.
    if (key === 'handle') return '';
    if (typeof value === 'string') {
      if (key && STRUCTURE.has(key)) return value;
      return key === 'patient' || key === 'customdata' ? whole(value) : words(value);
    }
    if (Array.isArray(value)) return key === 'slices' ? value : value.map((item) => within(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, own]) => [
      key === 'inputs' ? leading(name, '/') : name,
      within(own, name),
    ]);
    return inItsPlaces(Object.fromEntries(entries), value as Readonly<Record<string, unknown>>);
  }

  /** What is known of single views: the patient column of a table, the title of a slice viewer. */
  function inItsPlaces(done: Record<string, unknown>, before: Readonly<Record<string, unknown>>) {
    const { columns, rows } = before;
    if (before.type === 'slices' && typeof before.title === 'string') done.title = leading(before.title, ', ');
    if (before.type !== 'table' || !Array.isArray(columns) || !Array.isArray(rows)) return done;
    const place = columns.findIndex((column) => /^\s*patient\s*$/i.test(String(column?.name)));
    if (place < 0) return done;
    done.rows = (done.rows as unknown[][]).map((row, r) =>
      Array.isArray(row) ? row.with(place, patientIn(rows[r][place])) : row,
    );
    return done;
  }

  return { words, whole, within };
}

function isNumber(label: string): boolean {
  return /^[\d.,]+$/.test(label);
}

function withoutText({ text, ...rest }: NotebookOutput): NotebookOutput {
  return rest.view || text === undefined ? rest : { ...rest, text };
}

/** A table of who is who, for the user alone. */
export function pseudonymTable(pseudonyms: ReadonlyMap<string, string>): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return ['label,pseudonym', ...[...pseudonyms].map((pair) => pair.map(quoted).join(','))].join('\n').concat('\n');
}

/** A table that `pseudonymTable` wrote; undefined where the text is something else. */
export function parsePseudonymTable(text: string): Map<string, string> | undefined {
  const [heading, ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  if (heading !== 'label,pseudonym') return undefined;
  const rows = lines.map((line) => /^"((?:[^"]|"")*)","((?:[^"]|"")*)"$/.exec(line));
  if (rows.some((row) => !row)) return undefined;
  return new Map(rows.map((row) => [row![1]!.replaceAll('""', '"'), row![2]!.replaceAll('""', '"')]));
}
