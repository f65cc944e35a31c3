/** The extension as users get it: packed, installed into a VS Code that never saw it, and the quick start run in it. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/lib/project.ts';
import { MEASURING_MS, makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';

const TARGET = `${process.platform}-${process.arch}`;

let workspace: string;
let emptyCache: string;
let workbench: Workbench;

beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/package.ts', TARGET], { cwd: PROJECT, stdio: 'ignore' });
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  workspace = makeTestWorkspace();
  // Nothing is measured yet: the packed networks have to.
  emptyCache = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook: join(workspace, 'quickstart.lungnb'),
    cacheFolder: emptyCache,
    extensionPackage: join(PROJECT, 'out/packages', `lungnb-${TARGET}-${version}.vsix`),
    size: { width: 1280, height: 9000 },
  });
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  for (const folder of [workspace, emptyCache]) rmSync(folder, { recursive: true, force: true });
});

it(
  'runs the quick start from an installed package',
  async () => {
    await runAll(workbench.page);
    await allCellsEnded(workbench.page, MEASURING_MS);
    const frame = await outputFrame(workbench.page);
    await expect.poll(() => frame.getByTestId('figure').count(), { timeout: 30_000 }).toBeGreaterThan(1);
    expect(await frame.getByTestId('slice-viewer').count()).toBeGreaterThan(0);
    expect(await workbench.page.locator('.notebook-editor .codicon-notebook-state-error').count()).toBe(0);
    // As in VS Code itself, not by a link to the project.
    const measured = readFileSync(join(workspace, 'results/measurements.csv'), 'utf8').trim().split('\n');
    expect(measured.length).toBe(1 + 8 * 6 * 6);
    const [notices] = globSync(join(workbench.dataFolder, 'extensions/lungnb.lungnb-*/THIRD-PARTY-NOTICES.txt'));
    const named = readFileSync(notices!, 'utf8');
    for (const name of ['diff', 'markdown-it', 'onnxruntime-node', 'plotly.js'])
      expect(named).toMatch(new RegExp(`^${name} \\d.* \\((MIT|BSD-3-Clause)\\)$`, 'm'));
  },
  MEASURING_MS + 100_000,
);
