/** The HTML page of `lungnb run --html`, in a browser of its own. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE, PROJECT } from '../../scripts/lib/project.ts';
import { htmlPage, PAGE_PROGRAM } from '../../src/protocol/htmlPage.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import type { SeriesRemark } from '../../src/protocol/remark.ts';
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
    await page.getByTestId('opacity').first().fill('100');
    const overlay = page.getByTestId('slice-canvas').first();
    const ggo = async () => classesOf(await readCanvas(overlay)).filter((name) => name === 'ggo').length;
    await expect.poll(ggo).toBeGreaterThan(200);
    await page.getByTestId('class-toggle-ggo').click();
    await expect.poll(ggo).toBe(0);
  });

  it('says above the slices that nothing was flagged', async () => {
    expect(await page.getByTestId('no-flags').count()).toBe(1);
  });

  it('saves figures dark on white, though the page itself is dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const figure = page.getByTestId('figure').first();
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.js-plotly-plot').hover();
    const saved = async (format: string) => {
      const download = page.waitForEvent('download');
      await figure.locator(`[data-title="Save as ${format}"]`).click();
      return readFileSync(await (await download).path());
    };
    const svg = (await saved('SVG')).toString('utf8');
    expect(svg).toMatch(/^<svg[^>]*>.*?<rect[^>]*fill: rgb\(255, 255, 255\)/s);
    expect(svg).toContain('fill: rgb(31, 31, 31)');
    expect((await saved('PNG')).subarray(1, 4).toString('latin1')).toBe('PNG');
    await page.emulateMedia({ colorScheme: null });
  });

  it('says that other slices are not in the file, and never shows another number than the picture’s', async () => {
    const number = page.getByTestId('slice-number');
    const before = await number.innerText();
    await page.getByTestId('slice-slider').fill('3');
    await expect.poll(() => page.getByTestId('readout').textContent()).toContain('not kept in the file');
    const shown = Number(await page.getByTestId('slice-canvas').getAttribute('data-index'));
    expect(await number.innerText()).toBe(before);
    expect(before).toContain(` ${shown + 1} / `);
    expect(await page.getByTestId('slice-slider').inputValue()).toBe(String(shown));
  });

  it('shows its tables and figures', async () => {
    expect(await page.getByTestId('table').count()).toBeGreaterThanOrEqual(5);
    await expect.poll(() => page.locator('.scatterlayer .points path').count()).toBe(3 * 8);
  });

  it('renders markdown', async () => {
    expect(await page.locator('h1').textContent()).toContain('Quick start');
  });

  it('is worked by keyboard alone: every control is reached by Tab, and the slices scroll by arrows', async () => {
    await page.reload();
    await page.getByTestId('slice-canvas').first().waitFor();
    const reached = new Set<string>();
    // Ends where Tab leaves the page.
    for (let n = 0; n < 300; n++) {
      await page.keyboard.press('Tab');
      const names = await page.evaluate(() => {
        const path: string[] = [];
        for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null)
          path.push(at.getAttribute('data-testid') ?? at.className);
        return path;
      });
      if (names.join() === '') break;
      for (const name of names) reached.add(name);
      if (names.at(-1) === 'pictures') {
        expect(await page.getByTestId('readout').textContent()).not.toContain('not kept in the file');
        await page.keyboard.press('ArrowDown');
        await expect.poll(() => page.getByTestId('readout').textContent()).toContain('not kept in the file');
      }
      if (names.includes('plane-coronal')) {
        await page.keyboard.press('Enter');
        await page.locator('[data-testid="slice-canvas"][data-plane="coronal"]').first().waitFor();
      }
    }
    const controls = [
      ...[
        'copy',
        'plane-axial',
        'plane-coronal',
        'plane-sagittal',
        'window',
        'opacity',
        'overlay',
        'beside',
        'lobe-lines',
      ],
      ...TEXTURE_CLASSES.flatMap((name) => [`class-toggle-${name}`, `jump-${name}`]),
      ...['pictures', 'slice-slider', 'choose-patients', 'scroll'],
    ];
    expect(controls.filter((name) => !reached.has(name))).toEqual([]);
  });

  it('prints light and whole on few pages, without what cannot be used on paper', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThan(8);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.getByTestId('plane-axial').isVisible()).toBe(false);
    expect(await page.getByTestId('slice-canvas').first().isVisible()).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(31, 31, 31)');
    const rows = page.getByTestId('table').filter({ hasText: 'Measurements of 8 CTs' }).locator('tbody tr');
    expect(await rows.evaluateAll((all) => all.filter((row) => getComputedStyle(row).display !== 'none').length)).toBe(
      40,
    );
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });

  it('asks for nothing but itself and meets no error', () => {
    expect(problems).toEqual([]);
    // A figure that is saved is a blob: of the page's own memory.
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  });
});

describe('flags on a page', () => {
  it('have a sign that can be read, and name their CT, code and reason', async () => {
    const flag = {
      patient: 'P09',
      series: 'series-2',
      severity: 'warning',
      code: 'prone',
      message: 'It lay prone.',
    } as const;
    const failure: SeriesRemark = { ...flag, severity: 'error', code: 'no-lung', message: 'Not measured.' };
    const view = { type: 'messages', messages: [], flags: [flag, failure] } as const;
    const notebook = {
      lungnb: 1,
      cells: [{ kind: 'code', source: ['quantify c as ai'], outputs: [{ view }] }],
    } as const;
    const file = join(workspace, 'flags.html');
    writeFileSync(file, htmlPage(notebook, 'flags', readFileSync(join(PROJECT, 'out', PAGE_PROGRAM), 'utf8')));
    const flags = await browser.newPage();
    await flags.goto(pathToFileURL(file).href);
    const items = flags.getByTestId('flags').getByRole('listitem');
    await expect.poll(() => items.count()).toBe(2);
    const texts = (await items.allTextContents()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts).toEqual(['⚠P09, series-2 prone It lay prone.', '✕P09, series-2 no-lung Not measured.']);
    const signs = flags.getByTestId('flags').getByRole('img');
    expect(await signs.evaluateAll((all) => all.map((sign) => sign.getAttribute('aria-label')))).toEqual([
      'Warning',
      'Error',
    ]);
  });
});
