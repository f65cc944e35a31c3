/** Help while cells are written: completion, hover, and problems underlined before anything runs. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, openCells, runAll, until } from './notebooks.ts';

async function labelsAt(document: vscode.TextDocument, line: number, column: number): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    new vscode.Position(line, column),
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
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
    assert.match((content as vscode.MarkdownString).value, /\*\*reader\*\*: a table, 8 patients, 286 rows/);
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
});
