/** What in a notebook may say who somebody is, as far as a program can see it. */
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';
import type { SliceView, TableView, ViewModel } from '../../protocol/view.ts';

export interface Finding {
  /** What kind it is, as a heading. */
  readonly kind: string;
  /** What was found. */
  readonly what: string;
  /** Number of the cell, from 1. */
  readonly cell: number;
}

const FREE_TEXT: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['A path that names a person or a computer', /(?:\/home\/|\/Users\/|[A-Za-z]:\\Users\\|\\\\)[^\s"'`,;)]+/g],
  ['An address on a network', /\bhttps?:\/\/[^\s"'`,;)]+/g],
  ['A DICOM unique identifier', /\b\d+(?:\.\d+){5,}\b/g],
  ['An e-mail address', /\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g],
];
const TELLING_COLUMN = /^(?:.*(?:name|birth|dob|address|phone|mrn|hospital.?(?:no|number|id)|ssn|nhs|insurance).*)$/i;

/** Findings in the order of the cells. Patient labels are judged by `labelProblem`. */
export function findIdentifiers({ cells }: Notebook): Finding[] {
  return cells.flatMap(({ source, outputs = [] }, n) => {
    const texts = [source.join('\n'), ...outputs.map(textOf)];
    const inTexts = FREE_TEXT.flatMap(([kind, pattern]) =>
      unique(texts.flatMap((text) => text.match(pattern) ?? [])).map((what) => ({ kind, what })),
    );
    const columns = outputs.flatMap(({ view }) => (view?.type === 'table' ? view.columns.map(({ name }) => name) : []));
    const telling = unique(columns)
      .filter((name) => TELLING_COLUMN.test(name))
      .map((name) => ({ kind: 'A column that may hold more than a label', what: name }));
    const labels = unique(outputs.flatMap(({ view }) => labelsIn(view))).flatMap((label) => {
      const kind = labelProblem(label);
      return kind ? [{ kind, what: label }] : [];
    });
    return [...labels, ...telling, ...inTexts].map((found) => ({ ...found, cell: n + 1 }));
  });
}

/** Every patient label that the outputs show. */
export function patientLabels({ cells }: Notebook): string[] {
  return unique(cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ view }) => labelsIn(view))));
}

/** Slices in the notebook, whose pictures may have text burnt in. */
export function slicesKept({ cells }: Notebook): number {
  const views = cells.flatMap(({ outputs = [] }) => outputs.map(({ view }) => view));
  return views
    .filter((view): view is SliceView => view?.type === 'slices')
    .reduce((sum, { slices }) => sum + slices.length, 0);
}

/** Why a label may be more than a label; undefined where it looks like one. */
export function labelProblem(label: string): string | undefined {
  if (
    /\b(?:19|20)\d{2}[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}\b/.test(
      label,
    )
  )
    return 'A label with what looks like a date';
  if (label.includes('^') || /^\p{Lu}[\p{L}'’-]+,? +\p{Lu}[\p{L}'’.-]*(?: +\p{Lu}[\p{L}'’.-]*)*$/u.test(label))
    return 'A label that looks like a name';
  if (/^\D{0,3}\d{6,}$/.test(label)) return 'A label that looks like a hospital’s number';
  return undefined;
}

function labelsIn(view: ViewModel | undefined): string[] {
  if (!view) return [];
  const flags = 'flags' in view ? (view.flags ?? []).map(({ patient }) => patient) : [];
  switch (view.type) {
    case 'table':
      return [...flags, ...columnOf(view, 'patient')];
    case 'slices':
      return [...flags, view.patient];
    case 'figure':
      return (view.patients?.panels ?? []).flatMap(({ rows }) => rows.map(({ patient }) => patient));
    default:
      return flags;
  }
}

function columnOf({ columns, rows }: TableView, name: string): string[] {
  const index = columns.findIndex((column) => column.name.toLowerCase() === name);
  return index < 0 ? [] : rows.flatMap((row) => (row[index] === null ? [] : [String(row[index])]));
}

/** Pictures are not text. */
function textOf({ view, text, problem }: NotebookOutput): string {
  const words = view && JSON.stringify(view, (key, value) => (key === 'slices' ? undefined : value));
  return [words, text, problem?.message].filter(Boolean).join('\n');
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
