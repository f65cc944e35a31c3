/** What a word in a cell means: a verb's or clause's documentation, or what a name holds now. */

import type { Hover } from '../../protocol/kernelApi.ts';
import { classLabel } from '../../protocol/words/displayNames.ts';
import { classOf } from '../base/labels.ts';
import { ownValue } from '../base/plainKeys.ts';
import { kindsInWords } from '../values/value.ts';
import type { KnownName } from './completion.ts';
import type { VerbDeclaration } from './declaration.ts';
import { placeInStatement } from './statementAt.ts';
import { tokenize } from './tokens.ts';

export function hoverAt(
  source: string,
  offset: number,
  verbs: ReadonlyMap<string, VerbDeclaration>,
  names: readonly KnownName[],
): Hover | undefined {
  const token = tokenize(source).find(({ kind, start, end }) => kind === 'word' && start <= offset && offset <= end);
  if (!token) return undefined;
  const { verb } = placeInStatement(source, token.start, verbs);
  const about = aboutWord(token.value, verb && verbs.get(verb.name), verbs, names);
  return about === undefined ? undefined : { from: token.start, to: token.end, text: about };
}

function aboutWord(
  word: string,
  verb: VerbDeclaration | undefined,
  verbs: ReadonlyMap<string, VerbDeclaration>,
  names: readonly KnownName[],
): string | undefined {
  const clause = ownValue(verb?.clauses, word);
  if (verb && clause) {
    const fallback = clause.default === undefined ? '' : ` Left out: \`${clause.default}\`.`;
    return `**${word}** of \`${verb.name}\`: ${clause.type.expected}\n\n${clause.documentation}${fallback}`;
  }
  const name = names.find((known) => known.name === word);
  if (name)
    return `**${word}**: ${name.holds ?? `${kindsInWords(name.kinds) || 'a result'}, not run yet`}${name.ran ? `\n\nRan ${name.ran}.` : ''}${columnsOf(name)}`;
  const named = verbs.get(word);
  if (named)
    return `**${word}**: ${named.summary}\n\n${named.documentation}\n\n\`\`\`lungnb\n${named.examples.join('\n')}\n\`\`\``;
  const textureClass = classOf(word);
  return textureClass ? `**${textureClass}**: ${classLabel(textureClass)}` : undefined;
}

function columnsOf({ columns }: KnownName): string {
  return columns?.length ? `\n\nColumns: ${columns.map((column) => `\`${column}\``).join(', ')}` : '';
}
