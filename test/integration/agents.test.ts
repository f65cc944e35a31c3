/** The tools of language models: each does its work on a notebook in VS Code, and none names a patient unless the user lets it. VS Code takes every question of a suite like this for answered with yes. */
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, open, openCells, until, workspaceFolder } from './notebooks.ts';

/** What the tool answers, as text and read. */
async function ask(tool: string, input: object = {}) {
  const { content } = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined });
  const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  return { text, answer: JSON.parse(text) };
}

const setting = (value: boolean | undefined) =>
  vscode.workspace.getConfiguration('lungnb.agents').update('showLabels', value, vscode.ConfigurationTarget.Global);

const CELLS = [
  'param cut = 25 in 2..60\nload "r.csv" as r',
  'score r at 1, cut, 70, 80 as s',
  'describe s',
  'describe nothing',
];

const LABELS = ['Quillfeather', '4711023', 'van der Zonk'];

/** A notebook with labels wherever one can be written, on two simulated chests that have names. */
function writeNamedStudy(): void {
  const folder = workspaceFolder();
  mkdirSync(join(folder, 'named'));
  const cohort = realpathSync(join(folder, 'cohort'));
  symlinkSync(join(cohort, 'P01'), join(folder, 'named', LABELS[0]!), 'junction');
  symlinkSync(join(cohort, 'P02'), join(folder, 'named', LABELS[1]!), 'junction');
  const rows = LABELS.map((label, n) => `${label},ggo,RLL,${n + 1}`);
  writeFileSync(join(folder, 'scores_Quillfeather.csv'), `patient,class,region,score\n${rows.join('\n')}\n`);
  const cells = [
    '# About Quillfeather and 4711023',
    'load "named" as cohort # quillfeather is the first',
    'describe cohort',
    'quantify cohort as ai',
    'load "scores_Quillfeather.csv" as reader',
    'agree ai with reader by region for ggo as ag',
    'filter reader where patient == "Quillfeather" as one',
    'exclude "Quillfeather" from cohort because "Quillfeather withdrew" as kept',
    'param who = "4711023" in "Quillfeather", "4711023"',
    'export reader to "of-Quillfeather.csv"',
    'show cohort "Quillfether"',
  ];
  const notebook = {
    lungnb: 1,
    cells: cells.map((source) => ({ kind: source.startsWith('# ') ? 'markup' : 'code', source: [source] })),
  };
  writeFileSync(join(folder, 'Quillfeather study.lungnb'), JSON.stringify(notebook));
}

