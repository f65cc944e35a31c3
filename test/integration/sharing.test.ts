/** First minutes and last ones: templates, samples, and what goes to others. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LungNbApi } from '../../src/extension/main.ts';
import { pseudonymise } from '../../src/extension/sharing/checkBeforeSharing.ts';
import { copyMethods } from '../../src/extension/sharing/copyMethods.ts';
import { cellsWith, TEMPLATES } from '../../src/extension/templates.ts';
import type { TableView } from '../../src/protocol/view.ts';
import { closeAll, errorOf, openCells, runAll, until, viewsOf, workspaceFolder } from './notebooks.ts';

/** What the templates ask for, among the samples. */
const SAMPLES: Readonly<Record<string, string>> = {
  'my-ct/': 'cohort/P01/',
  'cohort/': 'cohort/',
  'reader1.csv': 'reader1.csv',
  'reader2.csv': 'reader2.csv',
  'scan1/': 'cohort/',
  'scan2/': 'cohort/',
};

const CELLS = ['load "reader1.csv" as reader', 'score reader at 1, 50 as scored'];

describe('a notebook', () => {
  let folder: string;
  let api: LungNbApi;
  before(async () => {
    api = await vscode.extensions.getExtension<LungNbApi>('lungnb.lungnb')!.activate();
    folder = mkdtempSync(join(tmpdir(), 'lungnb-sharing-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(closeAll);

  for (const template of TEMPLATES.filter(({ cells }) => cells.length))
    it(`begins from the template "${template.label}" with the user’s own paths, and runs on the samples`, async () => {
      await vscode.commands.executeCommand('lungnb.newNotebook', template.label, SAMPLES);
      const notebook = vscode.window.activeNotebookEditor?.notebook;
      assert(notebook);
      const texts = notebook.getCells().map(({ document }) => document.getText());
      assert.deepEqual(texts, cellsWith(template, new Map(Object.entries(SAMPLES))));
      for (const { path } of template.asks)
        assert(
          texts.some((text) => text.includes(`"${SAMPLES[path]}"`)),
          path,
        );
      assert.equal(notebook.cellAt(0).kind, vscode.NotebookCellKind.Markup);
      await vscode.commands.executeCommand('notebook.selectKernel', { id: 'lungnb', extension: 'lungnb.lungnb' });
      await runAll(notebook, 180_000);
      const failed = notebook.getCells().flatMap((cell) => errorOf(cell)?.message ?? []);
      assert.deepEqual(failed, []);
    }).timeout(200_000);

  it('becomes one HTML page, computing, static and without code', async () => {
    const notebook = await openCells('export.lungnb', CELLS);
    await runAll(notebook, 60_000);
    const target = vscode.Uri.file(join(folder, 'page.html'));
    const page = async (kind: 'computing' | 'static' | 'bare') => {
      await api.exportHtml(notebook, { target, page: kind });
      return readFileSync(target.fsPath, 'utf8');
    };
    const computing = /id="lungnb-computing">(.*?)<\/script>/s;
    const [, json] = computing.exec(await page('computing'))!;
    assert.deepEqual(Object.keys(JSON.parse(json!).values), ['reader']);
    assert.doesNotMatch(await page('static'), computing);
    assert.match(await page('static'), /load \\"reader1\.csv\\" as reader/);
    const bare = await page('bare');
    assert.doesNotMatch(bare, /load \\"reader1\.csv\\" as reader/);
    assert.match(bare, /"title":"reader1\.csv"/);
  });

  it('becomes a page in the place of a page alone, whatever the other file is called', async () => {
    const notebook = await openCells('export.lungnb', ['load "reader1.csv" as reader']);
    const reader = join(workspaceFolder(), 'reader1.csv');
    const before = readFileSync(reader, 'utf8');
    symlinkSync(reader, join(folder, 'link.html'));
    const place = (path: string) => ({ target: vscode.Uri.file(path), page: 'static' as const });
    for (const path of [reader, join(folder, 'link.html'), folder]) await api.exportHtml(notebook, place(path));
    assert.equal(readFileSync(reader, 'utf8'), before);
    await vscode.commands.executeCommand('notifications.clearAll');
    writeFileSync(join(folder, 'old.html'), '<html>somebody’s</html>');
    await api.exportHtml(notebook, place(join(folder, 'old.html')));
    assert.match(readFileSync(join(folder, 'old.html'), 'utf8'), /^<!doctype html>/);
  });

  it('gives pseudonyms to its patients, and takes them back by undo', async () => {
    const notebook = await openCells('pseudonyms.lungnb', [
      'load "reader1.csv" as reader',
      'filter reader where patient == "P03" as one',
    ]);
    await runAll(notebook, 60_000);
    await pseudonymise(notebook, ['P03', 'P01', 'P02']);
    // In their natural order, whatever order they came in.
    assert.match(notebook.cellAt(1).document.getText(), /"P003"/);
    const [table] = viewsOf(notebook.cellAt(1)) as TableView[];
    assert.equal(table?.rows[0]?.[0], 'P003');
    // The kernel has the labels still: a page does not compute with them.
    const target = vscode.Uri.file(join(folder, 'pseudonyms.html'));
    await api.exportHtml(notebook, { target, page: 'computing' });
    assert.doesNotMatch(readFileSync(target.fsPath, 'utf8'), /id="lungnb-computing"|"P03"/);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('says nothing was done where nothing was, instead of an empty paragraph', async () => {
    const notebook = await openCells('methods.lungnb', CELLS);
    await vscode.env.clipboard.writeText('before');
    void copyMethods(notebook);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await vscode.env.clipboard.readText(), 'before');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('can be tried on samples that are drawn into a folder of the user’s', async () => {
    const target = join(folder, 'samples');
    await vscode.commands.executeCommand('lungnb.openSamples', vscode.Uri.file(target));
    await until(
      'the quick start is open',
      () => vscode.window.activeNotebookEditor?.notebook.uri.fsPath === join(target, 'quickstart.lungnb'),
      10_000,
    );
    assert(existsSync(join(target, 'cohort', 'P08')));
    assert(existsSync(join(target, 'study', 'measurements.csv')));
  }).timeout(300_000);
});
