/** The HTML page of `lungnb run --html`, in a browser of its own. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { startBrowser } from '../harness/browser.ts';
import { makeTestWorkspace } from '../harness/testWorkspace.ts';
import { classesOf, readCanvas } from './outputs.ts';

let workspace: string;
let browser: Browser;
let page: Page;
const problems: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  workspace = makeTestWorkspace();
  const file = join(workspace, 'report.html');
  const notebook = join(workspace, 'quickstart.lungnb');
  const { status, stderr } = spawnSync(
    process.execPath,
    [CLI, 'run', notebook, '--cache', MEASUREMENT_CACHE, '--html', file],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
}, 400_000);

afterAll(async () => {
  await browser?.close();
  rmSync(workspace, { recursive: true, force: true });
});

describe('a notebook as an HTML page', () => {
  it('shows the slice with its overlay, which can be switched off', async () => {
    const overlay = page.getByTestId('overlay-canvas').first();
    const ggo = async () => classesOf(await readCanvas(overlay)).filter((name) => name === 'ggo').length;
    await expect.poll(ggo).toBeGreaterThan(200);
    await page.getByTestId('class-toggle-ggo').click();
    await expect.poll(ggo).toBe(0);
  });

  it('says that other slices are not in the file', async () => {
    await page.getByTestId('slice-slider').fill('3');
    await expect.poll(() => page.getByTestId('readout').textContent()).toContain('not kept in the file');
  });

  it('shows its tables and figures', async () => {
    expect(await page.getByTestId('table').count()).toBeGreaterThanOrEqual(5);
    await expect.poll(() => page.locator('.scatterlayer .points path').count()).toBe(3 * 8);
  });

  it('renders markdown', async () => {
    expect(await page.locator('h1').textContent()).toContain('Quick start');
  });

  it('asks for nothing but itself and meets no error', () => {
    expect(problems).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });
});
