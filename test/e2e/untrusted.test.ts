/** A notebook in a folder that the user does not trust: everything is shown, nothing runs. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { makeTestWorkspace } from '../harness/testWorkspace.ts';
import { openWorkbench, outputFrame, type Workbench } from '../harness/workbench.ts';

/** Of a language model. */
const QUESTIONS = [
  { tool: 'lungnb_cells' },
  { tool: 'lungnb_outputs', input: { cell: 1 } },
  { tool: 'lungnb_names' },
  { tool: 'lungnb_set_parameter', input: { name: 'least', value: 3 } },
  { tool: 'lungnb_run', input: { all: true } },
];

let workspace: string;
let workbench: Workbench;

beforeAll(async () => {
  workspace = makeTestWorkspace();
  const notebook = join(workspace, 'shared.lungnb');
  const sources = ['load "reader1.csv" as reader # P07', 'param least = 2 in 0..4 step 1'];
  const cells = sources.map((source) => ({ kind: 'code', source: [source] }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells }));
  execFileSync(process.execPath, [CLI, 'run', notebook, '--cache', MEASUREMENT_CACHE, '--out', notebook], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  writeFileSync(join(workspace, 'questions.json'), JSON.stringify(QUESTIONS));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook,
    cacheFolder: MEASUREMENT_CACHE,
    isTrusted: false,
  });
}, 120_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

describe('a notebook in a folder that is not trusted', () => {
  it('shows its outputs', async () => {
    const frame = await outputFrame(workbench.page);
    await expect.poll(() => frame.getByTestId('table').count(), { timeout: 30_000 }).toBe(1);
    expect(await frame.getByTestId('table').innerText()).toContain('reader1.csv');
  });

  it('shows parameters that cannot be moved, and says why', async () => {
    const frame = await outputFrame(workbench.page);
    const control = frame.getByTestId('control');
    await control.getByTestId('restricted').waitFor({ timeout: 30_000 });
    expect(await control.getByTestId('restricted').textContent()).toMatch(/not trusted/);
    expect(
      await control.locator('input').evaluateAll((inputs) => inputs.map((i) => (i as HTMLInputElement).disabled)),
    ).toEqual([true, true]);
  });

  it('is read by language models without names of patients, and neither changed nor run, whatever the user says', async () => {
    const { page } = workbench;
    const answers = () => {
      const file = join(workspace, 'answers.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
    };
    const dialog = page.locator('.monaco-dialog-box');
    for (const title of ['Change the parameter least in shared.lungnb?', 'Run cells 1, 2 of shared.lungnb?']) {
      await dialog.getByText(title).waitFor({ timeout: 60_000 });
      await dialog
        .getByRole('button')
        .filter({ hasText: /^(Yes|OK|Continue)$/ })
        .click();
    }
    await expect.poll(() => answers().length, { timeout: 20_000 }).toBe(QUESTIONS.length);
    const [cells, outputs, ...refused] = answers();
    expect(cells.cells[0]).toEqual({ cell: 1, kind: 'code', state: 'not-run', source: 'load "…" as reader # …' });
    expect(outputs.outputs[0]).toContain('reader1.csv');
    expect(JSON.stringify([cells, outputs])).not.toMatch(/\bP0[1-8]\b/);
    for (const answer of refused) expect(answer.refused).toContain('does not trust');
  });

  it('starts no kernel, for help while writing either, and asks for trust before anything runs', async () => {
    const { page } = workbench;
    const status = page.locator('.statusbar-item', { hasText: 'LungNB:' });
    expect(await status.textContent()).toContain('not started');
    await page.getByRole('button', { name: 'Run All', exact: true }).first().click();
    await page.getByText(/trust/i).first().waitFor({ timeout: 10_000 });
    await page.keyboard.press('Escape');
    await page.waitForTimeout(1000);
    expect(await status.textContent()).toContain('not started');
  });
});
