/** Notebooks of strangers: outputs are data, whatever stands in them, and what cannot be drawn says so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, outputFrame, type Workbench } from '../harness/workbench.ts';
import { SCRIPT, VIEWS } from './hostileViews.ts';

/** VS Code's name for the files of its server, here one on localhost: its service worker answers, and no network is asked. */
const EXTENSION_FILES = 'https://vscode-remote+localhost-';

let folder: string;
let workbench: Workbench;
let frame: Frame;
const requests: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-hostile-'));
  // Texts between cells are VS Code's to draw; where the folder is trusted it lets HTML in them act.
  const cells = [
    ...VIEWS.map((view) => ({ kind: 'code', source: ['# a stranger’s cell'], outputs: [{ view, text: SCRIPT }] })),
    { kind: 'code', source: ['x'], outputs: [{ problem: { code: 'x', message: SCRIPT } }] },
  ];
  writeFileSync(join(folder, 'hostile.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: folder,
    notebook: join(folder, 'hostile.lungnb'),
    cacheFolder: join(folder, 'cache'),
    size: { width: 1280, height: 5000 },
  });
  workbench.page.on('request', (request) => requests.push(request.url()));
  frame = await outputFrame(workbench.page);
  await frame.getByTestId('damaged').first().waitFor({ timeout: 30_000 });
  await workbench.page.waitForTimeout(3000);
}, 120_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a hostile notebook', () => {
  it('runs nothing in any frame', async () => {
    // A frame that goes meanwhile answers nothing; of those that stay, none was reached.
    const reached = await Promise.all(
      workbench.page.frames().map((one) => one.evaluate(() => 'reached' in globalThis).catch(() => undefined)),
    );
    expect(new Set(reached.filter((answer) => answer !== undefined))).toEqual(new Set([false]));
    // Neither a script nor a handler came to be.
    expect(await frame.locator('[data-testid] script, [data-testid] [onerror]').count()).toBe(0);
  });

  it('shows its texts as texts', async () => {
    expect(await frame.getByTestId('table').first().innerText()).toContain('<script>globalThis.reached=1</script>');
  });

  it('says of each damaged output that it is, and draws the others', async () => {
    expect(await frame.getByTestId('damaged').count()).toBe(3);
    expect(await frame.getByText('made by a newer LungNB').count()).toBe(1);
    expect(await frame.getByTestId('figure').count()).toBe(1);
  });

  it('leads nowhere: no link runs a script, and nothing is asked of another host', async () => {
    const links = await frame
      .locator('[data-testid] a, svg a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? a.getAttribute('xlink:href')));
    expect(links.filter((href) => href?.startsWith('javascript:'))).toEqual([]);
    const others = requests.filter(
      (url) =>
        /^(https?|wss?):/.test(url) && !/\/\/([^/]*\.)?localhost[:/]/.test(url) && !url.startsWith(EXTENSION_FILES),
    );
    expect(others).toEqual([]);
  });

  // Behind the others: it tries to reach another host itself.
  it('meets a content policy: no script in the page runs, and nothing can be sent anywhere', async () => {
    const outcome = await frame.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.body.append(script);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'globalThis.handlerRan = true');
      document.body.append(button);
      button.click();
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violated.push(effectiveDirective),
      );
      const sent = await fetch('http://127.0.0.1:9/stolen').then(
        () => 'sent',
        () => 'refused',
      );
      const image = new Image();
      const loaded = await new Promise((resolve) => {
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
        image.src = 'http://127.0.0.1:9/pixel.png';
      });
      // Violations are told a moment later.
      await new Promise((resolve) => setTimeout(resolve, 500));
      script.remove();
      button.remove();
      return { inline: 'inlineRan' in globalThis, handler: 'handlerRan' in globalThis, sent, loaded, violated };
    });
    expect(outcome).toEqual({
      inline: false,
      handler: false,
      sent: 'refused',
      loaded: 'refused',
      violated: ['script-src-elem', 'script-src-attr', 'connect-src', 'img-src'],
    });
  });

  it('that cannot be read is told of with the reason, and its text can be opened', async () => {
    const { page } = workbench;
    const text = '{\n "lungnb": 1,\n "cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> hers\n ]\n}\n';
    const file = join(folder, 'conflict.lungnb');
    writeFileSync(file, text);
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input:focus').waitFor({ timeout: 30_000 });
    await page.keyboard.type('conflict.lungnb');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'conflict.lungnb' }).first().click();
    await page.getByText('unresolved merge conflicts').first().waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Open in Text Editor' }).waitFor({ timeout: 20_000 });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
