/** How a verb is declared: everything that parser, checker, help, grammar and reference page know of it. */
import type { ValueKind } from '../values/value.ts';
import type { ClauseKind, Scope } from './clauses/clause.ts';
import type { VerbForm } from './forms.ts';
import type { Statement } from './nodes.ts';

export interface VerbDeclaration {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly documentation: string;
  readonly examples: readonly string[];
  readonly subject: SubjectDeclaration;
  readonly clauses: Readonly<Record<string, ClauseDeclaration>>;
  /** What it does, where that differs with what it is given: each form takes some of the clauses, and refuses the others. */
  readonly forms?: Readonly<Record<string, VerbForm>>;
  /**
   * Kinds of result that `as` may name; none where there is nothing to name. Where the subject is of one of these
   * kinds, the result is of the same.
   */
  readonly gives: readonly ValueKind[];
  /** Which columns its result has, as far as its text tells; left out where only its run does. */
  readonly columns?: ResultColumns;
  /** The result's name is that before the subject's equals sign, and not behind `as`. */
  readonly namesSubject?: boolean;
  /** Shown even when it is not the last statement of its cell. */
  readonly alwaysShown: boolean;
}

/** Always the same; or those of the subject or of what a clause names, with further ones, and with the name that the subject assigns. */
export type ResultColumns =
  | { readonly only: readonly string[] }
  | { readonly from: string; readonly adds?: readonly string[] };

export interface SubjectDeclaration<S = unknown> {
  readonly type: ClauseKind<S>;
  /** What it is, in words. */
  readonly noun: string;
  readonly documentation: string;
}

/** A clause, made by `required`, `optional` or `withDefault`. `T` is what the verb's `run` is given. */
export interface ClauseDeclaration<T = unknown> {
  readonly type: ClauseKind<T>;
  readonly required: boolean;
  /** What holds where it is left out, as a user would write it; undefined where nothing does. */
  readonly default: string | undefined;
  readonly documentation: string;
  readonly leftOut: T | undefined;
}

export function required<T>(type: ClauseKind<T>, documentation: string): ClauseDeclaration<T> {
  return { type, required: true, default: undefined, documentation, leftOut: undefined };
}

/** `words` say what holds where it is left out, where that is not one value. */
export function optional<T>(
  type: ClauseKind<T>,
  documentation: string,
  words?: string,
): ClauseDeclaration<T | undefined> {
  return { type, required: false, default: words, documentation, leftOut: undefined };
}

/** `words` are for a default that would be long as it is written. */
export function withDefault<T>(
  type: ClauseKind<T>,
  value: NoInfer<T>,
  documentation: string,
  words: string | undefined = type.format(value),
): ClauseDeclaration<T> {
  return { type, required: false, default: words, documentation, leftOut: value };
}

/** What a verb's `run` is given: its subject, and its clauses by name. */
export type ArgumentsOf<S, C extends Readonly<Record<string, ClauseDeclaration>>> = { readonly subject: S } & {
  readonly [K in keyof C]: C[K] extends ClauseDeclaration<infer T> ? T : never;
};

/** The values of a statement, with the defaults of clauses that are left out. Throws a UserError at a name that does not stand for what is needed. */
export function argumentsOf<S, C extends Readonly<Record<string, ClauseDeclaration>>>(
  { clauses }: { readonly subject: SubjectDeclaration<S>; readonly clauses: C },
  statement: Pick<Statement, 'subject' | 'clauses'>,
  scope: Scope,
): ArgumentsOf<S, C> {
  const leftOut = Object.entries(clauses).map(([clause, declared]) => [clause, declared.leftOut] as const);
  const written = [...statement.clauses].map(([clause, { value }]) => [clause, value.resolve(scope)] as const);
  const subject = statement.subject.resolve(scope);
  // SAFETY: the parser reads subject and clauses by the kinds declared here, and lets no required clause be left out.
  return { ...Object.fromEntries([...leftOut, ...written]), subject } as ArgumentsOf<S, C>;
}

/** Results are named behind `as`, except by verbs that name their subject. */
export function takesAs({ gives, namesSubject }: Pick<VerbDeclaration, 'gives' | 'namesSubject'>): boolean {
  return gives.length > 0 && !namesSubject;
}

/** Words that begin a clause of the verb. */
export function keywordsOf(verb: Pick<VerbDeclaration, 'clauses' | 'gives' | 'namesSubject'>): string[] {
  return [...Object.keys(verb.clauses), ...(takesAs(verb) ? ['as'] : [])];
}
