/** Runs the integration suite in the extension host of a VS Code server, driven by a headless browser. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../scripts/lib/project.ts';
import { developmentUrl, installServer, startServer } from '../../scripts/lib/vscodeServer.ts';
import { startBrowser } from './browser.ts';

const DEADLINE_MS = 900_000;
/** What VS Code and the suite wrote to the console. */
const LOG_FILE = join(PROJECT, 'out', 'integration.log');

export interface SuiteResult {
  readonly passed: readonly string[];
  /** Title and stack of each failure. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** Rejects when the suite did not report by its deadline. */
export async function runIntegrationTests(workspaceFolder: string, cacheFolder: string): Promise<SuiteResult> {
  await installServer();
  const dataFolder = mkdtempSync(join(tmpdir(), 'lungnb-vscode-'));
  const resultsFile = join(dataFolder, 'results.json');
  const server = await startServer({
    dataFolder,
    workspaceFolder,
    testDriver: true,
    environment: { LUNGNB_TEST_RESULTS: resultsFile },
    settings: { 'lungnb.cacheFolder': cacheFolder, 'files.autoSave': 'off', 'files.hotExit': 'off' },
  });
  try {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const ended = Promise.withResolvers<void>();
      const log: string[] = [];
      await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
        log.push([`[${type}]`, ...args].join(' '));
      });
      await page.exposeFunction('codeAutomationExit', () => ended.resolve());
      await page.goto(developmentUrl(server, workspaceFolder, join(PROJECT, 'out', 'test', 'index.cjs')));
      const deadline = setTimeout(() => ended.resolve(), DEADLINE_MS);
      await ended.promise;
      clearTimeout(deadline);
      writeFileSync(LOG_FILE, log.join('\n'));
      if (!existsSync(resultsFile)) {
        await page.screenshot({ path: join(PROJECT, 'out', 'integration-failed.png') });
        throw new Error(
          `The suite inside VS Code reported nothing within ${DEADLINE_MS / 1000} s. VS Code's log is ${LOG_FILE}, a picture out/integration-failed.png.`,
        );
      }
      // SAFETY: written by test/integration/index.ts in this very form.
      return JSON.parse(readFileSync(resultsFile, 'utf8')) as SuiteResult;
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
