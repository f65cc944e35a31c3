/** The TextMate grammar of cells, which colours them before any program runs, written from the verbs' declarations. */
import { REGIONS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import { withParts } from './clauses/clause.ts';
import type { VerbDeclaration } from './declaration.ts';

/** The grammar as JSON (https://macromates.com/manual/en/language_grammars). */
export function grammar(verbs: readonly VerbDeclaration[]): object {
  const clauses = [...verbs.flatMap((verb) => Object.keys(verb.clauses)), 'as'];
  const types = verbs
    .flatMap((verb) => [verb.subject.type, ...Object.values(verb.clauses).map(({ type }) => type)])
    .flatMap(withParts);
  // Their synonyms are understood, but some are single letters, which are names of results as well.
  const named: readonly string[] = [...clauses, ...TEXTURE_CLASSES, ...REGIONS];
  const choices = types.flatMap(({ words = [] }) => words).filter((word) => !named.includes(word));
  const units = [...new Set(types.flatMap(({ units = [] }) => units))].filter((unit) => unit !== '%');
  return {
    scopeName: 'source.lungnb',
    name: 'LungNB',
    comment: 'Written by scripts/reference.ts. Verbs colour only where a statement may begin: at the start of a line.',
    patterns: ['comment', 'text', 'statement', 'name', 'clause', 'constant', 'number', 'operator'].map((part) => ({
      include: `#${part}`,
    })),
    repository: {
      comment: { name: 'comment.line.number-sign.lungnb', match: '#.*$' },
      text: {
        name: 'string.quoted.double.lungnb',
        begin: '"',
        end: '"|$',
        patterns: [{ name: 'constant.character.escape.lungnb', match: '\\\\"' }],
      },
      statement: {
        match: `^\\s*(${alternatives(verbs.map(({ name }) => name))})(?![\\w-])`,
        captures: { 1: { name: 'keyword.control.lungnb' } },
      },
      name: {
        match: '(?<![\\w-])(as)\\s+([\\p{L}_][\\p{L}\\p{N}_-]*)',
        captures: { 1: { name: 'keyword.other.lungnb' }, 2: { name: 'variable.other.lungnb' } },
      },
      clause: { name: 'keyword.other.lungnb', match: word(clauses) },
      constant: {
        patterns: [
          { name: 'support.constant.class.lungnb', match: `(?i)${word(TEXTURE_CLASSES)}` },
          { name: 'support.constant.region.lungnb', match: `(?i)${word(REGIONS)}` },
          { name: 'support.constant.lungnb', match: word(choices) },
        ],
      },
      number: {
        match: `(?<![\\w.])(-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)\\s*(%|${units.map((unit) => `${unit}\\b`).join('|')})?`,
        captures: { 1: { name: 'constant.numeric.lungnb' }, 2: { name: 'keyword.other.unit.lungnb' } },
      },
      operator: { name: 'keyword.operator.lungnb', match: '\\.\\.|==|!=|<=|>=|&&|\\|\\||[=<>+*/!-]' },
    },
  };
}

function word(words: readonly string[]): string {
  return `(?<![\\w-])(${alternatives(words)})(?![\\w-])`;
}

/** The longer of two words with the same beginning comes first. */
function alternatives(words: readonly string[]): string {
  return [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|');
}
