/** Parameters in a browser: moved by mouse and keyboard, followed by the cells that use them, written into their cells, undone. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';

const CELLS = [
  'param cut = 25 in 5..75 step 5',
  'load "measurements.csv" as ai\nload "rescan.csv" as rescan',
  'score ai at 1, cut, 80 as scored',
  'param weighting = "linear" in "none", "linear", "quadratic"\nparam strict = false\nparam who = "S002"',
  'score rescan at 1, cut, 80 as rescored\nagree scored with rescored weights weighting for normal, ggo as ag',
  // As README has it: the parameter stands among what it moves.
  'load "measurements.csv" as again\nparam least = 25 in 2..49\nfilter again where percent > least as most',
  'filter most where region == "total" as few',
];

let folder: string;
let workbench: Workbench;
let page: Page;
let frame: Frame;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-param-'));
  for (const name of ['measurements.csv', 'rescan.csv'])
    writeFileSync(join(folder, name), readFileSync(join(SAMPLES, 'study', name)));
  writeNotebook('param.lungnb');
  await open('param.lungnb');
  await runAll(page);
  await allCellsEnded(page, 60_000);
  frame = await outputFrame(page);
}, 180_000);

function writeNotebook(name: string): void {
  const cells = CELLS.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(join(folder, name), JSON.stringify({ lungnb: 1, cells }));
}

async function open(notebook: string): Promise<void> {
  workbench = await openWorkbench({
    workspaceFolder: folder,
    notebook: join(folder, notebook),
    cacheFolder: join(folder, 'cache'),
    size: { width: 1280, height: 3200 },
  });
  page = workbench.page;
}

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

const cli = join(PROJECT, 'out/kernel/cli.js');
const control = (n: number) => frame.getByTestId('control').nth(n);
const sliderOf = (name: string) => frame.locator(`[aria-label="Parameter ${name}"] input[type="range"]`);
const slider = () => sliderOf('cut');
/** How many rows the table with this heading says that it has. */
const rowsOf = async (heading: string) => {
  const table = frame.getByTestId('table').filter({ has: frame.getByText(heading) });
  return Number(/Show all (\d+) rows/.exec(await table.innerText())?.[1] ?? (await table.locator('tbody tr').count()));
};
/** The same of what the command line gives with the parameter set. */
function rowsOfCli(least: number): number[] {
  const json = join(folder, `least-${least}.json`);
  execFileSync(process.execPath, [cli, 'run', join(folder, 'param.lungnb'), '--set', `least=${least}`, '--json', json]);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: Record<string, { rows: unknown[] }> };
  return [results.most!.rows.length, results.few!.rows.length];
}
/** κ of each class as the table that has it shows. Outputs of a saved notebook stand in no set order in the page. */
async function kappas(): Promise<string[]> {
  const table = frame.getByTestId('table').filter({ has: frame.locator('th', { hasText: /^\s*κ \[/ }) });
  const headings = (await table.locator('th').allInnerTexts()).map((text) => text.trim());
  const rows = await table.locator('tbody tr').all();
  const place = headings.findIndex((heading) => heading.startsWith('κ ['));
  const cells = await Promise.all(rows.map((row) => row.locator('td').nth(place).innerText()));
  // Before its interval.
  return cells.map((cell) => cell.split(' ')[0]!.replace('−', '-'));
}
/** κ that the command line gives with the parameter set. */
function kappasOfCli(cut: number, weighting = 'linear'): string[] {
  const json = join(folder, `${cut}.json`);
  const set = ['--set', `cut=${cut}`, '--set', `weighting=${weighting}`];
  execFileSync(process.execPath, [cli, 'run', join(folder, 'param.lungnb'), ...set, '--json', json]);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: { ag: { rows: { kappa?: number }[] } } };
  return results.ag.rows.map(({ kappa }) => kappa?.toFixed(2) ?? '');
}
/** The text of a cell that is in view. */
const cellText = async (index: number) =>
  (await page.locator('.notebook-editor .view-lines').nth(index).innerText()).replaceAll('\u00a0', ' ');
const paramText = () => cellText(0);
const cellCount = () => page.locator('.statusbar-item', { hasText: /^Cell \d+ of \d+$/ }).innerText();

