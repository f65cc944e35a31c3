/** Checks columns, patients and paths of a statement against what is known to be there, before anything runs. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { UserError } from '../base/userError.ts';
import type { ValueKind } from '../values/value.ts';
import type { Around, Held } from './around.ts';
import type { Definition } from './checker.ts';
import { leavesOf, type ValueNode, withParts } from './clauses/clause.ts';
import { namesInValue } from './dependencies.ts';
import { arqueroExpression, SELECTED } from './expression.ts';
import { meantBy, suggestionOf } from './meant.ts';
import { type Statement, valuesIn } from './nodes.ts';
import type { ParsedVerb } from './parser.ts';
import type { Extent } from './spans.ts';

/** Something that is not there; `meant` is what to write in its place. */
export interface Unheld {
  readonly code: RemarkCode;
  readonly message: string;
  readonly extent: Extent;
  readonly meant?: string | undefined;
}

export interface HeldContext {
  readonly cellId: string;
  readonly names: ReadonlyMap<string, Definition>;
  readonly around: Around;
}

/** What the result of a statement will hold, as far as its text and what is around tell. */
export function heldBy(
  { subject, clauses, name, start }: Statement,
  verb: ParsedVerb,
  { cellId, names, around }: HeldContext,
): (Held & { readonly kinds?: readonly ValueKind[] }) | undefined {
  const { columns: rule } = verb;
  if (loads(verb)) return around.loaded(cellId, start);
  if (!rule) return name && around.held(name.text);
  if ('only' in rule) return { columns: rule.only };
  const from = rule.from === 'subject' ? subject : clauses.get(rule.from)?.value;
  const [used] = from ? namesInValue(from) : [];
  const before = used && names.get(used.name)?.held;
  if (!before) return undefined;
  const assigned = leavesAssigned(subject);
  const { columns, patients } = before;
  return {
    ...(patients ? { patients } : {}),
    ...(columns ? { columns: [...columns, ...(rule.adds ?? []), ...assigned] } : {}),
  };
}

/** Everything in the statement that is known not to be there. */
export function unheldIn(statement: Statement, verb: ParsedVerb, context: HeldContext): Unheld[] {
  return [
    ...missingPath(statement, verb, context),
    ...unknownPatients(statement, context),
    ...unknownColumns(statement, verb, context),
    ...mistakenExpressions(statement, context),
  ];
}

function loads({ subject, gives }: ParsedVerb): boolean {
  return gives.length > 0 && withParts(subject.type).some(({ holds }) => holds === 'file');
}

function leavesAssigned(node: ValueNode): string[] {
  return [...(node.assigned ? [node.assigned.name] : []), ...node.parts.flatMap(leavesAssigned)];
}

function missingPath({ subject, start }: Statement, verb: ParsedVerb, { cellId, around }: HeldContext): Unheld[] {
  const missing = loads(verb) ? around.loaded(cellId, start)?.missing : undefined;
  const written = leavesOf(subject).find(({ text }) => text !== undefined);
  return missing && written ? [{ code: 'path-missing', message: missing, extent: written }] : [];
}

/** What the names hold that the statement uses, parameters left out; undefined where it is not known of each. */
function heldByUsed<K extends keyof Held>(
  statement: Statement,
  key: K,
  { names }: HeldContext,
): { readonly all: readonly string[]; readonly first: string } | undefined {
  const used = valuesIn(statement)
    .flatMap(namesInValue)
    .filter(({ name }) => !names.get(name)?.kinds.includes('parameter'));
  const lists = used.map(({ name }) => names.get(name)?.held?.[key]);
  const [first] = used;
  return first && lists.every((list) => list !== undefined)
    ? { all: [...new Set(lists.flat())], first: first.name }
    : undefined;
}

function unknownPatients(statement: Statement, context: HeldContext): Unheld[] {
  const known = heldByUsed(statement, 'patients', context);
  if (!known) return [];
  return valuesIn(statement)
    .flatMap(leavesOf)
    .flatMap(({ holds, text, start, end }) => {
      if (holds !== 'patient' || text === undefined || known.all.includes(text)) return [];
      const message = `\`${known.first}\` has no patient "${text}": ${suggestionOf(text, known.all)}`;
      const meant = meantBy(text, known.all);
      return [{ code: 'unknown-patient', message, extent: { start, end }, meant: meant && JSON.stringify(meant) }];
    });
}

/** Of names of columns that stand by themselves, those alone for which another was probably meant: a verb may know more than columns. */
function unknownColumns(statement: Statement, verb: ParsedVerb, context: HeldContext): Unheld[] {
  const known = heldByUsed(statement, 'columns', context);
  if (!known) return [];
  return [...statement.clauses].flatMap(([clause, { value }]) => {
    const type = verb.clauses[clause]?.type;
    const words = type ? withParts(type).flatMap((part) => part.words ?? []) : [];
    return leavesOf(value).flatMap(({ column, start, end }) => {
      if (column === undefined || known.all.includes(column) || words.includes(column)) return [];
      const meant = meantBy(column, [...words, ...known.all]);
      if (meant === undefined) return [];
      const message = `There is no column \`${column}\`: did you mean \`${meant}\`?`;
      return [{ code: 'unknown-column', message, extent: { start, end }, meant }];
    });
  });
}

function mistakenExpressions(statement: Statement, { names }: HeldContext): Unheld[] {
  const [of] = namesInValue(statement.subject);
  const columns = of && names.get(of.name)?.held?.columns;
  if (!columns) return [];
  // In a table with a row per class, `derive` takes the classes for columns.
  const known = [...columns, ...(columns.includes('class') ? TEXTURE_CLASSES : []), SELECTED];
  const parameters = Object.fromEntries(
    [...names].flatMap(([name, { kinds }]) => (kinds.length === 0 || kinds.includes('parameter') ? [[name, 0]] : [])),
  );
  return valuesIn(statement)
    .flatMap(leavesOf)
    .flatMap(({ source, start }) => {
      const mistake = source === undefined ? undefined : unknownIn(source, known, parameters);
      if (!mistake || source === undefined) return [];
      const { message, meant, extent } = mistake;
      return [
        { code: 'unknown-column', message, meant, extent: { start: start + extent.start, end: start + extent.end } },
      ];
    });
}

function unknownIn(
  source: string,
  columns: readonly string[],
  parameters: Readonly<Record<string, number>>,
): Omit<Unheld, 'code'> | undefined {
  try {
    arqueroExpression(source, columns, parameters);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code !== 'unknown-column' || !error.span) return undefined;
    const lines = source.split('\n');
    const offset = (line: number, column: number) =>
      lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, column);
    const { startLine, startColumn, endLine, endColumn } = error.span;
    const extent = { start: offset(startLine, startColumn), end: offset(endLine, endColumn) };
    return { message: error.message, meant: error.meant, extent };
  }
}
