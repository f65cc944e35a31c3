/** Every statement that the manual and the README show is one that can be written: parsed and checked, as a cell is before it runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCells } from '../../../src/kernel/language/checker.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';
import { parseNotebook } from '../../../src/protocol/notebookFile.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

const beginsWithVerb = (source: string) => VERBS.has(/^\s*(\w+)\s+["\w]/.exec(source)?.[1] ?? '');
/** Shows what stands in some place, and not what is written: "load … columns visit". */
const isSketch = (source: string) => /…|\.\.\.|\bCOLUMN\b|\bNAME\b/.test(source);

/** Blocks between fences without a language, or indented by four blanks behind an empty line. */
function blocksIn(text: string): string[] {
  const fenced = [...text.matchAll(/^```(?:lungnb)?\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  const indented = [...text.matchAll(/(?<=\n\n)((?: {4}.*\n)+)/g)].map(([block]) => block.replaceAll(/^ {4}/gm, ''));
  return [...fenced, ...indented].filter(beginsWithVerb);
}

/** Statements within a sentence; two words name a kind of statement, as in "`plan reading`". */
function spansIn(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, span]) => span!)
    .filter((span) => beginsWithVerb(span) && span.split(/\s+/).length > 2);
}

/** Names are of other cells, and what a page shows is no whole notebook. */
const OF_OTHER_CELLS: readonly string[] = ['unknown-name', 'used-before', 'twice-defined'];
/** A sentence need not write a whole statement. */
const OF_SENTENCES: readonly string[] = [...OF_OTHER_CELLS, 'missing-clause'];

/** The name that a page gives to a parameter where a number may stand. */
const PARAMETER = { cellId: 'parameter', source: 'param cut = 25 in 0..100' };

function problemsIn(source: string, ignored: readonly string[]): string[] {
  return checkCells([PARAMETER, { cellId: 'shown', source }], VERBS)
    .filter(({ problem }) => !ignored.includes(problem.code))
    .map(({ problem }) => `${source.trim()}\n  ${problem.code}: ${problem.message}`);
}

describe.each(PAGES)('%s', (page) => {
  it('shows statements that are understood', () => {
    const [blocks, spans] = [blocksIn, spansIn].map((shownIn) =>
      shownIn(textOf(page)).filter((source) => !isSketch(source)),
    );
    expect([
      ...blocks!.flatMap((block) => problemsIn(block, OF_OTHER_CELLS)),
      ...spans!.flatMap((span) => problemsIn(span, OF_SENTENCES)),
    ]).toEqual([]);
  });
});

it('finds what the pages show', () => {
  const all = PAGES.map(textOf);
  expect(all.flatMap(blocksIn).length).toBeGreaterThan(15);
  expect(all.flatMap(spansIn).length).toBeGreaterThan(60);
});

it('has every verb outside the reference, too', () => {
  const prose = PAGES.filter((page) => page !== 'docs/reference.md')
    .map(textOf)
    .join('\n');
  const unsaid = [...VERBS.keys()].filter((verb) => !new RegExp(`(\`|^|^ {4})${verb}\\b`, 'm').test(prose));
  expect(unsaid).toEqual([]);
});

describe('sample notebooks', () => {
  const samples = readdirSync(join(ROOT, 'samples')).filter((name) => name.endsWith('.lungnb'));

  it.each(samples)('%s has nothing to mend before it runs', (name) => {
    const { cells } = parseNotebook(textOf(`samples/${name}`));
    const code = cells.flatMap(({ kind, source }, n) =>
      kind === 'code' ? [{ cellId: String(n), source: source.join('\n') }] : [],
    );
    expect(code.length).toBeGreaterThan(3);
    expect(checkCells(code, VERBS)).toEqual([]);
  });
});
