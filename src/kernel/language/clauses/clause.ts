/** What every kind of clause answers; each kind is one file beside this one. */

import type { Completion, SourceSpan } from '../../../protocol/kernelApi.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import type { UserError } from '../../base/userError.ts';
import type { Scalar, Value, ValueKind } from '../../values/value.ts';
import type { CompletionContext } from '../completion.ts';
import type { ExpressionParameters } from '../expression.ts';
import type { Extent } from '../spans.ts';
import type { PlaceInStatement } from '../statementAt.ts';
import type { Token } from '../tokens.ts';

/** What a clause may hold, and everything that the language has to know of it. `T` is what a verb's `run` is given. */
export interface ClauseKind<T = unknown> {
  /** What is expected, in the words of messages and of the reference page. */
  readonly expected: string;
  /** The kinds that it is made of; none where it is of one piece. */
  readonly parts: readonly ClauseKind[];
  /** Whether a value can begin with the token. */
  fits(token: Token): boolean;
  /** Reads a value. Throws a UserError at the token that cannot be meant. */
  parse(reader: Reader): ValueNode<T>;
  /** A value as the language writes it; undefined where it is none of this kind. */
  format(value: unknown): string | undefined;
  /** What may be written next. */
  complete(place: PlaceInStatement, around: CompletionContext): Completion[];
  /** Texts for the inside of double quotes. */
  readonly completeText?: (place: PlaceInStatement, around: CompletionContext) => readonly string[];
  /** What a text stands for. */
  readonly holds?: TextContent;
  /** What a parameter's value is here; undefined where it cannot stand here. Left out where no parameter can. */
  readonly fromParameter?: (value: Scalar) => T | undefined;
  /** Whether the token is certainly an item of a list; a word of the user's own may as well be a misspelt clause. */
  readonly isSurely?: (token: Token) => boolean;
  /** What is wrong with a token right behind a value, where it looks like more of that value. */
  readonly leftOver?: (reader: Reader) => UserError | undefined;
  /** Whether `complete` tells what may stand behind what is written of a value already; left out, nothing may. */
  readonly continues?: boolean;
  /** Whether verbs within a line are words like any other. */
  readonly takesVerbs?: boolean;
  /** Whether a sequence goes on without it. */
  readonly isOptional?: boolean;
  /** Words and units that the grammar colours. */
  readonly words?: readonly string[];
  readonly units?: readonly string[];
}

/** What texts in double quotes stand for; completion offers what there is of it. */
export type TextContent = 'file' | 'patient' | 'series' | 'flag' | 'lobe model' | 'texture model' | 'prose' | 'value';

/** A value as it is written in a cell. Each kind adds fields of its own. */
export interface ValueNode<T = unknown> extends Extent {
  readonly kind: string;
  /** The values that it is made of; none where it is of one piece. */
  readonly parts: readonly ValueNode[];
  /** The name of a result, which must be of one of the kinds. */
  readonly use?: { readonly name: string; readonly of: readonly ValueKind[] };
  /** What stands in double quotes, and what it stands for. */
  readonly text?: string;
  readonly holds?: TextContent;
  /** The name of a column. */
  readonly column?: string;
  /** The text of an expression, in which every word may be a name. */
  readonly source?: string;
  /** The name before an equals sign, what stands behind it, and of which kind that is. */
  readonly assigned?: { readonly name: string; readonly value: ValueNode; readonly type: ClauseKind };
  /** What it stands for. Throws a UserError at its place where a name does not stand for what is needed. */
  readonly resolve: (scope: Scope) => T;
}

/** What names stand for while a statement runs. */
export interface Scope {
  readonly results: ReadonlyMap<string, Value>;
  /** Names of results that there are not before patients are selected in the notebook's figures. */
  readonly waiting: ReadonlySet<string>;
  /** Of the results, those that expressions may name. */
  readonly parameters: ExpressionParameters;
  /** Patients selected in the notebook's figures. */
  readonly selected: ReadonlySet<string>;
  readonly place: (extent: Extent) => SourceSpan;
}

/** Where a value is being read. */
export interface Reader {
  /** Words for what the value is given to, such as "`with`". */
  readonly where: string;
  /** The next token, or one further `ahead`; -1 is the one before. */
  peek(ahead?: number): Token;
  take(): Token;
  /** From the token to the last one that was taken. */
  since(first: Token): Extent;
  /** Whether what is next belongs to the value no more: a clause, or a verb. */
  endsValue(): boolean;
  /** As `endsValue`; verbs within a line are words of the value, as a column may be called `score`. */
  endsFreeText(): boolean;
  /** The text of the cell. */
  text(extent: Extent): string;
  isParameter(token: Token): boolean;
  /** Reads a value of the kind at the place; `where` says what it is given to, where not to the same. */
  read<T>(type: ClauseKind<T>, where?: string): ValueNode<T>;
  /** The next token cannot begin a value of the kind. */
  mismatch(type: ClauseKind): UserError;
  fail(code: RemarkCode, message: string, extent: Extent): UserError;
  /** For a word that is none of the `options`. */
  unknown(code: RemarkCode, what: string, word: Token, options: readonly string[]): UserError;
}

/** The values that a value is made of, or itself. */
export function leavesOf(node: ValueNode): ValueNode[] {
  return node.parts.length ? node.parts.flatMap(leavesOf) : [node];
}

/** The kind and those that it is made of, down to the pieces. */
export function withParts(type: ClauseKind): ClauseKind[] {
  return [type, ...type.parts.flatMap(withParts)];
}
