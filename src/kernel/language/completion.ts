/** What may be written next at a place in a cell: from the verbs' declarations and from what the notebook's names hold. */
import type { Completion, Completions } from '../../protocol/kernelApi.ts';
import type { ValueKind } from '../values/value.ts';
import type { ClauseType, Verb } from '../verbs/verb.ts';
import { expected } from './expected.ts';
import { takesAs } from './parser.ts';
import { type PlaceInStatement, placeInStatement } from './statementAt.ts';

/** What is known of a name. */
export interface KnownName {
  readonly name: string;
  readonly kinds: readonly ValueKind[];
  /** One line: "a table, 107 rows"; none before its cell ran. */
  readonly holds?: string;
  /** Columns of a table, as last run. */
  readonly columns?: readonly string[];
  readonly patients?: readonly string[];
  /** When its cell ran: "3 min ago". */
  readonly ran?: string;
}

/** What lies outside the text: names, files, models. */
export interface Surroundings {
  readonly names: readonly KnownName[];
  /** Paths that begin with what is written, from the notebook's folder. */
  readonly files: (written: string) => readonly string[];
  /** Models that the clause may name. */
  readonly models: (clause: string | undefined) => readonly string[];
}

/** Functions of Arquero that analyses of such tables use. */
const FUNCTIONS = [
  'abs',
  'round',
  'sqrt',
  'log',
  'mean',
  'median',
  'stdev',
  'min',
  'max',
  'rank',
  'includes',
  'startswith',
  'endswith',
  'lower',
  'upper',
];

type Verbs = ReadonlyMap<string, Verb>;

export function completionsAt(source: string, offset: number, verbs: Verbs, around: Surroundings): Completions {
  const place = placeInStatement(source, offset, verbs);
  const { start: from, end: to } = place.word;
  return { from, to, items: itemsAt(place, verbs, around) };
}

function itemsAt(place: PlaceInStatement, verbs: Verbs, around: Surroundings): Completion[] {
  const verb = place.verb && verbs.get(place.verb.name);
  if (place.word.isText) return verb && place.type ? textsFor(verb, place, around) : [];
  const begins = place.startsLine ? verbItems(verbs) : [];
  if (!verb) return begins;
  if (place.clause === 'as' && takesAs(verb) && place.needsValue) return [];
  const values = place.type ? valuesOf(place.type, place, around) : [];
  const inExpression = place.type?.kind === 'expression' || (place.needsValue && place.type !== undefined);
  if (place.needsValue) return values;
  return [...(inExpression || continues(place) ? values : []), ...clauseItems(verb, place), ...begins];
}

/** A sequence or an assignment goes on behind its first part. */
function continues({ type }: PlaceInStatement): boolean {
  return type?.kind === 'sequence' || type?.kind === 'assignment' || type?.kind === 'either';
}

function verbItems(verbs: Verbs): Completion[] {
  return [...verbs.values()].map(({ name, summary, documentation, examples }) => ({
    kind: 'verb',
    label: name,
    detail: summary,
    documentation: `${documentation}\n\n\`\`\`lungnb\n${examples.join('\n')}\n\`\`\``,
  }));
}

function clauseItems(verb: Verb, { usedClauses }: PlaceInStatement): Completion[] {
  const clauses = Object.entries(verb.clauses).map(
    ([label, { type, documentation, required }]): Completion => ({
      kind: 'clause',
      label,
      detail: `${required ? 'needed: ' : ''}${expected(type)}`,
      documentation,
    }),
  );
  const as: Completion[] = takesAs(verb) ? [{ kind: 'clause', label: 'as', detail: 'a name of your choice' }] : [];
  return [...clauses, ...as].filter(({ label }) => !usedClauses.has(label));
}

function valuesOf(type: ClauseType, place: PlaceInStatement, around: Surroundings): Completion[] {
  switch (type.kind) {
    case 'name':
      return namesOf(around, type.of);
    case 'choice':
      return [...type.options.map((label): Completion => ({ kind: 'word', label })), ...namesOf(around, ['parameter'])];
    case 'number':
      return namesOf(around, ['parameter']);
    case 'expression':
      return inExpression(place, around);
    case 'assignment':
      return place.before.some(({ value }) => value === '=') ? valuesOf(type.value, place, around) : [];
    case 'list':
      return valuesOf(type.of, place, around);
    case 'sequence':
      return type.parts.flatMap((part) => valuesOf(part.type, place, around));
    case 'either':
      return type.types.flatMap((option) => valuesOf(option, place, around));
    default:
      return [];
  }
}

function namesOf({ names }: Surroundings, kinds: readonly ValueKind[]): Completion[] {
  return names
    .filter((known) => known.kinds.length === 0 || known.kinds.some((kind) => kinds.includes(kind)))
    .map(({ name, holds }) => ({ kind: 'name', label: name, ...(holds ? { detail: holds } : {}) }));
}

function inExpression(place: PlaceInStatement, around: Surroundings): Completion[] {
  const columns = around.names.find(({ name }) => place.before.some(({ value }) => value === name))?.columns ?? [];
  return [
    ...columns.map((label): Completion => ({ kind: 'column', label, detail: 'column' })),
    ...namesOf(around, ['parameter']),
    ...FUNCTIONS.map((label): Completion => ({ kind: 'function', label })),
  ];
}

/** Files for `load`, models for `quantify`, patients elsewhere. */
function textsFor(verb: Verb, place: PlaceInStatement, around: Surroundings): Completion[] {
  const texts =
    verb.name === 'load'
      ? around.files(place.word.text)
      : verb.name === 'quantify'
        ? around.models(place.clause)
        : [
            ...new Set(
              around.names.filter(({ name }) => mentions(place, name)).flatMap(({ patients = [] }) => patients),
            ),
          ];
  return texts.map((label) => ({ kind: 'text', label }));
}

/** Names in the statement so far; before any, every name may be meant (`exclude "P07" from …`). */
function mentions({ before }: PlaceInStatement, name: string): boolean {
  return before.length === 1 || before.some(({ value }) => value === name);
}
