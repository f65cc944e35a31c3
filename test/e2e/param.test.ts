/** A parameter in a browser: moved by keyboard, followed by the cells that use it, written into its cell, undone. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';

const CELLS = [
  'param cut = 25 in 0..100 step 5',
  'load "measurements.csv" as ai\nload "rescan.csv" as rescan',
  'score ai at 1, cut, 80 as scored',
  'agree scored with rescan for normal, ggo as ag',
];

let folder: string;
let workbench: Workbench;
let page: Page;
let frame: Frame;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-param-'));
  for (const name of ['measurements.csv', 'rescan.csv'])
    writeFileSync(join(folder, name), readFileSync(join(SAMPLES, 'study', name)));
  const cells = CELLS.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(join(folder, 'param.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: folder,
    notebook: join(folder, 'param.lungnb'),
    cacheFolder: join(folder, 'cache'),
    size: { width: 1280, height: 2500 },
  });
  page = workbench.page;
  await runAll(page);
  await allCellsEnded(page, 60_000);
  frame = await outputFrame(page);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

const slider = () => frame.locator('[data-testid="control"] input[type="range"]');
/** κ of each class as the last table shows it. */
async function kappas(): Promise<string[]> {
  const table = frame.locator('[data-testid="table"]').last();
  const headings = (await table.locator('th').allInnerTexts()).map((text) => text.trim());
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').nth(headings.indexOf('κ')).innerText()));
}
/** κ that the command line gives with the parameter set. */
function kappasOfCli(cut: number): string[] {
  const json = join(folder, `${cut}.json`);
  const cli = join(PROJECT, 'out/kernel/cli.js');
  execFileSync(process.execPath, [cli, 'run', join(folder, 'param.lungnb'), '--set', `cut=${cut}`, '--json', json]);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: { ag: { rows: { kappa?: number }[] } } };
  return results.ag.rows.map(({ kappa }) => kappa?.toFixed(2) ?? '');
}
const cellText = () => page.locator('.notebook-editor .view-lines').first().innerText();

describe('a parameter', () => {
  it('starts with the value of its cell', async () => {
    expect(await slider().inputValue()).toBe('25');
    await expect.poll(kappas, { timeout: 10_000 }).toEqual(kappasOfCli(25));
  });

  it('takes with it what is made from it, to the value that the command line gives, and keeps the focus', async () => {
    const wanted = kappasOfCli(15);
    expect(wanted).not.toEqual(kappasOfCli(25));
    await slider().focus();
    await slider().press('ArrowLeft');
    await slider().press('ArrowLeft');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(wanted);
    expect(await slider().inputValue()).toBe('15');
    expect(await slider().evaluate((element) => element.matches(':focus'))).toBe(true);
    expect((await cellText()).replaceAll('\u00a0', ' ')).toContain('param cut = 15 in');
  });

  it('is set back by undo', async () => {
    await page.locator('.notebook-editor .view-lines').first().click();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await cellText()).replaceAll('\u00a0', ' ')).toContain('param cut = 25 in');
    await expect.poll(kappas, { timeout: 20_000 }).toEqual(kappasOfCli(25));
  });
});
