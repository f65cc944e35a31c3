/** What is found in cells before anything runs, by what lies on disk and by what has run. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession({
    files: {
      'reader.csv': 'patient,region,class,score,age\nP1,total,ggo,1,60\nP2,total,ggo,2,70\n',
      'title.csv': 'Readings of 2026\nPat,total\nP1,1\n',
      'manifest.csv': 'patient,path\nP1,a\nP2,b\n',
    },
  });
  for (const patient of ['P01', 'P02']) mkdirSync(join(notebook.folder, 'cohort', patient), { recursive: true });
});

const cellsOf = (sources: readonly string[]) => sources.map((source, n) => ({ cellId: String(n), source }));
const found = async (...sources: string[]) =>
  (await notebook.session.check({ cells: cellsOf(sources) })).problems.map(({ cellId, problem }) => {
    const { startLine, startColumn, endColumn } = problem.span!;
    const text = sources[Number(cellId)]!.split('\n')[startLine]!.slice(startColumn, endColumn);
    return `${problem.code} ${text} ${problem.fixes?.[0]?.text ?? '-'}`;
  });
const READER = 'load "reader.csv" as reader';
const COHORT = 'load "cohort/" as cohort';

describe('the check before a run', () => {
  it('finds files and folders that are not there, but none that a cell writes', async () => {
    expect(await found('load "raeder.csv" as r', 'load "cohrt/" as c')).toEqual([
      'path-missing "raeder.csv" -',
      'path-missing "cohrt/" -',
    ]);
    const { problems } = await notebook.session.check({ cells: cellsOf(['load "raeder.csv" as r']) });
    expect(problems[0]?.problem.message).toBe('There is no file or folder "raeder.csv". Did you mean "reader.csv"?');
    expect(await found(READER, 'export reader to "results/out.csv"', 'load "results/out.csv" as back')).toEqual([]);
    expect(
      await found('param file = "nowhere.csv"', 'load file as r', 'load "https://example.org/studies/1" as w'),
    ).toEqual([]);
  });

  it('finds names of columns that a table on disk does not have, through what is made from it', async () => {
    expect(await found(READER, 'filter reader where scor > 1 as some')).toEqual(['unknown-column scor score']);
    expect(
      await found(
        `${READER}\nfilter reader where score > 1 as some\nderive some double = score * 2 as more`,
        ['filter more where double > 1 && aeg > 60 as old', 'filter old where dubble > 1 as few'].join('\n'),
      ),
    ).toEqual(['unknown-column aeg age', 'unknown-column dubble double']);
    expect(
      await found(READER, 'exclude "P1" from reader because "x" as kept', 'filter kept where agge > 1 as few'),
    ).toEqual(['unknown-column agge age']);
    expect(
      await found('load "title.csv" skip 1 columns patient "Pat" as t', 'filter t where patint == "P1" as u'),
    ).toEqual(['unknown-column patint patient']);
  });

  it('takes no word that the verb knows for a misspelt column, and no folder of masks for CTs', async () => {
    expect(
      await found(
        COHORT,
        'quantify cohort as ai\nchange ai from 1 to 2 on lesions as les\nagree ai with ai on voxels as maps',
        'load "cohort/" as edited\nquantify cohort lobes from edited as again',
      ),
    ).toEqual([]);
  });

  it('takes parameters, classes, `selected` and columns of measurements for what they are', async () => {
    const cells = [
      READER,
      'param cut = 1 in 0..4',
      'filter reader where score > cut && selected as some',
      COHORT,
      'quantify cohort as ai',
      'derive ai fibrosis = reticulation + honeycombing as ai2',
      'score ai2 at 1, 25 as scored\nfilter scored where score > 1 && percent < 50 as few',
    ];
    expect(await found(...cells)).toEqual([]);
    expect(await found(...cells, 'filter ai where persent > 1 as low')).toEqual(['unknown-column persent percent']);
  });

  it('finds patients whom a table or a folder does not have', async () => {
    expect(await found(READER, 'exclude "P1", "P3" from reader because "x" as kept')).toEqual([
      'unknown-patient "P3" "P1"',
    ]);
    expect(await found(COHORT, 'show cohort "P02"', 'show cohort "P03"')).toEqual(['unknown-patient "P03" "P01"']);
    expect(await found('load "manifest.csv" as c', 'show c "P1"', 'show c "Q7"')).toEqual(['unknown-patient "Q7" -']);
    // Of a folder in which files lie, only their headers tell.
    notebook.put('cohort/loose.dcm', '');
    expect(await found(COHORT, 'show cohort "P03"')).toEqual([]);
  });

  it('knows what a path gives, and so what a verb cannot take', async () => {
    expect(await found(READER, 'quantify reader as ai')).toEqual(['wrong-kind reader -']);
    expect(await found('load "manifest.csv" as c', 'quantify c as ai')).toEqual([]);
  });

  it('knows regions, and what users call them', async () => {
    expect(await found(READER, COHORT, 'quantify cohort as ai', 'agree ai with reader by lobe')).toEqual([
      'unknown-column lobe region',
      // A cohort beside it changes nothing.
    ]);
    expect(await found(READER, 'summarise reader by lobe')).toEqual(['unknown-column lobe region']);
    expect(await found(READER, 'agree reader with reader by age', 'agree reader with reader by gae')).toEqual([
      'unknown-column gae age',
    ]);
  });

  it('knows what has run, as long as it is not out of date', async () => {
    const cells = [READER, 'agree reader with reader for ggo as ag', 'filter ag where kapa > 0 as high'];
    expect(await found(...cells)).toEqual([]);
    for (const cell of cellsOf(cells).slice(0, 2)) await notebook.run(cell.source, cell.cellId, cellsOf(cells));
    expect(await found(...cells)).toEqual(['unknown-column kapa kappa']);
    expect(await found(READER, 'agree reader with reader as ag', cells[2]!)).toEqual([]);
  });

  it('sees that a file has come or changed', async () => {
    expect(await found('load "later.csv" as l', 'filter l where b > 1 as m')).toEqual(['path-missing "later.csv" -']);
    notebook.put('later.csv', 'patient,a\nP1,1\n');
    expect(await found('load "later.csv" as l', 'filter l where b > 1 as m')).toEqual(['unknown-column b -']);
    notebook.put('later.csv', 'patient,a,b\nP1,1,2\n');
    expect(await found('load "later.csv" as l', 'filter l where b > 1 as m')).toEqual([]);
  });
});
