/**
 * `npm run bench -- open`: what a user waits for when a saved notebook is opened: the extension's activation as VS Code
 * itself counts it, and the time from VS Code's request for the renderer to the first output on screen.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { CLI, SAMPLES } from '../../scripts/lib/project.ts';
import { openWorkbench, outputFrame } from '../harness/workbench.ts';

const ROUNDS = 5;

const workspace = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
const notebook = join(workspace, 'study.lungnb');
const activations: number[] = [];
const paints: number[] = [];
try {
  // The notebook with most outputs; it measures nothing.
  for (const name of ['study.lungnb', 'study']) cpSync(join(SAMPLES, name), join(workspace, name), { recursive: true });
  execFileSync(process.execPath, [CLI, 'run', notebook, '--out', notebook], { stdio: ['ignore', 'ignore', 'ignore'] });
  for (let n = 0; n < ROUNDS; n++) await openOnce();
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
console.log(`activation: ${summary(activations)}`);
console.log(`first output on screen after the renderer was asked for: ${summary(paints)}`);

async function openOnce(): Promise<void> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
  const { page, close } = await openWorkbench({
    workspaceFolder: workspace,
    notebook,
    cacheFolder,
    onPage: watchOutputs,
  });
  try {
    const frame = await outputFrame(page);
    const painted = await frame.waitForFunction('globalThis.lungnbPaintedMs', undefined, { timeout: 60_000 });
    const asked = await frame.evaluate(
      () => performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/renderer.js'))?.startTime,
    );
    if (asked === undefined) throw new Error('the browser does not tell when the renderer was asked for');
    paints.push(Number(await painted.jsonValue()) - asked);
    activations.push(await activationMs(page));
  } finally {
    await close();
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

/** In every frame: notes when the first output of ours has been painted. */
async function watchOutputs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const scope = globalThis as { lungnbPaintedMs?: number };
    const look = () => {
      const outputs = [...document.querySelectorAll('.output_container *')];
      const drawn = outputs.some((element) => element.shadowRoot?.querySelector('.output'));
      // In the frame after this one the pixels are there.
      if (drawn) requestAnimationFrame(() => (scope.lungnbPaintedMs = performance.now()));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** As the page "Running Extensions" says it. */
async function activationMs(page: Page): Promise<number> {
  await page.keyboard.press('F1');
  await page.keyboard.type('Show Running Extensions');
  await page.keyboard.press('Enter');
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'LungNB' }).first();
  await row.waitFor({ timeout: 30_000 });
  const text = (await row.locator('.activation-time').textContent()) ?? '';
  const ms = /(\d+)\s*ms/.exec(text)?.[1];
  if (ms === undefined) throw new Error(`VS Code says of the activation: "${text}"`);
  return Number(ms);
}

function summary(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1]!.toFixed(0)} ms of ${sorted.map((value) => value.toFixed(0)).join(', ')}`;
}
