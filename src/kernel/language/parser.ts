/**
 * Parses cells: `verb subject clause value … as name`. The grammar is the verbs' own declarations, so a new verb needs
 * no change here.
 */
import type { CellText } from '../../protocol/kernelApi.ts';
import { UserError } from '../base/userError.ts';
import { Cursor } from './cursor.ts';
import type { VerbDeclaration } from './declaration.ts';
import type { Statement } from './nodes.ts';
import { type CellReading, readStatement, startsStatement } from './statementReader.ts';
import type { Token } from './tokens.ts';

export type ParsedVerb = Pick<
  VerbDeclaration,
  'name' | 'subject' | 'clauses' | 'forms' | 'gives' | 'columns' | 'namesSubject'
>;
export type VerbTable = ReadonlyMap<string, ParsedVerb>;

export type SourceCell = CellText;

/** What can be made of a cell that may be wrong or half-written. */
export interface ParsedCell {
  readonly statements: readonly Statement[];
  /** One for each statement that is wrong, each with its span. */
  readonly mistakes: readonly UserError[];
  /** Names that wrong statements would have given to their results. */
  readonly lostNames: readonly string[];
}

/** Statements of a cell. Throws a UserError with its span at the first mistake. */
export function parse(source: string, verbs: VerbTable, parameters?: ReadonlySet<string>): readonly Statement[] {
  const { statements, mistakes } = parseCell(source, verbs, parameters);
  if (mistakes[0]) throw mistakes[0];
  return statements;
}

/**
 * Statements and mistakes of a cell; after a mistake it goes on with the next line that begins a statement. The names of
 * `known` parameters may stand where texts and words are expected.
 */
export function parseCell(source: string, verbs: VerbTable, known: ReadonlySet<string> = new Set()): ParsedCell {
  const own = new Set<string>();
  const cell: CellReading = {
    cursor: new Cursor(source),
    verbs,
    isParameter: (word) => known.has(word) || own.has(word),
  };
  const statements: Statement[] = [];
  const mistakes: UserError[] = [];
  const lostNames: string[] = [];
  while (!cell.cursor.isAtEnd()) {
    const first = cell.cursor.peek();
    try {
      const statement = readStatement(cell);
      statements.push(statement);
      if (statement.name && verbs.get(statement.verb)?.gives.includes('parameter')) own.add(statement.name.text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.push(error);
      skipStatement(cell, first);
      lostNames.push(...namesLost(cell.cursor.takenSince(first), verbs));
    }
  }
  return { statements, mistakes, lostNames };
}

/** Goes past the statement that begins with `first`, at least past that token. */
function skipStatement(cell: CellReading, first: Token): void {
  const { cursor } = cell;
  if (cursor.peek() === first) cursor.take();
  while (!cursor.isAtEnd() && !(cursor.peek().startsLine && startsStatement(cell))) cursor.take();
}

/** Names behind `as`, or before the equals sign of a verb that names its subject. */
function namesLost(tokens: readonly Token[], verbs: VerbTable): string[] {
  const [verb, name, equals] = tokens;
  const isAssigned = verb && verbs.get(verb.value)?.namesSubject && equals?.value === '=';
  return tokens.flatMap((token, n) =>
    token.kind === 'word' && (tokens[n - 1]?.value === 'as' || (isAssigned && token === name)) ? [token.value] : [],
  );
}
