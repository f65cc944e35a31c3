/** A VS Code in a headless browser with LungNB in it: opens a notebook, runs it, reaches what its outputs show. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { PROJECT } from '../../scripts/lib/project.ts';
import { installServer, type RunningServer, startServer } from '../../scripts/lib/vscodeServer.ts';
import { startBrowser } from './browser.ts';

/** Asks tools of language models where the workspace has questions for them. */
const ASKER = join(import.meta.dirname, 'asker');

/** A VS Code that starts beside much else takes minutes. */
const STARTING_MS = 240_000;

export type Theme =
  | 'Default Light Modern'
  | 'Default Dark Modern'
  | 'Default High Contrast'
  | 'Default High Contrast Light';

export interface WorkbenchOptions {
  /** The folder that is opened. */
  readonly workspaceFolder: string;
  /** The notebook in it. */
  readonly notebook: string;
  readonly cacheFolder: string;
  readonly theme?: Theme;
  /** The extension as a file to install; left out, the project itself is it. */
  readonly extensionPackage?: string;
  /** A tall window shows all cells at once, since VS Code draws only those in view. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Folders are trusted unless told otherwise. */
  readonly isTrusted?: boolean;
  /** Called before the page is opened. */
  readonly onPage?: (page: Page) => Promise<void>;
}

export interface Workbench {
  readonly page: Page;
  readonly server: RunningServer;
  /** What VS Code keeps: settings, and what extensions put away. */
  readonly dataFolder: string;
  /** What the browser's console said, for failing tests. */
  readonly console: readonly string[];
  close(): Promise<void>;
}

/** Starts server and browser, opens the notebook, and resolves when its first cell is on screen and its kernel is chosen. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  await installServer();
  const dataFolder = mkdtempSync(join(tmpdir(), 'lungnb-vscode-'));
  const server = await startServer({
    dataFolder,
    workspaceFolder: options.workspaceFolder,
    ...(options.extensionPackage ? { packages: [options.extensionPackage] } : { extensions: [PROJECT, ASKER] }),
    openNotebook: options.notebook,
    settings: {
      'lungnb.cacheFolder': options.cacheFolder,
      'workbench.colorTheme': options.theme ?? 'Default Dark Modern',
      'files.autoSave': 'off',
      ...(options.isTrusted === false
        ? { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
        : {}),
    },
    ...(options.isTrusted === false ? { asksForTrust: true } : {}),
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    browser = await startBrowser();
    const page = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 900 } });
    const console: string[] = [];
    page.on('console', (message) => console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => console.push(`page error: ${error.message}`));
    await options.onPage?.(page);
    await page.goto(server.url, { timeout: STARTING_MS });
    await page
      .locator('.notebook-editor .cell-list-container .monaco-list-row')
      .first()
      .waitFor({ state: 'attached', timeout: STARTING_MS });
    await page.locator('.notebook-editor .kernel-label', { hasText: 'LungNB' }).waitFor({ timeout: STARTING_MS });
    return { page, server, dataFolder, console, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Presses Run All, and resolves when the first cell has started: Interrupt is offered in place of Run All. */
export async function runAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run All', exact: true }).first().click();
  await page.getByRole('button', { name: 'Interrupt', exact: true }).first().waitFor({ timeout: 10_000 });
}

/** Resolves when no cell runs or waits any more: Run All is offered again. */
export async function allCellsEnded(page: Page, timeoutMs: number): Promise<void> {
  await page.getByRole('button', { name: 'Run All', exact: true }).first().waitFor({ timeout: timeoutMs });
}

/** The frame in which VS Code draws the notebook's outputs. */
export async function outputFrame(page: Page, timeoutMs = 60_000): Promise<Frame> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      // Frames come and go while VS Code sets its webview up.
      const outputs = await frame
        .locator('.output_container')
        .count()
        .catch(() => 0);
      if (outputs > 0) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`no output was drawn within ${timeoutMs / 1000} s`);
}
