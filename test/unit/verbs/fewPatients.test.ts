/** Statistics of one patient, of two, and of none in a region: what has no value says why in words, and every sentence is whole. */
import { describe, expect, it } from 'vitest';
import type { TableView, ViewModel } from '../../../src/protocol/view.ts';
import { startSession } from '../../harness/session.ts';

/** Of `n` patients whom all tables have, and one in each whom no other has. */
function tablesOf(n: number): Record<string, string> {
  const patients = Array.from({ length: n }, (_, p) => p);
  const table = (head: string, rows: readonly string[]) => [head, ...rows].join('\n');
  return {
    'ai.csv': table('patient,region,class,percent', ['X1,RLL,ggo,5', ...patients.map((p) => `P${p},RLL,ggo,${p}5`)]),
    'reader.csv': table('patient,region,class,score', ['Y1,RLL,ggo,1', ...patients.map((p) => `P${p},RLL,ggo,${p}`)]),
    'other.csv': table('patient,region,class,score', ['Z1,RLL,ggo,1', ...patients.map((p) => `P${p},RLL,ggo,1`)]),
    'fvc.csv': table('patient,fvc,sex', ['X1,70.5,f', ...patients.map((p) => `P${p},8${p}.5,${p ? 'm' : 'f'}`)]),
    'later.csv': table('patient,fvc', ['Z1,71', ...patients.map((p) => `P${p},7${p}`)]),
    'visits.csv': table('patient,visit,days,sex,fvc', [
      'X1,1,0,f,70',
      ...patients.flatMap((p) => [1, 2].map((v) => `P${p},${v},${v}00,${p ? 'm' : 'f'},${80 + p + v}`)),
    ]),
  };
}

const LOAD = Object.keys(tablesOf(0))
  .map((file) => `load "${file}" as ${file.replace('.csv', '')}`)
  .join('\n');

const STATEMENTS = [
  'agree ai with reader by region as ag',
  'plot ag as bland-altman in RLL',
  'plot ag as bland-altman',
  'plot ag as scatter',
  'plot ag as confusion',
  'plot ag as forest',
  'plot ag as kappa-curve cut 1',
  'agree reader with other by region ci bootstrap 100 as ag2',
  'plot ag2 as bland-altman scale trend in RLL',
  'agree ai with reader, other by region as several',
  'agree fvc with later on fvc as measured',
  'plot measured as bland-altman',
  'plot measured as bland-altman scale ratio',
  'plot measured as bland-altman scale trend',
  'plot measured as scatter',
  'change visits on fvc from 1 to 2 as delta',
  'summarise delta',
  'summarise delta by sex',
  'plot delta as waterfall',
  'plot delta as spaghetti',
  'repeat visits by visit on fvc as retest',
  'plot retest as bland-altman',
  'relate fvc fvc with sex as related',
  'summarise fvc by sex with tests',
  'summarise fvc by sex with differences',
];

/** What a view says beside its numbers. */
function sentencesIn(view: ViewModel): string[] {
  if (view.type === 'table') return [view.title, ...view.notes, ...view.messages.map(({ text }) => text)];
  if (view.type !== 'figure') return [];
  return [view.title, view.description, ...view.notes, ...headingsIn(view.layout.annotations)];
}

function headingsIn(annotations: unknown): string[] {
  return Array.isArray(annotations) ? annotations.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])) : [];
}

/** Columns of statistics in which a row of patients has nothing. */
function emptyStatistics({ columns, rows }: TableView): string[] {
  return columns.flatMap(({ name, kind }, c) =>
    (kind === 'number' || kind === 'p-value') && rows.some((row) => row[c] === null) ? [name] : [],
  );
}

/** Sentences of which a part is missing, or a value that was to be one. */
const TORN = [/\bundefined\b/, /\bNaN\b/, /^[\s,;:]/, / {2}/, /, ,|: [,;:]|\(\)|\[\]/, /,\.$/];
const REASON = /(where|since|No \w+ of .*:) .*(need|there is|there are|constant|same|nobody|fewer|without|finite|no )/;

describe.each([1, 2])('%i in common', (n) => {
  it('says in words why what is not there is not', async () => {
    const notebook = startSession({ files: tablesOf(n) });
    await notebook.shown(LOAD);
    const faults: string[] = [];
    for (const statement of STATEMENTS)
      for (const view of await notebook.shown(statement)) {
        const said = sentencesIn(view);
        const torn = said.filter((sentence) => TORN.some((sign) => sign.test(sentence)));
        faults.push(...torn.map((sentence) => `${statement}: ${sentence}`));
        if (view.type === 'table' && emptyStatistics(view).length > 0 && !REASON.test(said.join('\n')))
          faults.push(`${statement}: no reason for ${emptyStatistics(view).join(', ')}`);
      }
    expect(faults).toEqual([]);
  });
});

it('draws the one difference of a pair as its bias, with the reason why it has no limits', async () => {
  const notebook = startSession({ files: tablesOf(1) });
  await notebook.shown(LOAD);
  const figure = await notebook.last('figure', 'agree fvc with later on fvc as m\nplot m as bland-altman');
  expect(figure.description).toBe('Bland–Altman plots of fvc minus later: bias 10.50, no limits, n 1.');
  expect(figure.notes).toContain('No limits, since limits of agreement and intervals need at least 2 pairs.');
});

it('names no region of a table that has none', async () => {
  const notebook = startSession({ files: tablesOf(1) });
  await notebook.shown(LOAD);
  const { notes } = await notebook.last('table', 'repeat visits by visit on fvc as retest');
  expect(notes).toContain('Empty where repeatability needs at least 2 patients with 2 readings each.');
});
