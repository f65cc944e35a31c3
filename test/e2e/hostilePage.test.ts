/** A page of a stranger's notebook, in a browser of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/lib/project.ts';
import { htmlPage, PAGE_PROGRAM } from '../../src/protocol/htmlPage.ts';
import { startBrowser } from '../harness/browser.ts';
import { createServers } from '../unit/ct/dicomWeb/server.ts';
import { SCRIPT, VIEWS } from './hostileViews.ts';

const { serve, close } = createServers();
let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-page-'));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a page of a stranger’s notebook', () => {
  it('shows what would act as text, whatever it stands in, and asks for nothing', async () => {
    const code = (outputs: readonly object[]) => ({ kind: 'code', source: [`# ${SCRIPT}`], outputs });
    let heard = 0;
    const server = await serve((_, response) => {
      heard++;
      response.end();
    });
    const cells = [
      { kind: 'markup', source: [SCRIPT, `[link](javascript:globalThis.reached=1) ![](${server}/x.png)`] },
      ...VIEWS.map((view) => code([{ view, text: SCRIPT }])),
      code([{ text: SCRIPT }, { problem: { code: 'x', message: SCRIPT } }]),
    ];
    // SAFETY: what a file may hold is what this test is about; the page has to stand it.
    const notebook = { lungnb: 1, cells } as unknown as Parameters<typeof htmlPage>[0];
    const file = join(folder, 'hostile.html');
    writeFileSync(file, htmlPage(notebook, SCRIPT, readFileSync(join(PROJECT, 'out', PAGE_PROGRAM), 'utf8')));
    const hostile = await browser.newPage();
    await hostile.goto(pathToFileURL(file).href);
    await hostile.getByTestId('table').first().waitFor();
    await hostile.waitForTimeout(1000);
    for (const link of await hostile.locator('a').all()) await link.click({ timeout: 2000 }).catch(() => undefined);
    expect(await hostile.evaluate(() => 'reached' in globalThis)).toBe(false);
    expect(await hostile.locator('body [onerror], [href^="javascript:"]').count()).toBe(0);
    expect(await hostile.locator('script').count()).toBe(2);
    expect(heard).toBe(0);
    expect(await hostile.getByTestId('table').first().innerText()).toContain('<script>globalThis.reached=1</script>');
  });
});
