/** What in a notebook may say who somebody is, as far as a program can see it. */

import { NO_ANNOTATIONS } from '../../protocol/annotations/annotation.ts';
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';
import { isTellingColumn } from '../../protocol/tellingColumn.ts';
import { viewKind } from '../../protocol/views/index.ts';
import { labelsIn, textsIn } from '../../protocol/views/places.ts';
import { ANNOTATIONS, PROBLEM } from '../../protocol/views/viewKind.ts';
import { patientOfLabel } from '../../protocol/words/visitLabel.ts';

/** A text that may say who somebody is. Found for the check's page; it belongs to no result. */
export interface PossibleIdentifier {
  /** What kind it is, as a heading. */
  readonly kind: string;
  /** What was found. */
  readonly what: string;
  /** Number of the cell, from 1; absent where it is what somebody drew on a slice. */
  readonly cell?: number;
}

const FREE_TEXT: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    'A path that may name a person or a computer',
    /(?:(?<![\w.:/<~-])(?:~|\/[\w.-]+)\/|\b[A-Za-z]:\\|\\\\)[^\s"'`,;)]+/g,
  ],
  ['An address on a network', /\b(?:https?|ftp|file):\/\/[^\s"'`,;)]+/g],
  ['A DICOM unique identifier', /\b\d+(?:\.\d+){5,}\b/g],
  [
    'A DICOM tag that names people or places',
    /\(0010,[\dA-F]{4}\)|\b(?:(?:Other)?Patient(?:Name|ID|IDs|BirthDate|BirthName|Address)|AccessionNumber|InstitutionName|InstitutionAddress|StationName|StudyID|(?:Study|Series|Acquisition|Content)Date|(?:Referring|Performing)Physician\w*|OperatorsName)\b/gi,
  ],
  ['An e-mail address', /\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g],
  [
    'A date, as of a birth or an examination',
    /\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}\b/g,
  ],
];
/** Labels that code names: those left out, shown, or compared with. */
const LABELS_IN_CODE =
  /\bexclude\s+((?:"[^"\n]*"\s*,\s*)*"[^"\n]*")|\b(?:show|beside)\s+\S+\s+("[^"\n]*")|\bpatient\s*[!=]=\s*("[^"\n]*")/g;

/** In the order of the cells, then what is drawn on slices. Patient labels are judged by `labelProblem`. */
export function findIdentifiers({ cells, annotations = NO_ANNOTATIONS }: Notebook): PossibleIdentifier[] {
  const drawn = textsIn(annotations, ANNOTATIONS);
  return [...identifiersInCells(cells), ...inFreeText(drawn), ...inLabels(labelsIn(annotations, ANNOTATIONS))];
}

function inFreeText(texts: readonly string[]): PossibleIdentifier[] {
  return FREE_TEXT.flatMap(([kind, pattern]) =>
    unique(texts.flatMap((text) => text.match(pattern) ?? [])).map((what) => ({ kind, what })),
  );
}

function inLabels(labels: readonly string[]): PossibleIdentifier[] {
  return unique(labels).flatMap((label) => {
    const kind = labelProblem(label);
    return kind ? [{ kind, what: label }] : [];
  });
}

function identifiersInCells(cells: Notebook['cells']): PossibleIdentifier[] {
  return cells.flatMap(({ source, outputs = [] }, n) => {
    const texts = [source.join('\n'), ...outputs.map(textOf)];
    const inTexts = inFreeText(texts);
    const columns = outputs.flatMap(({ view }) => (view?.type === 'table' ? view.columns.map(({ name }) => name) : []));
    const telling = unique(columns)
      .filter(isTellingColumn)
      .map((name) => ({ kind: 'A column that may hold more than a label', what: name }));
    const unknown = outputs.flatMap(({ view }) =>
      view && !viewKind(view)
        ? [{ kind: 'An output of a newer LungNB, which this check cannot read', what: view.type }]
        : [],
    );
    const labels = inLabels(labelsOf({ source, outputs }));
    return [...unknown, ...labels, ...telling, ...inTexts].map((found) => ({ ...found, cell: n + 1 }));
  });
}

/** Every patient label that the outputs show, that the code names, or on whose slices something is drawn. */
export function patientLabels({ cells, annotations = NO_ANNOTATIONS }: Notebook): string[] {
  return unique([
    ...cells.flatMap(({ source, outputs = [] }) => labelsOf({ source, outputs })),
    ...labelsIn(annotations, ANNOTATIONS),
  ]);
}

function labelsOf({
  source,
  outputs,
}: {
  readonly source: readonly string[];
  readonly outputs: readonly NotebookOutput[];
}): string[] {
  const named = [...source.join('\n').matchAll(LABELS_IN_CODE)].flatMap(([, ...groups]) =>
    groups.flatMap((texts) => texts?.match(/"[^"\n]*"/g) ?? []).map((text) => text.slice(1, -1)),
  );
  // What is said of one visit belongs to the same patient as what is said of another.
  return unique(
    [...outputs.flatMap(({ view }) => (view && viewKind(view)?.patientLabels(view)) ?? []), ...named].map(
      patientOfLabel,
    ),
  ).filter((label) => label !== '');
}

/** Slices in the notebook, whose pictures may have text burnt in. */
export function slicesKept({ cells, annotations = NO_ANNOTATIONS }: Notebook): number {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const shown = outputs.reduce((sum, { view }) => sum + ((view && viewKind(view)?.pictures(view)) ?? 0), 0);
  return shown + annotations.slices.length;
}

/** Why a label may be more than a label; undefined where it looks like one. */
export function labelProblem(label: string): string | undefined {
  if (
    /(?<!\d)(?:19|20)\d{2}[-./_]?(?:0[1-9]|1[0-2])[-./_]?(?:0[1-9]|[12]\d|3[01])(?!\d)|(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}(?!\d)|(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}(?!\d)/.test(
      label,
    )
  )
    return 'A label with what looks like a date';
  if (
    label.includes('^') ||
    /^\p{Lu}[\p{L}'’-]+(?:,? +|_)\p{Lu}[\p{L}'’.-]*(?:[ _]+\p{Lu}[\p{L}'’.-]*)*$/u.test(label) ||
    /^\p{L}{2,}, *\p{L}{2,}/u.test(label)
  )
    return 'A label that looks like a name';
  if (/^\D{0,3}\d{6,}$/.test(label)) return 'A label that looks like a hospital’s number';
  return undefined;
}

/** Everything that can be read in an output. Pictures are not text. */
function textOf({ view, text, problem }: NotebookOutput): string {
  const words = view ? (viewKind(view)?.texts(view) ?? [JSON.stringify(view)]) : [];
  return [...words, text, ...(problem ? textsIn(problem, PROBLEM) : [])].filter(Boolean).join('\n');
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
