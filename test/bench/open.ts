/**
 * `npm run bench -- open`: what a user waits for when a saved notebook is opened: the extension's activation as VS Code
 * itself counts it, and the time from VS Code's request for the renderer to the first output on screen, while VS Code
 * starts with the notebook, and for another notebook in a VS Code that has started.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { CLI, SAMPLES } from '../../scripts/lib/project.ts';
import { openWorkbench } from '../harness/workbench.ts';

const ROUNDS = 5;

const workspace = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
const notebook = join(workspace, 'study.lungnb');
const activations: number[] = [];
const firstPaints: number[] = [];
const laterPaints: number[] = [];
try {
  // The notebook with most outputs; it measures nothing.
  for (const name of ['study.lungnb', 'study']) cpSync(join(SAMPLES, name), join(workspace, name), { recursive: true });
  execFileSync(process.execPath, [CLI, 'run', notebook, '--out', notebook], { stdio: ['ignore', 'ignore', 'ignore'] });
  cpSync(notebook, join(workspace, 'second.lungnb'));
  for (let n = 0; n < ROUNDS; n++) await openOnce();
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
console.log(`activation: ${summary(activations)}`);
console.log(`first output on screen after the renderer was asked for, as VS Code starts: ${summary(firstPaints)}`);
console.log(`  the same in a second notebook: ${summary(laterPaints)}`);

async function openOnce(): Promise<void> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
  let painted = Promise.resolve(0);
  const { page, close } = await openWorkbench({
    workspaceFolder: workspace,
    notebook,
    cacheFolder,
    onPage: async (page) => {
      painted = paintedMs(page);
    },
  });
  try {
    firstPaints.push(await painted);
    painted = paintedMs(page);
    await pick(page, 'Control+P', 'second.lungnb');
    laterPaints.push(await painted);
    activations.push(await activationMs(page));
  } finally {
    await close();
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

/**
 * From the request for the renderer to the first output of ours on screen. The watch is set before the renderer comes,
 * because its content policy lets nobody evaluate anything in its frame, and tells by the console.
 */
async function paintedMs(page: Page): Promise<number> {
  let painted: number | undefined;
  page.on('console', (message) => {
    const ms = /^first output painted after (\d+) ms$/.exec(message.text())?.[1];
    if (ms !== undefined) painted = Number(ms);
  });
  const deadline = Date.now() + 60_000;
  while (painted === undefined) {
    if (Date.now() > deadline) throw new Error('no output was painted within a minute');
    // Frames come and go while VS Code sets its webview up.
    for (const frame of page.frames()) await frame.evaluate(watchOutputs).catch(() => {});
    await setTimeout(20);
  }
  return painted;
}

/** In a frame, once. */
function watchOutputs(): void {
  const scope = globalThis as { isWatched?: boolean };
  if (scope.isWatched) return;
  scope.isWatched = true;
  const tell = () => {
    const renderer = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/renderer.js'));
    if (renderer) console.log(`first output painted after ${Math.round(performance.now() - renderer.startTime)} ms`);
  };
  const look = () => {
    const outputs = [...document.querySelectorAll('.output_container *')];
    const isDrawn = outputs.some((element) => element.shadowRoot?.querySelector('.output'));
    // In the frame after this one the pixels are there.
    requestAnimationFrame(isDrawn ? tell : look);
  };
  look();
}

/** As the page "Running Extensions" says it. */
async function activationMs(page: Page): Promise<number> {
  await pick(page, 'F1', 'Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'LungNB' }).first();
  await row.waitFor({ timeout: 30_000 });
  const text = (await row.locator('.activation-time').textContent()) ?? '';
  const ms = /(\d+)\s*ms/.exec(text)?.[1];
  if (ms === undefined) throw new Error(`VS Code says of the activation: "${text}"`);
  return Number(ms);
}

/** Opens VS Code's quick input by `key`, and takes what is found for `text`. */
async function pick(page: Page, key: string, text: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator('.quick-input-widget input').first().waitFor({ timeout: 30_000 });
  await page.keyboard.type(text);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click({ timeout: 30_000 });
}

function summary(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1]!.toFixed(0)} ms of ${sorted.map((value) => value.toFixed(0)).join(', ')}`;
}
