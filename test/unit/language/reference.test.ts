import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grammar } from '../../../src/kernel/language/grammar.ts';
import { parse } from '../../../src/kernel/language/parser.ts';
import { referencePage } from '../../../src/kernel/language/reference.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const verbs = [...VERBS.values()];

describe('the reference page', () => {
  it('is the one that the declarations give (else: node scripts/reference.ts)', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/reference.md'), 'utf8');
    expect(page).toBe(referencePage(verbs));
  });

  it('has a grammar beside it that is theirs too', () => {
    const file = readFileSync(join(import.meta.dirname, '../../../syntaxes/lungnb.tmLanguage.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(grammar(verbs));
  });

  it('names every verb and every clause', () => {
    const page = referencePage(verbs);
    for (const verb of verbs) {
      expect(page).toContain(`## ${verb.name}\n`);
      for (const clause of Object.keys(verb.clauses)) expect(page).toContain(`| \`${clause}\` |`);
    }
  });

  it.each(verbs.flatMap((verb) => verb.examples.map((example) => [example, verb.name] as const)))(
    'shows %j, which the parser understands',
    (example, verb) => {
      expect(parse(example, VERBS).map((statement) => statement.verb)).toEqual([verb]);
    },
  );

  /** Defaults that are told, and not written: those of clauses that are left out for them. */
  const isTold = (fallback: string) => fallback.includes(' classes') || fallback === 'as it is';
  const defaults = verbs.flatMap((verb) =>
    Object.entries(verb.clauses).flatMap(([clause, { default: fallback }]) =>
      fallback === undefined || isTold(fallback) ? [] : [[verb, clause, fallback] as const],
    ),
  );
  it('has defaults to look at', () => expect(defaults.length).toBeGreaterThan(3));

  it.each(defaults)('gives defaults that can be written as they stand: %#', (verb, clause, fallback) => {
    const [example] = verb.examples;
    const bare = { ...verb, clauses: { [clause]: verb.clauses[clause]! } };
    const [statement] = parse(example!, VERBS);
    const subject = example!.slice(statement!.subject.start, statement!.subject.end);
    expect(parse(`${verb.name} ${subject} ${clause} ${fallback}`, new Map([[verb.name, bare]]))).toHaveLength(1);
  });
});
