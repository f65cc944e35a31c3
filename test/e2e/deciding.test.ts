/** Voxels decided anew by a threshold that moves: the table and the overlay follow, to what the command line gives. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { classLabel } from '../../src/protocol/words/displayNames.ts';
import { makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';

const CELLS = [
  'param least = 0.5 in 0.1..0.9 step 0.1',
  'load "cohort/P06" as chest',
  'quantify chest deciding reticulation at least, minimum 0.1 ml, overlap ggo and reticulation at 0.25 as strict',
  'filter strict where region == "total" as total',
  'show chest overlay strict',
];

let workspace: string;
let notebook: string;
let workbench: Workbench;
let frame: Frame;

beforeAll(async () => {
  workspace = makeTestWorkspace();
  notebook = join(workspace, 'deciding.lungnb');
  const cells = CELLS.map((source) => ({ kind: 'code', source: [source] }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook,
    cacheFolder: MEASUREMENT_CACHE,
    size: { width: 1280, height: 4000 },
  });
  await runAll(workbench.page);
  await allCellsEnded(workbench.page, 200_000);
  frame = await outputFrame(workbench.page);
}, 300_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** Class and percent of the whole lungs, as the last table shows them. */
async function percents(): Promise<string[]> {
  const rows = await frame.getByTestId('table').last().locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => (await row.locator('td').allInnerTexts()).slice(3).join(' ')));
}

function percentsOfCli(least: number): string[] {
  const json = join(workspace, 'results.json');
  const set = ['--set', `least=${least}`, '--cache', MEASUREMENT_CACHE, '--json', json];
  execFileSync(process.execPath, [CLI, 'run', notebook, ...set], { stdio: ['ignore', 'ignore', 'ignore'] });
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as {
    results: { total: { rows: { class: string; volume_ml: number; percent: number }[] } };
  };
  return results.total.rows.map(
    (row) => `${classLabel(row.class)} ${row.volume_ml.toFixed(1)} ${row.percent.toFixed(1)}`,
  );
}

/** Pixels of the overlay that are painted in each colour. */
function overlayColours(): Promise<Record<string, number>> {
  return frame.getByTestId('overlay-canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const counts: Record<string, number> = {};
    for (let p = 0; p < data.length; p += 4)
      if (data[p + 3]) {
        const colour = data.slice(p, p + 3).join(' ');
        counts[colour] = (counts[colour] ?? 0) + 1;
      }
    return counts;
  });
}

it('a threshold that moves decides voxels anew, in the table and in the overlay', async () => {
  const [loose, strict] = [percentsOfCli(0.5), percentsOfCli(0.9)];
  expect(strict).not.toEqual(loose);
  expect(loose.at(-1)).toMatch(/^Ground-glass opacity and reticulation /);
  await expect.poll(percents, { timeout: 10_000 }).toEqual(loose);
  const before = await overlayColours();
  const slider = frame.locator('[data-testid="control"] input[type="range"]');
  await slider.focus();
  for (let step = 0; step < 4; step++) await slider.press('ArrowRight');
  await expect.poll(percents, { timeout: 30_000 }).toEqual(strict);
  await expect.poll(overlayColours, { timeout: 30_000 }).not.toEqual(before);
}, 120_000);
