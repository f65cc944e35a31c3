import { describe, expect, it } from 'vitest';
import { type CompletionContext, completionsAt, type KnownName } from '../../../src/kernel/language/completion.ts';
import { hoverAt } from '../../../src/kernel/language/hover.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const NAMES: readonly KnownName[] = [
  { name: 'cohort', kinds: ['cohort'], holds: 'a cohort, 2 patients', patients: ['P01', 'P02'] },
  { name: 'ai', kinds: ['measurements'], columns: ['patient', 'region', 'class', 'percent'], patients: ['P01'] },
  { name: 'reader', kinds: ['table'] },
  { name: 'ag', kinds: ['agreement'], columns: ['region', 'kappa'] },
  { name: 'cut', kinds: ['parameter'], holds: 'a parameter, 25' },
];
const AROUND: CompletionContext = {
  names: NAMES,
  files: (written) => [`${written}cohort/`, 'reader1.csv'],
  models: (clause) => [clause === 'lobes' ? 'lung-lobes' : 'lung-texture'],
};
/** Labels that are offered at the caret `|`. */
function offered(text: string): string[] {
  const offset = text.indexOf('|');
  return completionsAt(text.replace('|', ''), offset, VERBS, AROUND).items.map(({ label }) => label);
}

describe('completionsAt', () => {
  it('offers verbs where a statement may begin', () => {
    expect(offered('|')).toEqual([...VERBS.keys()]);
    expect(offered('load "x" as y\nqu|')).toContain('quantify');
    expect(offered('load "x" as y |')).not.toContain('quantify');
  });

  it.each([
    ['describe |', ['cohort', 'ai', 'reader', 'ag']],
    ['quantify c|', ['cohort']],
    [
      'plot ag as |',
      [
        ...['scatter', 'confusion', 'bland-altman', 'kappa-curve', 'forest', 'heatmap', 'box', 'stacked'],
        ...['non-inferiority', 'sample-size', 'kaplan-meier', 'profile', 'waterfall', 'spaghetti', 'transitions'],
        ...['readers', 'drift', 'cut'],
      ],
    ],
    ['score ai at 1, |', ['cut']],
    ['agree ai with |', ['ai', 'reader', 'ag']],
    ['summarise ai by |', ['region', 'zone', 'level', 'cut', 'patient', 'region', 'class', 'percent']],
    ['score ai as |', []],
    ['load "|', ['cohort/', 'reader1.csv']],
    ['quantify cohort with "|', ['lung-texture']],
    ['quantify cohort lobes "|', ['lung-lobes']],
    ['show cohort "|', ['P01', 'P02']],
    ['exclude "|', ['P01', 'P02']],
    ['exclude "P01" from cohort because "|', []],
    ['load "cohort/" series "|', []],
    ['export ag to "|', ['cohort/', 'reader1.csv']],
    ['param kind = "|', []],
    [
      'agree ai with reader for ggo, retic|',
      ['normal', 'ggo', 'consolidation', 'reticulation', 'honeycombing', 'emphysema', 'cut'],
    ],
  ])('offers at %s what fits there', (text, expected) => expect(offered(text)).toEqual(expected));

  it('offers clauses behind a value, and those alone that are not there yet', () => {
    expect(offered('agree ai with reader |')).toEqual([
      ...['by', 'for', 'pooling', 'weights', 'ci', 'on', 'level', 'margin', 'against', 'between', 'over'],
      ...['seed', 'scale', 'matching', 'as'],
    ]);
    expect(offered('agree ai weights linear w|')).toContain('with');
  });

  it.each([
    ['show cohort |', ['overlay', 'series', 'visit', 'beside', 'plane', 'at', 'slice', 'window']],
    ['show cohort "P01" |', ['overlay', 'series', 'visit', 'beside', 'plane', 'at', 'slice', 'window']],
    ['describe ai |', []],
    ['exclude "P01" |', ['from', 'visit', 'because', 'as']],
    ['exclude "P01", |', []],
    ['exclude |', ['flagged', 'cut']],
    ['exclude flagged |', ['from', 'visit', 'because', 'as']],
    ['exclude flagged "no-lung" |', ['from', 'visit', 'because', 'as']],
    ['derive ai |', ['as']],
    ['param kind = "linear" |', ['in', 'step']],
    ['param kind = |', ['cut', 'true', 'false']],
    ['agree ai with reader by region |', ['for', 'pooling', 'weights', 'ci', 'on']],
    ['agree ai with reader for ggo |', ['by', 'pooling', 'weights', 'ci', 'on']],
    ['agree ai with reader weights table |', ['reader', 'by', 'for', 'pooling', 'ci']],
    ['agree ai with reader ci bootstrap 2000 |', ['by', 'for', 'pooling', 'weights', 'on']],
    ['load "cohort/" series best |', ['visits', 'offset', 'labels', 'sheet', 'skip', 'columns', 'as']],
    ['load "a.csv" columns patient "ID" |', ['series', 'visits', 'offset', 'labels', 'sheet', 'skip', 'as']],
  ])('offers at %s nothing of what is finished there', (text, expected) =>
    expect(offered(text).slice(0, expected.length || 1)).toEqual(expected),
  );

  it('offers columns, parameters and functions in expressions', () => {
    const items = offered('filter ai where |');
    expect(items.slice(0, 5)).toEqual(['patient', 'region', 'class', 'percent', 'cut']);
    expect(items).toContain('mean');
    expect(offered('filter ai where percent > |')).toContain('cut');
  });

  it('replaces the word or text under way', () => {
    expect(completionsAt('describe co', 11, VERBS, AROUND)).toMatchObject({ from: 9, to: 11 });
    expect(completionsAt('load "coh', 9, VERBS, AROUND)).toMatchObject({ from: 6, to: 9 });
  });
});

describe('hoverAt', () => {
  const text = 'score ai at 1, cut as scored';
  const hover = (word: string) => hoverAt(text, text.indexOf(word) + 1, VERBS, NAMES)?.text;

  it('explains verbs and clauses', () => {
    expect(hover('score')).toMatch(/^\*\*score\*\*: Adds scores/);
    expect(hover('at')).toMatch(
      /^\*\*at\*\* of `score`: .*The cut points in percent, rising\. Left out: `1, 25, 50, 75`\.$/s,
    );
  });

  it('says what a name holds, and its columns', () => {
    expect(hover('cut')).toBe('**cut**: a parameter, 25');
    expect(hover('ai')).toBe('**ai**: measurements, not run yet\n\nColumns: `patient`, `region`, `class`, `percent`');
  });

  it('says nothing of numbers and blanks', () => {
    expect(hoverAt(text, 12, VERBS, NAMES)).toBeUndefined();
  });
});