describe('tools of language models', () => {
  afterEach(async () => {
    await setting(undefined);
    await closeAll();
  });

  it('read, change, run and explain the notebook in front', async () => {
    writeFileSync(join(workspaceFolder(), 'r.csv'), 'patient,class,percent\nA1,ggo,10\nA2,ggo,40\n');
    const notebook = await openCells('tools.lungnb', CELLS);
    const states = async () => (await ask('lungnb_cells')).answer.cells.map(({ state }: { state: string }) => state);
    assert.deepEqual(await states(), ['not-run', 'not-run', 'not-run', 'not-run']);
    const { answer: first } = await ask('lungnb_run');
    assert.equal(first.notebook, 'tools.lungnb');
    assert.deepEqual(
      first.ran.map(({ cell, state }: { cell: number; state: string }) => [cell, state]),
      [
        [1, 'done'],
        [2, 'done'],
        [3, 'done'],
        [4, 'failed'],
      ],
    );
    assert.equal(first.ran[3].problem.code, 'unknown-name');
    assert.equal((await ask('lungnb_explain', { cell: 4 })).answer.meaning, 'a name is not defined');
    assert.equal((await ask('lungnb_check')).answer.problems[0].cell, 4);
    const scores = async () =>
      (await ask('lungnb_result', { name: 's' })).answer.rows.map(({ score }: { score: number }) => score);
    assert.deepEqual(await scores(), [1, 2]);
    assert.deepEqual((await ask('lungnb_result', { name: 's', rows: 1 })).answer.rows.length, 1);
    assert.match((await ask('lungnb_result', { name: 's', rows: 1 })).answer.left.rows, /rows 0 to 0 of 2/);
    assert.deepEqual((await ask('lungnb_set_parameter', { name: 'cut', value: 50 })).answer.cell, 1);
    assert.match(notebook.cellAt(0).document.getText(), /cut = 50 in/);
    // What follows has run by itself.
    assert.deepEqual(await scores(), [1, 1]);
    await ask('lungnb_edit_cell', { cell: 4, source: 'describe r' });
    assert.equal(notebook.cellAt(3).document.getText(), 'describe r');
    assert.equal((await states())[3], 'out-of-date');
    const { answer: inserted } = await ask('lungnb_insert_cell', { before: 1, kind: 'markup', source: '# Scores' });
    assert.equal(inserted.cell, 1);
    assert.equal(notebook.cellAt(0).document.getText(), '# Scores');
    assert.equal(notebook.cellAt(0).kind, vscode.NotebookCellKind.Markup);
    const { answer: following } = await ask('lungnb_run', { cells: [2], following: true });
    assert.deepEqual(
      following.ran.map(({ cell }: { cell: number }) => cell),
      [2, 3, 4, 5],
    );
    assert.match((await ask('lungnb_outputs', { cell: 5 })).answer.outputs[0], /A1|P00/);
    assert.deepEqual(
      (await ask('lungnb_names')).answer.names.map(({ name }: { name: string }) => name),
      ['cut', 'r', 's'],
    );
    assert.match((await ask('lungnb_result', { name: 'q' })).answer.refused, /no result `q`/);
    assert.match((await ask('lungnb_outputs', { cell: 9 })).answer.refused, /no cell 9: the notebook has 5/);
    assert.match(
      (await ask('lungnb_set_parameter', { name: 'cut', value: 90 })).answer.refused,
      /its range is 2\.\.60/,
    );
  });

  it('say that none is open, and which of several they read', async () => {
    assert.match((await ask('lungnb_cells')).answer.refused, /No LungNB notebook is open/);
    for (const name of ['one', 'two']) {
      await openCells(`${name}.lungnb`, [`describe ${name}`]);
      await vscode.commands.executeCommand('workbench.action.keepEditor');
    }
    assert.equal((await ask('lungnb_cells')).answer.notebook, 'two.lungnb');
    const { answer } = await ask('lungnb_cells', { notebook: 'one.lungnb' });
    assert.deepEqual([answer.notebook, answer.cells[0].source], ['one.lungnb', 'describe one']);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(workspaceFolder(), 'reader1.csv')));
    await until('no notebook is in front', () => vscode.window.activeNotebookEditor === undefined, 10_000);
    assert.match((await ask('lungnb_cells')).answer.refused, /one\.lungnb, two\.lungnb|two\.lungnb, one\.lungnb/);
    for (const notebook of ['../elsewhere.lungnb', 'reader1.csv', 'missing.lungnb'])
      assert.match((await ask('lungnb_cells', { notebook })).answer.refused, /no such notebook in the workspace/);
    // One that is not in front is run as well.
    const { answer: ran } = await ask('lungnb_run', { notebook: 'one.lungnb', all: true });
    assert.deepEqual([ran.notebook, ran.ran[0].state], ['one.lungnb', 'failed']);
  });

  it('are refused a notebook that is read-only, which stays as it is', async () => {
    const files = () => vscode.workspace.getConfiguration('files');
    const target = vscode.ConfigurationTarget.Workspace;
    await files().update('readonlyInclude', { '**/kept.lungnb': true }, target);
    try {
      const notebook = await openCells('kept.lungnb', ['param cut = 25 in 2..60']);
      assert.match((await ask('lungnb_set_parameter', { name: 'cut', value: 50 })).answer.refused, /read-only/);
      assert.match((await ask('lungnb_edit_cell', { cell: 1, source: 'x' })).answer.refused, /read-only/);
      assert.equal(notebook.cellAt(0).document.getText(), 'param cut = 25 in 2..60');
      assert.match((await ask('lungnb_insert_cell', { source: 'x' })).answer.refused, /read-only/);
    } finally {
      await files().update('readonlyInclude', undefined, target);
    }
  });

  it('name no patient, file or folder of one, before and after the cells have run, and read pseudonyms as labels', async () => {
    writeNamedStudy();
    const notebook = await open('Quillfeather study.lungnb');
    const said: string[] = [];
    const hear = async (tool: string, input: object = {}) => {
      const { text, answer } = await ask(tool, input);
      said.push(`${tool} ${JSON.stringify(input)}: ${text}`);
      return answer;
    };
    const readAll = async () => {
      const { cells, notebook: name } = await hear('lungnb_cells');
      await hear('lungnb_cells', { notebook: name });
      await hear('lungnb_check');
      for (const { name } of (await hear('lungnb_names')).names) await hear('lungnb_result', { name });
      for (const { cell } of cells) {
        await hear('lungnb_outputs', { cell });
        await hear('lungnb_explain', { cell });
      }
      await hear('lungnb_result', { name: 'Quillfeathr' });
      return cells;
    };
    const before = await readAll();
    await hear('lungnb_run', { all: true });
    const cells = await readAll();
    assert.equal(cells[10].state, 'failed');
    // A pseudonym means one patient from the first answer on, and in every place.
    const [, pseudonym] = /patient == "(P\d+)"/.exec(cells[6].source)!;
    assert.equal(before[6].source, cells[6].source);
    assert.match(cells[7].source, new RegExp(`exclude "${pseudonym}" from cohort because "${pseudonym} withdrew"`));
    assert.match((await hear('lungnb_result', { name: 'one' })).rows[0].patient, new RegExp(`^${pseudonym}$`));
    await hear('lungnb_edit_cell', { cell: 11, source: `show cohort "${pseudonym}" # ${pseudonym}` });
    assert.equal(notebook.cellAt(10).document.getText(), 'show cohort "Quillfeather" # Quillfeather');
    assert.equal((await hear('lungnb_run', { cells: [11] })).ran[0].state, 'done');
    await hear('lungnb_set_parameter', { name: 'who', value: pseudonym });
    assert.match(notebook.cellAt(8).document.getText(), /who = "Quillfeather" in/);
    await hear('lungnb_set_parameter', { name: 'who', value: 'nobody' });
    await hear('lungnb_insert_cell', { source: `describe cohort # ${pseudonym}` });
    assert.equal(notebook.cellAt(11).document.getText(), 'describe cohort # Quillfeather');
    const all = said.join('\n');
    for (const secret of [...LABELS, workspaceFolder(), realpathSync(workspaceFolder()), homedir()])
      assert.doesNotMatch(all.replaceAll('Quillfeathr"}', ''), new RegExp(secret, 'i'), `${secret} is named`);
    await setting(true);
    const { text } = await ask('lungnb_result', { name: 'one' });
    assert.match(text, /Quillfeather/);
    assert.match((await ask('lungnb_cells')).text, /exclude \\"Quillfeather\\"/);
  });
});
