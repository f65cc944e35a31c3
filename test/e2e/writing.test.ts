/** What VS Code asks before a cell writes over a file, or outside the notebook's folder. */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allCellsEnded, openWorkbench, type Workbench } from '../harness/workbench.ts';

const TABLE = 'patient,ggo\nP1,0\n';
const CELLS = ['load "a.csv" as a', 'export a to "out.csv"', 'export a to "../beside.csv"', 'export a to "a.csv"'];

let folder: string;
let workbench: Workbench;
let page: Page;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-asked-'));
  mkdirSync(at('study'));
  writeFileSync(at('study/a.csv'), TABLE);
  writeFileSync(at('study/out.csv'), 'mine\n1\n');
  // A question that is answered by no is an error of its cell, and the next question is wanted all the same.
  mkdirSync(at('study/.vscode'));
  writeFileSync(at('study/.vscode/settings.json'), '{ "lungnb.stopAtFirstError": false }');
  const cells = CELLS.map((source) => ({ kind: 'code', source: [source] }));
  writeFileSync(at('study/n.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: at('study'),
    notebook: at('study/n.lungnb'),
    cacheFolder: at('cache'),
    size: { width: 1280, height: 1400 },
  });
  ({ page } = workbench);
}, 180_000);
afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Answers the question on the screen, and gives its text. */
async function answer(button: string): Promise<string> {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 30_000 });
  const text = await dialog.locator('.dialog-message-container').innerText();
  // The next question may be asked at once: only this one is waited for.
  const answered = await dialog.elementHandle();
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await answered?.waitForElementState('hidden');
  return text;
}

async function runAllAndAnswer(...buttons: readonly string[]): Promise<string[]> {
  await page.getByRole('button', { name: 'Run All', exact: true }).first().click();
  const asked: string[] = [];
  for (const button of buttons) asked.push(await answer(button));
  await allCellsEnded(page, 60_000);
  return asked;
}

it('leaves everything as it is where the user says no, does as told where yes, and asks no more', async () => {
  const [refused] = await runAllAndAnswer('Cancel', 'Cancel');
  expect(refused).toContain('Replace "out.csv"?');
  expect(refused).toContain('"out.csv" is there already, and no run of this notebook wrote it.');
  expect(readFileSync(at('study/out.csv'), 'utf8')).toBe('mine\n1\n');
  expect(existsSync(at('beside.csv'))).toBe(false);
  const asked = await runAllAndAnswer('Replace', 'Write There');
  expect(asked[1]).toContain(at('beside.csv'));
  expect(readFileSync(at('study/out.csv'), 'utf8')).toBe(TABLE);
  expect(readFileSync(at('beside.csv'), 'utf8')).toBe(TABLE);
  await runAllAndAnswer();
  expect(await page.locator('.monaco-dialog-box').count()).toBe(0);
  expect(readFileSync(at('study/a.csv'), 'utf8')).toBe(TABLE);
}, 180_000);

it('keeps a copy of the notebook while it is saved, and none afterwards', async () => {
  await page.locator('.notebook-editor .monaco-list-row').first().click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readFileSync(at('study/n.lungnb'), 'utf8'), { timeout: 20_000 }).toContain('"outputs"');
  const [kept] = globSync('**/globalStorage/lungnb.lungnb/saving', { cwd: workbench.dataFolder });
  await expect.poll(() => readdirSync(join(workbench.dataFolder, kept!))).toEqual([]);
}, 60_000);
