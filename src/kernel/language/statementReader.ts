/** Reads one statement: `verb subject clause value … as name`. */
import { nearest } from '../base/suggestion.ts';
import type { UserError } from '../base/userError.ts';
import { type ClauseKind, type Reader, type ValueNode, withParts } from './clauses/clause.ts';
import { type Cursor, visible } from './cursor.ts';
import { keywordsOf, takesAs } from './declaration.ts';
import type { Statement } from './nodes.ts';
import type { ParsedVerb, VerbTable } from './parser.ts';
import type { Token } from './tokens.ts';
import { type KnownWords, valueReader } from './valueReader.ts';

export interface CellReading {
  readonly cursor: Cursor;
  readonly verbs: VerbTable;
  readonly isParameter: (word: string) => boolean;
}

/** A statement at the cursor. Throws a UserError with its span at the first mistake. */
export function readStatement(cell: CellReading): Statement {
  const { cursor, verbs } = cell;
  const verbToken = cursor.peek();
  const verb = verbToken.kind === 'word' ? verbs.get(verbToken.value) : undefined;
  if (!verb) throw unknownVerb(cell, verbToken);
  cursor.take();
  const words = { keywords: new Set(keywordsOf(verb)), verbs, isParameter: cell.isParameter };
  const before = valueReader(cursor, words, `\`${verb.name}\``);
  if (before.endsValue())
    throw cursor.fail(
      'missing-subject',
      `\`${verb.name}\` needs ${verb.subject.noun}.${verbInItsPlace(cell)}`,
      verbToken,
    );
  const subject = before.read(verb.subject.type);
  const { clauses, name } = readClauses(cell, verb, words, {
    before,
    type: verb.subject.type,
    name: verb.namesSubject ? assignedName(subject) : undefined,
  });
  const extent = cursor.since(verbToken);
  for (const [clause, { required, type }] of Object.entries(verb.clauses))
    if (required && !clauses.has(clause))
      throw cursor.fail('missing-clause', `\`${verb.name}\` needs \`${clause}\` with ${type.expected}.`, extent);
  return { ...extent, verb: verb.name, verbExtent: verbToken, subject, clauses, name };
}

interface Subject {
  /** That read it. */
  readonly before: Reader;
  readonly type: ClauseKind;
  readonly name: Statement['name'];
}

/** Everything behind the subject. */
function readClauses(
  cell: CellReading,
  verb: ParsedVerb,
  words: KnownWords,
  subject: Subject,
): Pick<Statement, 'clauses' | 'name'> {
  const { cursor } = cell;
  const clauses = new Map<string, { keyword: Token; value: ValueNode }>();
  let { before, type: typeBefore, name } = subject;
  while (!startsStatement(cell)) {
    const keyword = cursor.peek();
    const { value: clause } = keyword;
    if (keyword.kind !== 'word' || !words.keywords.has(clause))
      throw typeBefore.leftOver?.(before) ?? unknownClause(cursor, verb, keyword, words.keywords);
    cursor.take();
    if (takesAs(verb) && clause === 'as') {
      if (name) throw cursor.fail('repeated-clause', '`as` is given twice.', keyword);
      name = readName(cell, keyword);
      continue;
    }
    if (clauses.has(clause)) throw cursor.fail('repeated-clause', `\`${clause}\` is given twice.`, keyword);
    const { type } = verb.clauses[clause]!;
    before = valueReader(cursor, words, `\`${clause}\``);
    // Where a value has to come, a parameter's name is one, though it may be a clause's word too (`at cut`), and so is a
    // word that the clause itself knows (`by level`).
    const isOwnWord = withParts(type).some(({ isSurely }) => isSurely?.(cursor.peek()));
    const takesVerbs = withParts(type).some((part) => part.takesVerbs);
    // `event event`: a clause that is written twice would be a mistake, and a column may well be called like it.
    const isOwnName = takesVerbs && cursor.peek().value === clause;
    const isMissing =
      (takesVerbs ? before.endsFreeText() : before.endsValue()) &&
      !isOwnWord &&
      !isOwnName &&
      !before.isParameter(cursor.peek());
    if (isMissing)
      throw cursor.fail('missing-value', `\`${clause}\` needs ${type.expected}.${verbInItsPlace(cell)}`, keyword);
    clauses.set(clause, { keyword, value: before.read(type) });
    typeBefore = type;
  }
  return { clauses, name };
}

/** What is wrong with a verb on the line where a value should stand. */
function verbInItsPlace({ cursor, verbs }: CellReading): string {
  const { kind, value, startsLine } = cursor.peek();
  return kind === 'word' && verbs.has(value) && !startsLine ? ` \`${value}\` is a verb and cannot be a name.` : '';
}

/** The name before the equals sign of the subject. */
function assignedName({ assigned, start }: ValueNode): Statement['name'] {
  if (!assigned) throw new Error('a verb that names its subject assigns a value to it');
  return { text: assigned.name, start, end: start + assigned.name.length };
}

/** The name behind `as`. */
function readName({ cursor, verbs }: CellReading, keyword: Token): Statement['name'] {
  const token = cursor.peek();
  if (token.kind !== 'word' || (token.startsLine && verbs.has(token.value)))
    throw cursor.fail('missing-value', '`as` needs a name of your choice for the result.', keyword);
  if (verbs.has(token.value))
    throw cursor.fail('reserved-name', `\`${token.value}\` is a verb and cannot be a name.`, token);
  cursor.take();
  return { text: token.value, start: token.start, end: token.end };
}

/** At the end, or at a verb or an unknown word that opens a line: a new statement. */
export function startsStatement({ cursor, verbs }: CellReading): boolean {
  const { kind, value, startsLine } = cursor.peek();
  if (kind === 'end') return true;
  return kind === 'word' && (verbs.has(value) || (startsLine && !isNearKeyword(value, verbs)));
}

/** A misspelt clause at the start of a line is a clause all the same. */
function isNearKeyword(word: string, verbs: VerbTable): boolean {
  const keywords = [...verbs.values()].flatMap(({ clauses }) => Object.keys(clauses)).concat('as');
  return (
    keywords.includes(word) || (nearest(word, keywords) !== undefined && nearest(word, verbs.keys()) === undefined)
  );
}

/** What other languages write where this one has a verb. */
function unknownVerb({ cursor, verbs }: CellReading, token: Token): UserError {
  const following = cursor.peek(1);
  if (token.kind === 'word' && following.value === '=')
    return cursor.fail(
      'unknown-verb',
      `A statement begins with a verb and names its result at its end: \`load "reader.csv" as ${token.value}\`.`,
      token,
    );
  if (token.value === '/' && (following.value === '/' || following.value === '*'))
    return cursor.fail('unknown-verb', 'A comment begins with `#`.', { start: token.start, end: following.end });
  return cursor.unknown('unknown-verb', `Unknown verb \`${token.value}\``, token, [...verbs.keys()]);
}

function unknownClause(cursor: Cursor, { name }: ParsedVerb, token: Token, keywords: ReadonlySet<string>): UserError {
  if (token.kind === 'word')
    return cursor.unknown('unknown-clause', `\`${name}\` has no clause \`${token.value}\``, token, [...keywords]);
  return cursor.fail(
    'unexpected',
    `\`${visible(token.value)}\` is not expected here; a clause of \`${name}\` is: ${[...keywords].join(', ')}.`,
    token,
  );
}
