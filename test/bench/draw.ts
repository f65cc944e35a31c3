/**
 * `npm run bench -- draw`: what figures of 10 000 patients take of the browser's main thread until they are drawn, beyond a
 * figure of ten patients: its processor time, which a busy computer changes less than the clock. Needs `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { PROJECT } from '../../scripts/lib/project.ts';
import { createSession } from '../../src/kernel/session/session.ts';
import { htmlPage, PAGE_PROGRAM } from '../../src/protocol/htmlPage.ts';
import type { ViewModel } from '../../src/protocol/view.ts';
import { startBrowser } from '../harness/browser.ts';
import { FOLLOW, LOAD, PARAMETER, writeScores } from './scores.ts';

const PATIENTS = 10_000;
const FEW = 10;
const FIGURES = ['forest', 'scatter', 'confusion', 'heatmap', 'kappa-curve'];

const folder = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
const browser = await startBrowser();
try {
  const [few, many] = [await figuresOf(FEW), await figuresOf(PATIENTS)];
  const rows: Record<string, object> = {};
  for (const [n, name] of FIGURES.entries()) {
    const [small, large] = [await secondsToDraw(browser, few[n]!), await secondsToDraw(browser, many[n]!)];
    rows[name] = {
      'main thread, s': Number(large.toFixed(2)),
      [`beyond ${FEW} patients, s`]: Number((large - small).toFixed(2)),
    };
  }
  console.log(`Figures of ${PATIENTS} patients with 36 scores each, with the start of a page`);
  console.table(rows);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function figuresOf(patients: number): Promise<ViewModel[]> {
  writeScores(folder, patients);
  const views: ViewModel[] = [];
  const session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [], parameters: {} },
    { progress: () => {}, output: ({ view }) => void (view.type === 'figure' && views.push(view)) },
  );
  const cells = [...LOAD, PARAMETER, ...FOLLOW.slice(0, 2), ...FIGURES.map((kind) => `plot ag as ${kind}`)];
  for (const [n, source] of cells.entries()) await session.runCell({ cellId: String(n), source });
  await session.close();
  return views;
}

/** Of the thread that draws, from the page's beginning until nothing of the figure changes any more. */
async function secondsToDraw(within: Browser, view: ViewModel): Promise<number> {
  const file = join(folder, 'figure.html');
  const program = readFileSync(join(PROJECT, 'out', PAGE_PROGRAM), 'utf8');
  writeFileSync(
    file,
    htmlPage({ lungnb: 1, cells: [{ kind: 'code', source: [], outputs: [{ view }] }] }, 'x', program),
  );
  const page = await within.newPage({ viewport: { width: 1280, height: 720 } });
  try {
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(pathToFileURL(file).href);
    await page
      .locator('.main-svg .plot, .main-svg .layer-above')
      .first()
      .waitFor({ state: 'attached', timeout: 120_000 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  } finally {
    await page.close();
  }
}
