/** Help while cells are written: completion, hover, and problems underlined before anything runs. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LungNbApi } from '../../src/extension/main.ts';
import { closeAll, openCells, runAll, runCells, until } from './notebooks.ts';

async function labelsAt(document: vscode.TextDocument, line: number, column: number): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    new vscode.Position(line, column),
  );
  return list.items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Snippet)
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('a cell that is written', () => {
  afterEach(closeAll);

  it('is completed with verbs, clauses, names of other cells, and columns of what ran', async () => {
    const notebook = await openCells('complete.lungnb', [
      'load "reader1.csv" as reader',
      'filter reader where ',
      'agree reader with ',
      '',
    ]);
    await runAll(notebook, 60_000);
    const [, filter, agree, empty] = notebook.getCells().map(({ document }) => document);
    assert(filter && agree && empty);
    assert.deepEqual((await labelsAt(filter, 0, 20)).slice(0, 4), ['patient', 'region', 'class', 'score']);
    assert.deepEqual(await labelsAt(agree, 0, 18), ['reader']);
    assert((await labelsAt(empty, 0, 0)).includes('quantify'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(empty.uri, new vscode.Position(0, 0), 'show reader ');
    await vscode.workspace.applyEdit(edit);
    const behind = await labelsAt(empty, 0, 12);
    assert(behind.includes('plane') && !behind.includes('reader'), `behind a finished subject: ${behind.join(', ')}`);
  });

  it('is completed with patients, files, models, classes and regions', async () => {
    const notebook = await openCells('complete-texts.lungnb', [
      'load "cohort/" as cohort',
      'show cohort "',
      'load "reader',
      'quantify cohort with "',
      'quantify cohort lobes "',
      'agree cohort for ',
      'summarise cohort by ',
    ]);
    await runCells(notebook, 0, 1);
    const labels = async (cell: number) => {
      const { document } = notebook.cellAt(cell);
      return labelsAt(document, 0, document.lineAt(0).text.length);
    };
    assert.deepEqual((await labels(1)).slice(0, 3), ['P01', 'P02', 'P03']);
    assert.deepEqual(
      (await labels(2)).filter((label) => label.startsWith('reader')),
      ['reader1.csv', 'reader2.csv'],
    );
    assert.deepEqual(await labels(3), ['lung-texture']);
    assert.deepEqual(await labels(4), ['lung-lobes']);
    assert((await labels(5)).includes('honeycombing'));
    assert((await labels(6)).includes('region'));
  });

  it('has snippets, and words as the language has them', async () => {
    const notebook = await openCells('snippets.lungnb', ['', 'load "reader1.csv" as dr-müller_2']);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      notebook.cellAt(0).document.uri,
      new vscode.Position(0, 0),
    );
    const snippets = list.items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet);
    assert(snippets.length >= 5, `${snippets.length} snippets`);
    const { document } = notebook.cellAt(1);
    const range = document.getWordRangeAtPosition(new vscode.Position(0, 27));
    assert.equal(range && document.getText(range), 'dr-müller_2');
  });

  it('explains a word under the pointer', async () => {
    const notebook = await openCells('hover.lungnb', ['load "reader1.csv" as reader', 'describe reader']);
    await runAll(notebook, 60_000);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      notebook.cellAt(1).document.uri,
      new vscode.Position(0, 11),
    );
    const [content] = hovers.flatMap(({ contents }) => contents);
    const { value } = content as vscode.MarkdownString;
    assert.match(value, /\*\*reader\*\*: a table, 8 patients, 286 rows\n\nRan just now\.\n\nColumns: `patient`/);
  });

  it('is checked while it is written, across cells, before it runs', async () => {
    const notebook = await openCells('check.lungnb', ['load "reader1.csv" as reader', 'describe reader']);
    const { uri } = notebook.cellAt(1).document;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 9, 0, 15), 'reeder');
    await vscode.workspace.applyEdit(edit);
    await until('the cell is checked', () => vscode.languages.getDiagnostics(uri).length > 0, 10_000);
    assert.match(vscode.languages.getDiagnostics(uri)[0]!.message, /did you mean `reader`/);
    const mend = new vscode.WorkspaceEdit();
    mend.replace(uri, new vscode.Range(0, 9, 0, 15), 'reader');
    await vscode.workspace.applyEdit(mend);
    await until('the mended cell is checked', () => vscode.languages.getDiagnostics(uri).length === 0, 10_000);
  });

  it('is checked when it is opened, and when another cell goes', async () => {
    const notebook = await openCells('opened.lungnb', [
      'load "reader1.csv" as reader',
      'describe reader',
      'describe nobody',
    ]);
    const problems = (cell: number) => vscode.languages.getDiagnostics(notebook.cellAt(cell).document.uri);
    await until('the notebook is checked', () => problems(2).length > 0, 20_000);
    assert.deepEqual(problems(1), []);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
    await vscode.workspace.applyEdit(edit);
    await until('the cell that used it is underlined', () => problems(0).length > 0, 10_000);
    assert.match(problems(0)[0]!.message, /`reader` is not defined/);
  });

  const STUDY = [
    'load "reader1.csv" as reader',
    'filter reader where score > 1\nas some',
    'describe some\ndescribe reader',
  ];

  it('leads from a name to its definition and its uses in other cells', async () => {
    const notebook = await openCells('names.lungnb', STUDY);
    const [load, filter, last] = notebook.getCells().map(({ document }) => document.uri.toString());
    const at = async (command: string) => {
      const found = await vscode.commands.executeCommand<vscode.Location[]>(
        command,
        notebook.cellAt(2).document.uri,
        new vscode.Position(1, 11),
      );
      return found.map(({ uri, range }) => `${uri.toString()} ${range.start.line}:${range.start.character}`);
    };
    assert.deepEqual(await at('vscode.executeDefinitionProvider'), [`${load} 0:22`]);
    assert.deepEqual(
      (await at('vscode.executeReferenceProvider')).sort(),
      [`${load} 0:22`, `${filter} 0:7`, `${last} 1:9`].sort(),
    );
  });

  it('renames a name in every cell, and refuses one that is taken', async () => {
    const notebook = await openCells('rename.lungnb', STUDY);
    const rename = async (name: string) =>
      vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        notebook.cellAt(1).document.uri,
        new vscode.Position(0, 9),
        name,
      );
    await assert.rejects(rename('some'), /stands for another result already/);
    await assert.rejects(rename('a b'), /cannot be a name/);
    await assert.rejects(rename('where'), /cannot be the name here/);
    await runAll(notebook, 60_000);
    await vscode.workspace.applyEdit(await rename('dr-lee'));
    const texts = notebook.getCells().map(({ document }) => document.getText());
    assert.deepEqual(
      texts,
      STUDY.map((text) => text.replace(/\breader\b(?!1)/, 'dr-lee')),
    );
    // Longer than the pause after which cells are looked at; then what has run has run under the new name.
    await wait(1000);
    const api = await vscode.extensions.getExtension<LungNbApi>('lungnb.lungnb')?.activate();
    assert.deepEqual(
      notebook.getCells().map((cell) => api?.outOfDate(cell)),
      [undefined, undefined, undefined],
    );
    assert((await api!.variables()).some((variable) => variable.startsWith('dr-lee: ')));
    await runCells(notebook, 2, 3);
    assert.equal(notebook.cellAt(2).executionSummary?.success, true);
  });

  it('offers quick fixes, lays itself out, folds, and lists its names', async () => {
    const notebook = await openCells('mend.lungnb', [...STUDY, '']);
    const { document } = notebook.cellAt(3);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'describe   sume\nfilter some\nwhere score>2 as few');
    await vscode.workspace.applyEdit(edit);
    await until('the cell is checked', () => vscode.languages.getDiagnostics(document.uri).length > 0, 10_000);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 12, 0, 12),
    );
    assert.deepEqual(actions.map(({ title }) => title).slice(0, 2), ['Change to `some`', 'Load `sume` first']);
    await vscode.workspace.applyEdit(actions[0]!.edit!);
    const layout = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { insertSpaces: true, tabSize: 2 },
    );
    const formatted = new vscode.WorkspaceEdit();
    formatted.set(document.uri, layout);
    await vscode.workspace.applyEdit(formatted);
    assert.equal(document.getText(), 'describe some\nfilter some\n  where score>2 as few');
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [[1, 2]],
    );
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [['few', 'filter']],
    );
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens',
      document.uri,
    );
    // Line, column and length of `some` twice and of `few`, each counted from the one before; bit 0 is a declaration.
    assert.deepEqual([...tokens.data], [...[0, 9, 4, 0, 0], ...[1, 7, 4, 0, 0], ...[1, 19, 3, 0, 1]]);
  });

  it('shows the shape of the statement that is written', async () => {
    const notebook = await openCells('shape.lungnb', [...STUDY, 'agree some with reader by ']);
    const help = await vscode.commands.executeCommand<vscode.SignatureHelp>(
      'vscode.executeSignatureHelpProvider',
      notebook.cellAt(3).document.uri,
      new vscode.Position(0, 26),
    );
    const [signature] = help.signatures;
    assert.match(signature!.label, /^agree .*\[by …\]/);
    assert.equal(signature!.parameters[help.activeParameter]!.label, '[by …]');
  });
});