/** Drags the slider's thumb over these values with the mouse held down. */
async function drag(...values: readonly number[]): Promise<void> {
  const { x, y, width, height } = (await slider().boundingBox())!;
  const at = (value: number) => [x + 7 + ((width - 14) * (value - 5)) / 70, y + height / 2] as const;
  await page.mouse.move(...at(Number(await slider().inputValue())));
  await page.mouse.down();
  for (const value of values) {
    await page.mouse.move(...at(value), { steps: 3 });
    await page.waitForTimeout(100);
  }
  await page.mouse.up();
}

describe('a parameter', () => {
  it('starts with the value of its cell', async () => {
    expect(await slider().inputValue()).toBe('25');
    await expect.poll(kappas, { timeout: 10_000 }).toEqual(kappasOfCli(25));
  });

  it('takes with it what is made from it in every cell, to the value that the command line gives, and keeps the focus', async () => {
    const wanted = kappasOfCli(15);
    expect(wanted).not.toEqual(kappasOfCli(25));
    await slider().focus();
    await slider().press('ArrowLeft');
    await slider().press('ArrowLeft');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(wanted);
    expect(await slider().inputValue()).toBe('15');
    expect(await slider().evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(await paramText()).toContain('param cut = 15 in');
  });

  it('moves what follows where it stands among other statements in its cell, in whole steps', async () => {
    const rows = async () => [await rowsOf('again where percent > least'), await rowsOf('most where region')];
    await expect.poll(rows, { timeout: 20_000 }).toEqual(rowsOfCli(25));
    const wanted = rowsOfCli(26);
    await sliderOf('least').focus();
    await sliderOf('least').press('ArrowRight');
    await expect.poll(() => cellText(5)).toContain('param least = 26 in 2..49');
    await expect.poll(rows, { timeout: 20_000 }).toEqual(wanted);
    expect(wanted).not.toEqual(rowsOfCli(49));
    await sliderOf('least').press('End');
    await expect.poll(() => cellText(5)).toContain('param least = 49 in 2..49');
    await expect.poll(rows, { timeout: 20_000 }).toEqual(rowsOfCli(49));
  });

  it('is set back by undo in its cell, key by key', async () => {
    await page.locator('.notebook-editor .view-lines').first().click();
    await page.keyboard.press('Control+z');
    await expect.poll(paramText).toContain('param cut = 20 in');
    await page.keyboard.press('Control+z');
    await expect.poll(paramText).toContain('param cut = 25 in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
    await expect.poll(() => slider().inputValue()).toBe('25');
  });

  it('follows the mouse, and one undo takes the whole drag back', async () => {
    await drag(30, 35, 45, 55, 60);
    await expect.poll(paramText).toContain('param cut = 60 in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(60));
    await page.locator('.notebook-editor .view-lines').first().click();
    await page.keyboard.press('Control+z');
    await expect.poll(paramText).toContain('param cut = 25 in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
    await expect.poll(() => slider().inputValue()).toBe('25');
  });

  it('is set back and forth by Ctrl+Z and Ctrl+Y on the slider itself', async () => {
    await drag(35, 40);
    await expect.poll(paramText).toContain('param cut = 40 in');
    await page.keyboard.press('Control+z');
    await expect.poll(paramText).toContain('param cut = 25 in');
    await page.keyboard.press('Control+y');
    await expect.poll(paramText).toContain('param cut = 40 in');
    await page.keyboard.press('Control+z');
    await expect.poll(paramText).toContain('param cut = 25 in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
  });

  it('takes a typed number of its range, and says why it refuses others', async () => {
    // The control is drawn anew when the last of the cells before has ended, and then says nothing any more.
    await allCellsEnded(page, 60_000);
    const field = control(0).getByRole('spinbutton');
    await field.fill('250');
    await field.press('Enter');
    await expect.poll(() => control(0).getByRole('status').innerText()).toBe('250 is not from 5 to 75: 25 stays.');
    expect(await field.inputValue()).toBe('25');
    expect(await paramText()).toContain('param cut = 25 in');
    await field.fill('37');
    await field.press('Enter');
    await expect.poll(paramText).toContain('param cut = 37 in');
    expect(await control(0).getByRole('status').innerText()).toBe('');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(37));
  });

  it('keeps its keys to itself: none deletes a cell, goes to another one or scrolls', async () => {
    const before = await cellCount();
    const field = control(0).getByRole('spinbutton');
    await slider().focus();
    await field.focus();
    for (const key of ['Delete', 'Backspace', 'x', 'd', 'd']) await field.press(key);
    await slider().press('Home');
    await expect.poll(paramText).toContain('param cut = 5 in');
    await slider().press('End');
    await expect.poll(paramText).toContain('param cut = 75 in');
    expect(await cellCount()).toBe(before);
  });

  it('is a drop-down, a check box or a field by its type, each worked by keyboard', async () => {
    await control(1).locator('vscode-dropdown').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => cellText(3)).toContain('param weighting = "quadratic" in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(75, 'quadratic'));
    await control(2).locator('vscode-checkbox').focus();
    await page.keyboard.press('Space');
    await expect.poll(() => cellText(3)).toContain('param strict = true');
    const field = control(3).getByRole('textbox');
    await field.fill('C:\\data "new"');
    await field.press('Enter');
    await expect.poll(() => cellText(3)).toContain('param who = "C:\\data \\"new\\""');
    await expect.poll(() => field.inputValue()).toBe('C:\\data "new"');
  });

  it('that moves while its cells run is followed to its last value', async () => {
    await page.locator('.notebook-editor .view-lines').nth(1).click();
    await page.keyboard.press('Control+Enter');
    await drag(70, 60, 20, 15);
    await expect.poll(paramText, { timeout: 20_000 }).toContain('param cut = 15 in');
    await allCellsEnded(page, 60_000);
    await control(1).locator('vscode-dropdown').focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => cellText(3)).toContain('param weighting = "linear" in');
    await expect.poll(kappas, { timeout: 30_000 }).toEqual(kappasOfCli(15));
  });

  it('moves in a notebook that was opened with its outputs, though nothing has run yet', async () => {
    await workbench.close();
    const executed = join(folder, 'executed.lungnb');
    writeNotebook('fresh.lungnb');
    execFileSync(process.execPath, [cli, 'run', join(folder, 'fresh.lungnb'), '--out', executed]);
    await open('executed.lungnb');
    frame = await outputFrame(page);
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
    await drag(20, 15);
    await expect.poll(paramText, { timeout: 20_000 }).toContain('param cut = 15 in');
    await expect.poll(kappas, { timeout: 30_000 }).toEqual(kappasOfCli(15));
  });

  it('moves in such a notebook what is shown of it too where its own cell alone has run', async () => {
    await workbench.close();
    await open('executed.lungnb');
    frame = await outputFrame(page);
    await page.locator('.cell-list-container .monaco-list-row').first().locator('.view-lines').click();
    await page.keyboard.press('Control+Enter');
    await page.locator('.statusbar-item', { hasText: 'LungNB: ready' }).waitFor({ timeout: 20_000 });
    await drag(20, 15);
    await expect.poll(paramText, { timeout: 20_000 }).toContain('param cut = 15 in');
    await expect.poll(kappas, { timeout: 30_000 }).toEqual(kappasOfCli(15));
  });

  it('marks in such a notebook what is out of date, where parameters are set not to be followed', async () => {
    await workbench.close();
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.vscode', 'settings.json'), '{ "lungnb.autoRun.parameters": false }');
    await open('executed.lungnb');
    frame = await outputFrame(page);
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
    await drag(20, 15);
    await expect.poll(paramText, { timeout: 20_000 }).toContain('param cut = 15 in');
    const marks = page.locator('.cell-status-item', { hasText: 'Out of date' });
    // The parameter, the scores by it and their agreement; not the tables that were loaded.
    await expect.poll(() => marks.count(), { timeout: 20_000 }).toBe(3);
    expect(await kappas()).toEqual(kappasOfCli(25));
    await marks.first().click();
    await expect.poll(kappas, { timeout: 30_000 }).toEqual(kappasOfCli(15));
    await expect.poll(() => marks.count()).toBe(0);
  });

  it('goes back to its value where VS Code does not let the notebook be changed, and says why', async () => {
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(
      join(folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'files.readonlyInclude': { '**/executed.lungnb': true } }),
    );
    await workbench.close();
    await open('executed.lungnb');
    frame = await outputFrame(page);
    await expect.poll(() => slider().inputValue(), { timeout: 20_000 }).toBe('25');
    await slider().focus();
    await slider().press('ArrowRight');
    const reason = frame.locator('[aria-label="Parameter cut"]').getByTestId('not-moved');
    await expect.poll(() => reason.innerText(), { timeout: 20_000 }).toContain('read-only');
    expect(await slider().inputValue()).toBe('25');
    expect(await paramText()).toContain('param cut = 25 in');
  });
});
