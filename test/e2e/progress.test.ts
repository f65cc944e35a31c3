/** Long work in a browser: it says how far it is, and stops when asked to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, runAll, type Workbench } from '../harness/workbench.ts';

let workspace: string;
let emptyCache: string;
let workbench: Workbench;

beforeAll(async () => {
  workspace = makeTestWorkspace();
  emptyCache = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook: join(workspace, 'quickstart.lungnb'),
    cacheFolder: emptyCache,
    size: { width: 1280, height: 1600 },
  });
});

afterAll(async () => {
  await workbench?.close();
  for (const folder of [workspace, emptyCache]) rmSync(folder, { recursive: true, force: true });
});

describe('a long cell', () => {
  it('says in percent how far it is and which patient it measures, and stops on Interrupt', async () => {
    const { page } = workbench;
    await runAll(page);
    const status = page
      .locator('.cell-statusbar-container', { hasText: /\d+ %(, .+ left)?\s*P0\d \(\d of 8\)/ })
      .first();
    await status.waitFor({ timeout: 60_000 });
    // VS Code's own status bar names the same of the running cell.
    const bar = page.locator('.statusbar-item', { hasText: /LungNB: cell \d+, \d+ %.*, P0\d \(\d of 8\): \w+/ });
    await bar.waitFor({ timeout: 60_000 });
    const counted = status.locator('.cell-status-item', { hasText: /^(slice|part) \d+ of \d+$/ }).first();
    await counted.waitFor({ timeout: 60_000 });
    const cut = await status
      .locator('.cell-status-item')
      .evaluateAll((items) =>
        items.filter((item) => item.scrollWidth > item.clientWidth).map((item) => item.textContent),
      );
    expect(cut).toEqual([]);
    const percent = async () => Number(/(\d+) %/.exec((await status.textContent()) ?? '')?.[1] ?? 0);
    await expect.poll(percent, { timeout: 60_000 }).toBeGreaterThan(0);
    const foretold = page.locator('.cell-statusbar-container', {
      hasText: /\d+ %, (about [\d.]+ (s|min|h)|a few seconds) left/,
    });
    await foretold.first().waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Interrupt', exact: true }).first().click();
    await allCellsEnded(page, 10_000);
    await expect.poll(() => page.locator('.cell-statusbar-container', { hasText: /\d+ %/ }).count()).toBe(0);
  });
});
