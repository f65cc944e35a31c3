/** Problems of cells: shown under the cell, underlined at their place, and no earlier result lost. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { closeAll, errorOf, openCells, runAll, runCells, until, viewsOf } from './notebooks.ts';

describe('problems of cells', () => {
  afterEach(closeAll);

  it('are shown under their cell and underlined at their exact place', async () => {
    const notebook = await openCells('unknown.lungnb', [
      'load "cohort/" as cohort',
      'describe cohort\nquantify cohor with "lung-texture" as ai',
      'describe cohort',
    ]);
    await runAll(notebook, 60_000);
    const [, failing, after] = notebook.getCells();
    assert(failing && after);
    assert.equal(failing.executionSummary?.success, false);
    assert.equal(errorOf(failing)?.name, 'Line 2, column 10');
    assert.match(errorOf(failing)?.message ?? '', /`cohor` is not defined.*cohort/);
    const diagnostics = vscode.languages.getDiagnostics(failing.document.uri);
    assert.equal(diagnostics.length, 1);
    assert.equal(diagnostics[0]?.code, 'unknown-name');
    assert.deepEqual(diagnostics[0]?.range, new vscode.Range(1, 9, 1, 14));
    assert.equal(after.executionSummary?.success, undefined, 'what stands behind a cell that failed does not run');
    await runCells(notebook, 2, 3);
    assert.equal(after.executionSummary?.success, true, 'the earlier result is still there');
    assert.equal(viewsOf(after)[0]?.type, 'table');
  });

  it('stop Run All, unless the setting says otherwise, and a name that is missing for them says so', async () => {
    const notebook = await openCells('stopped.lungnb', [
      'load "reader1.csv" as reader\nagree reader with reader on nothing as ag',
      'describe ag',
      'describe reader',
    ]);
    const problem = (cell: number) => errorOf(notebook.cellAt(cell))?.message;
    await runAll(notebook, 60_000);
    assert.deepEqual(
      notebook.getCells().map(({ executionSummary }) => executionSummary?.success),
      [false, undefined, undefined],
    );
    await runCells(notebook, 1, 2);
    assert.match(problem(1) ?? '', /^`ag` is missing because cell 1 failed\./);
    const settings = () => vscode.workspace.getConfiguration('lungnb');
    await settings().update('stopAtFirstError', false, vscode.ConfigurationTarget.Workspace);
    try {
      await runAll(notebook, 60_000);
    } finally {
      await settings().update('stopAtFirstError', undefined, vscode.ConfigurationTarget.Workspace);
    }
    assert.deepEqual(
      notebook.getCells().map(({ executionSummary }) => executionSummary?.success),
      [false, false, true],
    );
  });

  it('are found before anything runs: files, columns, patients and regions', async () => {
    const notebook = await openCells('ahead.lungnb', [
      'load "raeder1.csv" as nobody',
      'load "reader1.csv" as reader\nload "cohort/" as cohort',
      'filter reader where scor > 1 as some',
      'show cohort "P99"',
      'quantify cohort as ai\nagree ai with reader by lobe as ag',
    ]);
    const said = () =>
      notebook
        .getCells()
        .map(({ document }) => vscode.languages.getDiagnostics(document.uri).map(({ message }) => message));
    await until('the cells are checked', () => said().filter(({ length }) => length).length === 4, 20_000);
    const [file, , column, patient, region] = said().map(([message]) => message);
    assert.match(file ?? '', /no file or folder "raeder1\.csv"\. Did you mean "reader1\.csv"/);
    assert.match(column ?? '', /no column `scor`: did you mean `score`/);
    assert.match(patient ?? '', /no patient "P99"/);
    assert.match(region ?? '', /did you mean `region`/);
    // A file that comes is seen without an edit.
    const { uri } = notebook;
    const missing = vscode.Uri.joinPath(uri, '..', 'raeder1.csv');
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(uri, '..', 'reader1.csv'), missing);
    await until('the file is seen', () => said()[0]?.length === 0, 20_000);
    await vscode.workspace.fs.delete(missing);
  });

  it('leave with their notebook, also those that are found while it closes', async () => {
    const notebook = await openCells('closed.lungnb', ['describe nobody', 'load "nowhere.csv" as a']);
    await runAll(notebook, 60_000);
    const ours = () =>
      vscode.languages.getDiagnostics().filter(([, found]) => found.some(({ source }) => source === 'LungNB'));
    await until('the cells are checked', () => ours().length === 2, 20_000);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(notebook.cellAt(1).document.uri, new vscode.Position(0, 0), 'describe somebody\n');
    await vscode.workspace.applyEdit(edit);
    await closeAll();
    assert.deepEqual(ours(), []);
    // Longer than the pause after which an edit is looked at.
    await wait(1000);
    assert.deepEqual(ours(), []);
  });

  it('are no longer underlined once the cell is edited', async () => {
    const notebook = await openCells('edited.lungnb', ['lode "cohort/" as cohort']);
    await runAll(notebook, 60_000);
    const { uri } = notebook.cellAt(0).document;
    assert.equal(vscode.languages.getDiagnostics(uri)[0]?.code, 'unknown-verb');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 0, 0, 4), 'load');
    await vscode.workspace.applyEdit(edit);
    await until('the mended cell is checked', () => vscode.languages.getDiagnostics(uri).length === 0, 10_000);
  });

  const badInputs: readonly { name: string; cells: readonly string[]; code: string }[] = [
    { name: 'a path that leads nowhere', cells: ['load "nowhere/" as cohort'], code: 'path-missing' },
    {
      name: 'a model that is not there',
      cells: ['load "cohort/" as cohort', 'quantify cohort with "no-model" as ai'],
      code: 'model-missing',
    },
    {
      name: 'a table without its columns',
      cells: ['load "no-columns.csv" as reader', 'agree reader with reader as ag'],
      code: 'missing-columns',
    },
  ];
  for (const { name, cells, code } of badInputs)
    it(`name ${name}`, async () => {
      const notebook = await openCells('bad-input.lungnb', cells);
      await runAll(notebook, 60_000);
      const last = notebook.cellAt(cells.length - 1);
      assert.equal(last.executionSummary?.success, false);
      assert.equal(vscode.languages.getDiagnostics(last.document.uri)[0]?.code, code);
      for (const cell of notebook.getCells().slice(0, -1)) assert.equal(cell.executionSummary?.success, true);
    });

  it('offer an offset where Hounsfield units had a number added, though the cell ran', async () => {
    const size = [20, 20, 24] as const;
    const hu = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => {
      const x = n % size[0];
      return 1024 + (x < 6 ? -1000 : x < 12 ? -850 : 40) + (((n * 7919) % 31) - 15);
    });
    const notebook = await openCells('shifted.lungnb', ['load "shifted.mha" as c']);
    const header =
      'ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nElementSpacing = 7 7 9\nDimSize = 20 20 24\nElementType = MET_SHORT\nElementDataFile = LOCAL\n';
    const bytes = Buffer.concat([Buffer.from(header), Buffer.from(hu.buffer)]);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(notebook.uri, '..', 'shifted.mha'), bytes);
    await runAll(notebook, 60_000);
    const { document, executionSummary } = notebook.cellAt(0);
    assert.equal(executionSummary?.success, true);
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(diagnostic?.code, 'shifted-hounsfield');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
    );
    assert.equal(actions[0]?.title, 'Add `offset -1024`');
    await vscode.workspace.applyEdit(actions[0].edit!);
    assert.equal(document.getText(), 'load "shifted.mha" offset -1024 as c');
    await runAll(notebook, 60_000);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });
});
