/** Which labels of patients a notebook may show: of its results, of what its cells load, and in its text. */
import { readdir } from 'node:fs/promises';
import type { ColumnTable } from 'arquero';
import type { CellText, NotebookLabels } from '../../protocol/kernelApi.ts';
import { isTellingColumn } from '../../protocol/tellingColumn.ts';
import { labelsIn } from '../../protocol/views/places.ts';
import { FLAG, PROVENANCE } from '../../protocol/views/viewKind.ts';
import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { leavesOf, type ValueNode } from '../language/clauses/clause.ts';
import { type Statement, valuesIn } from '../language/nodes.ts';
import { parseCell } from '../language/parser.ts';
import { patientsOf } from '../values/studyFlow.ts';
import type { Value } from '../values/value.ts';
import { VERBS } from '../verbs/index.ts';
import type { LoadedAhead } from './loadedAhead.ts';

interface LabelParts {
  readonly values: () => Iterable<Value>;
  readonly loadedAhead: LoadedAhead;
  /** Throws a UserError for what can be no path. */
  readonly resolvePath: (path: string) => string;
}

export async function labelsOf(cells: readonly CellText[], parts: LabelParts): Promise<NotebookLabels> {
  const loaded = await parts.loadedAhead(cells);
  const statements = cells.flatMap(({ cellId, source }) =>
    parseCell(source, VERBS).statements.map((statement) => ({ statement, load: loaded(cellId, statement.start) })),
  );
  // Tables have labels in them alone; what else it is shows when it is loaded, and its name may be the label then.
  const unread = statements.filter(({ load }) => !load?.patients && !load?.kinds.includes('table'));
  const perhaps = await Promise.all(unread.map(({ statement }) => namesAt(statement, parts.resolvePath)));
  return {
    labels: [
      ...new Set([
        ...[...parts.values()].flatMap(labelsOfValue),
        ...statements.flatMap(({ load }) => load?.patients ?? []),
        ...namedIn(statements.map(({ statement }) => statement)),
      ]),
    ],
    perhaps: [...new Set(perhaps.flat())],
  };
}

/** Rows are many, and values never change. */
const known = new WeakMap<Value, readonly string[]>();

function labelsOfValue(value: Value): readonly string[] {
  const labels = known.get(value) ?? [...new Set(allLabelsOf(value))].filter((label) => label.trim() !== '');
  known.set(value, labels);
  return labels;
}

function allLabelsOf(value: Value): readonly string[] {
  switch (value.kind) {
    case 'parameter':
      return [];
    case 'masks':
      return [...value.masks.files.map(({ owner }) => owner.label), ...labelsIn(value.provenance, PROVENANCE)];
    case 'cohort':
      return [...(patientsOf(value) ?? []), ...leftOut(value)];
    case 'agreement':
      return [
        ...value.pairs.flatMap(({ pairs, lacking = [] }) => [...pairs, ...lacking].map(({ patient }) => patient)),
        ...labelsIn(value.provenance, PROVENANCE),
      ];
    default:
      return [
        ...(patientsOf(value) ?? []),
        ...leftOut(value),
        ...toldByColumns(value.table),
        ...(value.kind === 'measurements' ? labelsIn(value.flags, FLAG) : []),
        ...labelsIn(value.provenance, PROVENANCE),
      ];
  }
}

/** Texts of columns such as `name` or `patient_id`. */
function toldByColumns(table: ColumnTable): string[] {
  return table
    .columnNames()
    .filter(isTellingColumn)
    .flatMap((column) => Array.from(table.array(column)).filter((cell): cell is string => typeof cell === 'string'));
}

function leftOut({ flow }: Extract<Value, { flow?: unknown }>): string[] {
  return flow?.steps.flatMap(({ excluded }) => excluded) ?? [];
}

/** Patients whom statements name in quotes, whether or not there are such, and those whom a parameter chooses from. */
function namedIn(statements: readonly Statement[]): string[] {
  const expressions = statements
    .flatMap(valuesIn)
    .flatMap(leavesOf)
    .flatMap(({ source }) => (source !== undefined && /\bpatient\b/.test(source) ? [source] : []));
  const mentioned = new Set(expressions.flatMap((source) => source.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []));
  return [
    ...expressions.flatMap(quotedIn),
    ...statements.flatMap((statement) => [
      ...valuesIn(statement).flatMap(leavesOf).flatMap(patientNamed),
      ...(statement.verb === 'param' && mentioned.has(statement.name?.text ?? '') ? textsOf(statement) : []),
    ]),
  ];
}

function patientNamed({ holds, text }: ValueNode): string[] {
  return holds === 'patient' && text !== undefined ? [text] : [];
}

function textsOf(statement: Statement): string[] {
  return valuesIn(statement)
    .flatMap(leavesOf)
    .flatMap(({ text }) => text ?? []);
}

function quotedIn(source: string): string[] {
  return [...source.matchAll(/"((?:\\"|[^"\n])*)"|'((?:\\'|[^'\n])*)'/g)].map(
    ([, double, single]) => double ?? single!,
  );
}

/**
 * Names that are labels if nothing better is: of a file or folder that the statement loads and of the folders that it is
 * in, of what lies in it, and what the address of a server asks for.
 */
async function namesAt({ subject }: Statement, resolvePath: LabelParts['resolvePath']): Promise<string[]> {
  const file = leavesOf(subject).find(({ holds }) => holds === 'file')?.text;
  if (file === undefined) return [];
  if (isWebAddress(file)) return URL.canParse(file) ? [...new URL(file).searchParams.values()] : [];
  const entries = await readdir(resolvePath(file)).catch(() => []);
  const folders = file.split(/[\\/]/).filter((name) => !/^(?:\.*|[A-Za-z]:)$/.test(name));
  return [...folders, ...entries].flatMap((name) => [name, name.replace(/\..*$/, '')]).filter((name) => name !== '');
}
