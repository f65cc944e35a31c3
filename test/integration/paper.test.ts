/** Tables and figures for a paper, as a user of VS Code makes them. VS Code takes every question of a suite like this for answered with yes. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, errorOf, openCells, runAll, workspaceFolder } from './notebooks.ts';

const browser = (path: string | undefined) =>
  vscode.workspace.getConfiguration('lungnb').update('browser', path, vscode.ConfigurationTarget.Global);

describe('a notebook for a paper', () => {
  afterEach(async () => {
    await browser(undefined);
    await closeAll();
  });

  it('writes a table for a word processor, and says what to do where there is no browser to draw a figure', async () => {
    const folder = workspaceFolder();
    const scores = Array.from({ length: 9 }, (_, n) => `P${n},total,ggo,${n % 4}`);
    writeFileSync(join(folder, 'paper.csv'), `patient,region,class,score\n${scores.join('\n')}\n`);
    writeFileSync(join(folder, 'foreign.docx'), 'of somebody else');
    await browser(join(folder, 'no-browser'));
    const notebook = await openCells('paper.lungnb', [
      'load "paper.csv" as reader\nsummarise reader as t1\nexport t1 to "foreign.docx"',
      'flow reader\nexport figure to "figure.svg"',
    ]);
    await runAll(notebook, 60_000);
    // The question whether to replace it was answered with yes.
    assert.equal(readFileSync(join(folder, 'foreign.docx')).subarray(0, 2).toString(), 'PK');
    assert.match(errorOf(notebook.cellAt(1))?.message ?? '', /^The browser that was named is not there/);
  });
});
