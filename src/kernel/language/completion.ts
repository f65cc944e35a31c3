/** What may be written next at a place in a cell: from the verbs' declarations and from what the notebook's names hold. */
import type { Completion, Completions } from '../../protocol/kernelApi.ts';
import type { ValueKind } from '../values/value.ts';
import { type ClauseKind, withParts } from './clauses/clause.ts';
import { takesAs, type VerbDeclaration } from './declaration.ts';
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
export interface CompletionContext {
  readonly names: readonly KnownName[];
  /** Paths that begin with what is written, from the notebook's folder. */
  readonly files: (written: string) => readonly string[];
  /** Models for the task. */
  readonly models: (task: 'lobes' | 'textures') => readonly string[];
}

type Verbs = ReadonlyMap<string, VerbDeclaration>;

export function completionsAt(source: string, offset: number, verbs: Verbs, around: CompletionContext): Completions {
  const place = placeInStatement(source, offset, verbs);
  const { start: from, end: to } = place.word;
  return { from, to, items: itemsAt(place, verbs, around) };
}

function itemsAt(place: PlaceInStatement, verbs: Verbs, around: CompletionContext): Completion[] {
  const verb = place.verb && verbs.get(place.verb.name);
  if (place.word.isText) return textsFor(place, around);
  const begins = place.startsLine ? verbItems(verbs) : [];
  if (!verb) return begins;
  if (place.clause === 'as' && takesAs(verb) && place.needsValue) return [];
  const values = place.type ? nextOf(place.type, place, around) : [];
  if (place.needsValue) return values;
  return [...values, ...clauseItems(verb, place), ...begins];
}

/** What may be written next of a value, some of which may stand already. */
export function nextOf(type: ClauseKind, place: PlaceInStatement, around: CompletionContext): Completion[] {
  return place.value.length === 0 || type.continues ? type.complete(place, around) : [];
}

function verbItems(verbs: Verbs): Completion[] {
  return [...verbs.values()].map(({ name, summary, documentation, examples }) => ({
    kind: 'verb',
    label: name,
    detail: summary,
    documentation: `${documentation}\n\n\`\`\`lungnb\n${examples.join('\n')}\n\`\`\``,
  }));
}

function clauseItems(verb: VerbDeclaration, { usedClauses }: PlaceInStatement): Completion[] {
  const clauses = Object.entries(verb.clauses).map(
    ([label, { type, documentation, required }]): Completion => ({
      kind: 'clause',
      label,
      detail: `${required ? 'needed: ' : ''}${type.expected}`,
      documentation,
    }),
  );
  const as: Completion[] = takesAs(verb) ? [{ kind: 'clause', label: 'as', detail: 'a name of your choice' }] : [];
  return [...clauses, ...as].filter(({ label }) => !usedClauses.has(label));
}

/** Names that stand for one of the kinds, or may do so. */
export function namesOfKinds({ names }: CompletionContext, kinds: readonly ValueKind[]): Completion[] {
  return names
    .filter((known) => known.kinds.length === 0 || known.kinds.some((kind) => kinds.includes(kind)))
    .map(({ name, holds }) => ({ kind: 'name', label: name, ...(holds ? { detail: holds } : {}) }));
}

/** What may stand within the quotes under way. */
function textsFor({ type, ...place }: PlaceInStatement, around: CompletionContext): Completion[] {
  const texts = type
    ? withParts(type).flatMap(({ completeText }) => completeText?.({ type, ...place }, around) ?? [])
    : [];
  return [...new Set(texts)].map((label) => ({ kind: 'text', label }));
}
