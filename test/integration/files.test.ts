/** Notebook files: what is saved, and what must never be overwritten. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, open, runAll, workspaceFolder } from './notebooks.ts';

describe('notebook files', () => {
  afterEach(closeAll);

  it('saves an executed notebook without changing a byte', async () => {
    const file = join(workspaceFolder(), 'executed.lungnb');
    const before = readFileSync(file, 'utf8');
    const notebook = await open('executed.lungnb');
    const cell = notebook.getCells().find(({ kind }) => kind === vscode.NotebookCellKind.Code);
    assert(cell);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(cell.document.uri, new vscode.Position(0, 0), '# ');
    await vscode.workspace.applyEdit(edit);
    await notebook.save();
    assert.notEqual(readFileSync(file, 'utf8'), before);
    const undo = new vscode.WorkspaceEdit();
    undo.delete(cell.document.uri, new vscode.Range(0, 0, 0, 2));
    await vscode.workspace.applyEdit(undo);
    await notebook.save();
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  it('changes no byte when cells run again and give the same, slices and linked figures included', async () => {
    const file = join(workspaceFolder(), 'executed.lungnb');
    const notebook = await open('executed.lungnb');
    await runAll(notebook, 120_000);
    await notebook.save();
    const first = readFileSync(file, 'utf8');
    assert.match(first, /"handle": "[0-9a-f]{24}"/);
    await runAll(notebook, 120_000);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(notebook.cellAt(1).document.uri, new vscode.Position(0, 0), ' ');
    await vscode.workspace.applyEdit(edit);
    const undo = new vscode.WorkspaceEdit();
    undo.delete(notebook.cellAt(1).document.uri, new vscode.Range(0, 0, 0, 1));
    await vscode.workspace.applyEdit(undo);
    await notebook.save();
    assert.equal(readFileSync(file, 'utf8'), first);
  });

  const unreadable = {
    'truncated.lungnb': '{"lungnb": 1, "cells": [{"kind": "code", "sour',
    'foreign.lungnb': '{"nbformat": 4, "cells": []}',
    'newer.lungnb': '{"lungnb": 99, "cells": []}',
    'conflict.lungnb': '{\n "lungnb": 1,\n "cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> hers\n ]\n}\n',
    'huge.lungnb': `{"lungnb": 1, "cells": []}${' '.repeat(101e6)}`,
  };
  for (const [name, content] of Object.entries(unreadable))
    it(`refuses to open ${name} and leaves it as it is`, async () => {
      const file = join(workspaceFolder(), name);
      writeFileSync(file, content);
      await assert.rejects(async () => vscode.workspace.openNotebookDocument(vscode.Uri.file(file)));
      await vscode.commands.executeCommand('workbench.action.files.saveAll');
      assert.equal(readFileSync(file, 'utf8'), content);
    });

  it('opens a smallest, hand-written file', async () => {
    writeFileSync(
      join(workspaceFolder(), 'smallest.lungnb'),
      '{"lungnb": 1, "cells": [{"kind": "code", "source": ["load \\"x\\" as y", "describe y"]}]}',
    );
    const notebook = await open('smallest.lungnb');
    assert.equal(notebook.cellCount, 1);
    assert.equal(notebook.cellAt(0).document.getText(), 'load "x" as y\ndescribe y');
    assert.equal(notebook.cellAt(0).document.languageId, 'lungnb');
  });
});
