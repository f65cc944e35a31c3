/** Which labels of patients a notebook may show: of its results, of what its cells load, and in its text. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CellText, NotebookLabels } from '../../protocol/kernelApi.ts';
import { labelsIn } from '../../protocol/views/places.ts';
import { FLAG, PROVENANCE } from '../../protocol/views/viewKind.ts';
import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { leavesOf } from '../language/clauses/clause.ts';
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
        ...statements.flatMap(({ statement }) => namedIn(statement)),
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
        ...(value.kind === 'measurements' ? labelsIn(value.flags, FLAG) : []),
        ...labelsIn(value.provenance, PROVENANCE),
      ];
  }
}

function leftOut({ flow }: Extract<Value, { flow?: unknown }>): string[] {
  return flow?.steps.flatMap(({ excluded }) => excluded) ?? [];
}

/** Patients whom a statement names in quotes, whether or not there are such. */
function namedIn(statement: Statement): string[] {
  return valuesIn(statement)
    .flatMap(leavesOf)
    .flatMap(({ holds, text, source }) => {
      if (holds === 'patient' && text !== undefined) return [text];
      if (source === undefined || !/\bpatient\b/.test(source)) return [];
      return [...source.matchAll(/"((?:\\"|[^"\n])*)"|'((?:\\'|[^'\n])*)'/g)].map(
        ([, double, single]) => double ?? single!,
      );
    });
}

/**
 * Names that are labels if nothing better is: of a file or folder that the statement loads, of what lies in it, and what
 * the address of a server asks for.
 */
async function namesAt({ subject }: Statement, resolvePath: LabelParts['resolvePath']): Promise<string[]> {
  const file = leavesOf(subject).find(({ holds }) => holds === 'file')?.text;
  if (file === undefined) return [];
  if (isWebAddress(file)) return URL.canParse(file) ? [...new URL(file).searchParams.values()] : [];
  const entries = await readdir(resolvePath(file)).catch(() => []);
  return [file, ...entries].map((name) => basename(name)).flatMap((name) => [name, name.replace(/\..*$/, '')]);
}
