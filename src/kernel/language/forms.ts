/** What a verb does may differ with what it is given, and not every clause does something in each of these forms. */
import { anyOf } from '../../protocol/words/lists.ts';
import { UserError } from '../base/userError.ts';
import type { ValueKind } from '../values/value.ts';
import type { VerbDeclaration } from './declaration.ts';
import type { Statement } from './nodes.ts';
import type { Extent } from './spans.ts';

/** One thing that a verb does. */
export interface VerbForm {
  /** What it is of, behind the verb: "of a contingency table". */
  readonly of: string;
  /** The clauses that do something; no other may be written. `as` may always be. */
  readonly clauses: readonly string[];
  /** The kinds of subject that it may be of; all of the verb's where left out. */
  readonly subject?: readonly ValueKind[];
  /** Told by clauses that are written, or by those that are not. */
  readonly written?: readonly string[];
  readonly unwritten?: readonly string[];
  /** What to do in the place of a clause that does nothing, in sentences. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** A clause that does nothing where it stands. */
export interface IdleClause {
  readonly clause: string;
  readonly keyword: Extent;
  /** The clause with its value. */
  readonly extent: Extent;
  readonly message: string;
}

/**
 * The clauses of a statement that do nothing in any form that it can have. `kinds` are those that its subject may be
 * of; none where that cannot be told.
 */
export function idleClauses(
  statement: Pick<Statement, 'clauses'>,
  verb: Pick<VerbDeclaration, 'name' | 'forms'>,
  kinds: readonly ValueKind[],
): IdleClause[] {
  const written = (clause: string) => statement.clauses.has(clause);
  const possible = Object.values(verb.forms ?? {}).filter(
    (form) =>
      (kinds.length === 0 || !form.subject || form.subject.some((kind) => kinds.includes(kind))) &&
      (form.written ?? []).every(written) &&
      !(form.unwritten ?? []).some(written),
  );
  return possible.length ? idleIn(statement, verb.name, possible) : [];
}

/** Throws a UserError at the first clause that does nothing in this form. */
export function refuseIdleClauses(
  statement: Pick<Statement, 'clauses'>,
  verb: Pick<VerbDeclaration, 'name' | 'forms'>,
  form: string,
  place: (extent: Extent) => UserError['span'],
): void {
  const known = verb.forms?.[form];
  if (!known) throw new Error(`\`${verb.name}\` declares no form ${form}`);
  const [idle] = idleIn(statement, verb.name, [known]);
  if (idle) throw new UserError('idle-clause', idle.message, place(idle.extent));
}

function idleIn({ clauses }: Pick<Statement, 'clauses'>, verb: string, forms: readonly VerbForm[]): IdleClause[] {
  return [...clauses].flatMap(([clause, { keyword, value }]) => {
    if (forms.some((form) => form.clauses.includes(clause))) return [];
    const instead = forms.map((form) => form.instead?.[clause]).find((words) => words !== undefined);
    const message = `\`${clause}\` does nothing in \`${verb}\` ${anyOf(forms.map((form) => form.of))}. ${instead ?? 'Leave it out.'}`;
    return [{ clause, keyword, extent: { start: keyword.start, end: value.end }, message }];
  });
}
