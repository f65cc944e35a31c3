/** The HTML page of `lungnb run --html`, in a browser of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE, PROJECT } from '../../scripts/lib/project.ts';
import type { AgreementRow } from '../../src/kernel/agreement/agreementTable.ts';
import type { AgreementValue } from '../../src/kernel/values/value.ts';
import { flowChart } from '../../src/kernel/views/figures/flowChart.ts';
import { forest } from '../../src/kernel/views/figures/forest.ts';
import { htmlPage, PAGE_PROGRAM } from '../../src/protocol/htmlPage.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import type { SeriesRemark } from '../../src/protocol/remark.ts';
import type { FigureView } from '../../src/protocol/view.ts';
import { startBrowser } from '../harness/browser.ts';
import { contentsOfPage } from '../harness/pageFile.ts';
import { recomputed } from '../harness/pageOf.ts';
import { faultsIn } from '../harness/plainWords.ts';
import { MEASURING_MS, makeTestWorkspace } from '../harness/testWorkspace.ts';
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
    [CLI, 'run', notebook, '--cache', MEASUREMENT_CACHE, '--html', file, '--slices', '6'],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
}, MEASURING_MS);

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

  it('goes to the nearest slice that the file has, says how many it has, and never shows another number than the picture’s', async () => {
    const canvas = page.getByTestId('slice-canvas');
    const before = await canvas.getAttribute('data-index');
    await page.getByTestId('slice-slider').fill('3');
    await expect.poll(() => canvas.getAttribute('data-index')).not.toBe(before);
    const shown = Number(await canvas.getAttribute('data-index'));
    expect(shown).toBeGreaterThan(3);
    expect(await page.getByTestId('slice-number').innerText()).toContain(` ${shown + 1} / `);
    expect(await page.getByTestId('slice-slider').inputValue()).toBe(String(shown));
    // Those of `--slices`, and the one that the notebook shows.
    expect(await page.getByTestId('kept-slices').innerText()).toMatch(
      /^This file has 7 of the \d+ axial slices: about every/,
    );
  });

  it('opens a patient of a figure at the slices of the file, which the wheel goes through and the keys leave for the next', async () => {
    const figure = page.getByTestId('figure').first();
    await figure.getByTestId('choose-patients').click();
    await figure.getByTestId('open-P04').click();
    const opened = figure.getByTestId('opened-slices');
    const canvas = opened.getByTestId('slice-canvas');
    await canvas.waitFor();
    expect(await opened.getByTestId('reason').innerText()).toContain('The slice with most ground-glass opacity');
    const index = async () => Number(await canvas.getAttribute('data-index'));
    const first = await index();
    await canvas.hover();
    await page.mouse.wheel(0, -120);
    await expect.poll(index).toBeGreaterThan(first);
    // What only a kernel could do is not offered.
    for (const name of ['three-planes', 'slab', 'edit-masks', 'open-editor'])
      expect(await opened.getByTestId(name).count()).toBe(0);
    await opened.locator('.pictures').press('n');
    await expect.poll(() => opened.locator('h3').innerText()).toContain('P05');
    await opened.getByTestId('close-slices').click();
    await figure.getByTestId('choose-patients').click();
  });

  it('shows its tables and figures', async () => {
    expect(await page.getByTestId('table').count()).toBeGreaterThanOrEqual(5);
    await expect.poll(() => page.locator('.scatterlayer .points path').count()).toBe(3 * 8);
  });

  it('opens tables at six rows, with the rest one click away, searched and filtered', async () => {
    const table = page.getByTestId('table').filter({ hasText: 'Measurements of 8 CTs' });
    const shown = () => table.locator('tbody tr[aria-rowindex]').count();
    const rows = () => table.locator('table').getAttribute('aria-rowcount');
    const cells = (place: number) => table.locator(`tbody td:nth-child(${place})`).allTextContents();
    expect(await shown()).toBe(6);
    await table.getByTestId('all-rows').click();
    await expect.poll(rows).toBe('289');
    // Those in view, and some on either side.
    expect(await shown()).toBeLessThan(100);
    await table.locator('.scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect
      .poll(async () => (await table.locator('tbody tr[aria-rowindex]').last().innerText()).split(/\s+/))
      .toEqual(expect.arrayContaining(['P08', 'LLL', 'Emphysema']));
    await table.getByTestId('search-rows').fill('p03 honey');
    await expect.poll(() => cells(4)).toEqual(Array(6).fill('Honeycombing'));
    expect(new Set(await cells(1))).toEqual(new Set(['P03']));
    await table.getByTestId('search-rows').fill('');
    await table.getByTestId('filter-rows').click();
    await table.getByTestId('filter-class').selectOption({ label: 'Ground-glass opacity' });
    await table.getByTestId('filter-region').selectOption({ label: 'Whole lungs' });
    await expect.poll(rows).toBe('9');
    await table.getByTestId('filter-percent').fill('> 10');
    await expect.poll(async () => (await cells(6)).every((cell) => Number(cell) > 10)).toBe(true);
    expect((await cells(6)).length).toBeGreaterThan(0);
    expect((await cells(6)).length).toBeLessThan(8);
    await table.getByTestId('filter-rows').click();
    await table.getByTestId('all-rows').click();
    await expect.poll(shown).toBe(6);
  });

  it('says nothing that a reader of a paper would not understand, in the details and in what is read aloud neither', async () => {
    const said = await page.evaluate(() => {
      const texts: string[] = [];
      const read = (root: ParentNode) => {
        for (const element of root.querySelectorAll('*')) {
          if (element.closest('pre, code, style, script, .markup, [data-testid="slice-viewer"]')) continue;
          texts.push(...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''));
          // Text of its own, in details that are closed too.
          texts.push(
            ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map((node) => node.nodeValue ?? ''),
          );
          if (element.shadowRoot) read(element.shadowRoot);
        }
      };
      read(document);
      return texts.filter((text) => text.trim());
    });
    expect(said.join(' ')).toContain('Cut points');
    // The columns of reader2.csv are called as the file calls them.
    const ofFile = (text: string) => /^(?:Sort by |Filter )?[a-z]+(?:_[RL][UML]L)?$/.test(text);
    expect([...new Set(said.filter((text) => !ofFile(text)).flatMap((text) => faultsIn(text)))]).toEqual([]);
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
        const number = page.getByTestId('slice-number');
        // Of the other planes the file has one slice each.
        await page.keyboard.press('z');
        await page.locator('[data-testid="slice-canvas"][data-plane="axial"]').first().waitFor();
        const before = await number.innerText();
        await page.keyboard.press('ArrowDown');
        await expect.poll(() => number.innerText()).not.toBe(before);
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
    const measurements = page.getByTestId('table').filter({ hasText: 'Measurements of 8 CTs' });
    await expect.poll(() => measurements.locator('tbody tr').count()).toBe(40);
    // Where headings are boxes of their own, Chromium leaves them out on the second sheet.
    const heading = measurements.locator('th button').first();
    expect(await heading.evaluate((button) => getComputedStyle(button).display)).toBe('contents');
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });

  it('computes every cell of tables as the kernel has, from the measurements that it holds', async () => {
    const contents = contentsOfPage(join(workspace, 'report.html'));
    const shown = await recomputed(contents);
    expect(shown.size).toBeGreaterThan(5);
    for (const [place, outputs] of shown) expect(outputs).toEqual(contents.cells[place]!.outputs);
  });

  it('asks for nothing but itself and meets no error', () => {
    expect(problems).toEqual([]);
    // A figure that is saved is a blob: of the page's own memory.
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  });
});

interface Place {
  readonly x: number;
  readonly y: number;
}

describe('a page that is touched', () => {
  let touched: Page;

  beforeAll(async () => {
    // A tablet: no mouse, no Shift, no Ctrl.
    const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 900, height: 900 } });
    touched = await context.newPage();
    await touched.goto(page.url());
    await touched.getByTestId('figure').first().scrollIntoViewIfNeeded();
  });

  it('selects patients by taps on points and cells, one after another, and lets go of them by another tap', async () => {
    const figure = touched.getByTestId('figure').first();
    expect(await figure.locator('.patients [role="status"]').innerText()).toBe('Tap points to see their patients.');
    const point = figure.locator('.scatterlayer .points path').first();
    await point.waitFor();
    const tap = async (place: typeof point) => {
      await place.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await place.boundingBox())!;
      await touched.touchscreen.tap(x + width / 2, y + height / 2);
    };
    const listed = () => figure.locator('.patients tbody tr').count();
    await tap(point);
    await expect.poll(listed).toBeGreaterThan(0);
    // Sooner, and it is a double click.
    await touched.waitForTimeout(500);
    await tap(point);
    await expect.poll(listed).toBe(0);
    const matrix = touched.getByTestId('figure').nth(1);
    expect(await matrix.locator('.patients [role="status"]').innerText()).toBe('Tap cells to see their patients.');
    await tap(matrix.locator('.heatmaplayer text', { hasText: /^[1-9]/ }).first());
    await expect.poll(listed).toBeGreaterThan(0);
    await figure.getByTestId('clear-selection').tap();
  });

  it('scrolls where a finger drags over a figure, and shows its tool bar without hovering', async () => {
    const figure = touched.getByTestId('figure').first();
    expect(await figure.locator('.modebar').evaluate((bar) => getComputedStyle(bar).opacity)).toBe('1');
    const middle = figure.locator('.nsewdrag').first();
    await middle.scrollIntoViewIfNeeded();
    const box = (await middle.boundingBox())!;
    const before = await touched.evaluate(() => scrollY);
    const client = await touched.context().newCDPSession(touched);
    const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)] as const;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', places: readonly Place[]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: [...places] });
    await touch('touchStart', [{ x, y }]);
    for (let step = 1; step <= 10; step++) await touch('touchMove', [{ x, y: y - 20 * step }]);
    await touch('touchEnd', []);
    await expect.poll(() => touched.evaluate(() => scrollY)).toBeGreaterThan(before + 100);
  });

  it('has targets that a finger hits: 24 pixels at least', async () => {
    await touched.getByTestId('figure').first().getByTestId('choose-patients').tap();
    const small = await touched.evaluate(() => {
      const found: string[] = [];
      const look = (root: ParentNode) => {
        for (const element of root.querySelectorAll<HTMLElement>('*')) {
          if (element.shadowRoot) look(element.shadowRoot);
          if (!element.matches('button, a[data-title], select, input, summary, label.check, vscode-button')) continue;
          // A box within a label is hit by its label; the viewer is looked at elsewhere.
          if (element.closest('[data-testid="slice-viewer"]') || element.parentElement?.matches('label.check'))
            continue;
          const { width, height } = element.getBoundingClientRect();
          if (width && Math.min(width, height) < 24)
            found.push(`${element.outerHTML.slice(0, 80)} ${width} × ${height}`);
        }
      };
      look(document);
      return found;
    });
    expect([...new Set(small)]).toEqual([]);
  });
});

describe('figures on a page', () => {
  it('have lines that meet their boxes, and ticks that do not touch, however narrow the page is', async () => {
    const steps = [
      { reason: 'no chest HRCT', excluded: ['P1', 'P2'], name: 'some', remaining: 8 },
      { reason: 'not: left == "yes"', excluded: ['P3'], name: undefined, remaining: 7 },
    ];
    const row = { region: 'total', class: 'ggo', kappa: 0.5, kappa_ci_low: 0.1, kappa_ci_high: 0.9, rho: 0.6 };
    // SAFETY: a forest plot looks at the names, the rows and the level alone.
    const provenance = { software: 'LungNB', models: [], inputs: {}, parameters: {} };
    const agreement = { names: { left: 'a', right: 'b' }, provenance } as unknown as AgreementValue;
    const views = [
      flowChart('kept', { start: { name: 'all', patients: 10 }, steps }, undefined),
      // SAFETY: likewise.
      forest(agreement, [row, { ...row, class: 'emphysema', kappa_ci_low: -0.4 }] as unknown as AgreementRow[]),
    ];
    const cells = views.map((view) => ({ kind: 'code', source: [], outputs: [{ view }] }) as const);
    const file = join(workspace, 'figures.html');
    const program = readFileSync(join(PROJECT, 'out', PAGE_PROGRAM), 'utf8');
    writeFileSync(file, htmlPage({ lungnb: 1, cells }, 'figures', program));
    const narrow = await browser.newPage({ viewport: { width: 400, height: 900 } });
    await narrow.goto(pathToFileURL(file).href);
    await narrow.locator('.shapelayer path').first().waitFor();
    const rects = (locator: Locator) =>
      locator.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    const [flow, plot] = [narrow.getByTestId('figure').first(), narrow.getByTestId('figure').last()];
    const boxes = await rects(flow.locator('.shapelayer path'));
    const lines = await rects(flow.locator('.annotation-arrow-g > path:first-child'));
    expect([boxes.length, lines.length]).toEqual([5, 4]);
    const isAt = (value: number, edge: number) => Math.abs(value - edge) <= 2;
    for (const { left, right, top, bottom } of lines) {
      const isDown = bottom - top > right - left;
      // From box to box downwards; to the right from the line between them.
      if (isDown)
        expect(
          boxes.some((box) => isAt(box.bottom, top)),
          `the line at ${top}`,
        ).toBe(true);
      const reaches = (box: DOMRect) => (isDown ? isAt(box.top, bottom) : isAt(box.left, right) && box.top < top);
      expect(boxes.some(reaches), `the line to ${right}, ${bottom}`).toBe(true);
    }
    const texts = await flow.locator('.annotation-text').allTextContents();
    expect(texts.filter(Boolean)).toEqual([
      'Patientsn = 10',
      'Patients remainingn = 8',
      'Patients analysedn = 7',
      'Left out, n = 2no chest HRCT',
      'Left out, n = 1did not meet: left is yes',
    ]);
    const within = await rects(flow.locator('.annotation-text', { hasText: /./ }));
    const holds = (box: DOMRect, text: DOMRect) =>
      box.left <= text.left && text.right <= box.right && box.top <= text.top && text.bottom <= box.bottom;
    expect(within.filter((text) => !boxes.some((box) => holds(box, text)))).toEqual([]);
    await plot.locator('.x2tick text').first().waitFor();
    const ticks = (await rects(plot.locator('.xtick text, .x2tick text'))).sort((a, b) => a.left - b.left);
    expect(ticks.length).toBeGreaterThan(4);
    expect(ticks.filter((tick, n) => n > 0 && tick.left < ticks[n - 1]!.right + 3)).toEqual([]);
    await narrow.close();
  });
});

describe('the patients of a figure on a page', () => {
  it('are drawn as far as they are in view, the most discordant first, and an output that was shortened says so', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => ({
      patient: `P${n}`,
      left: 0,
      right: n % 3,
      leftCategory: 0,
      rightCategory: n % 3,
    }));
    const names = { left: 'ai', right: 'reader' };
    const view: FigureView = {
      type: 'figure',
      title: 'Categories',
      description: 'Categories of two readers',
      data: [{ type: 'heatmap', z: [[1]], meta: { panel: 0 } }],
      layout: {},
      patients: { names, panels: [{ class: 'ggo', region: 'total', rows }] },
      notes: [],
    };
    // Of four such figures a page keeps less.
    const cells = Array.from({ length: 4 }, () => ({ kind: 'code', source: [], outputs: [{ view }] }) as const);
    const file = join(workspace, 'patients.html');
    const program = readFileSync(join(PROJECT, 'out', PAGE_PROGRAM), 'utf8');
    writeFileSync(file, htmlPage({ lungnb: 1, cells }, 'patients', program));
    const large = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await large.goto(pathToFileURL(file).href);
    const figure = large.getByTestId('figure').first();
    await figure.getByTestId('choose-patients').click();
    const list = figure.getByRole('region', { name: 'Patients, the most discordant first' });
    const drawn = () => list.locator('tbody tr[aria-rowindex]');
    await expect.poll(() => drawn().count()).toBe(60);
    expect(await drawn().first().locator('td').last().textContent()).toBe('2');
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(() => drawn().last().locator('td').last().textContent()).toBe('0');
    expect(await drawn().count()).toBe(60);
    expect(await figure.textContent()).toMatch(/To keep the notebook’s file within 10 MB, 5000 of the 30000 patients/);
    await large.close();
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

describe('a page that computes', () => {
  const PATIENTS = Array.from({ length: 12 }, (_, n) => `S${String(n + 1).padStart(2, '0')}`);
  const table = (heading: string, cell: (n: number) => number) =>
    `patient,region,class,${heading}\n${PATIENTS.map((patient, n) => `${patient},total,ggo,${cell(n)}`).join('\n')}\n`;
  const CELLS = [
    'param cut = 25 in 11..40 step 1',
    'load "measured.csv" as ai',
    'load "reader.csv" as reader',
    'score ai at 1, cut, 50, 75 as scored\nagree scored with reader for ggo as ag',
    'plot ag as confusion for ggo',
    'param gap = 0 in 0..3 step 1',
    'load "measured.csv" skip gap as again',
    'export ag to "ag.csv"',
  ];
  let folder: string;
  let computing: Page;
  const asked: string[] = [];
  const faults: string[] = [];

  function written(name: string, ...options: string[]): string {
    const file = join(folder, name);
    const { status, stderr } = spawnSync(
      process.execPath,
      [CLI, 'run', join(folder, 'moves.lungnb'), '--overwrite', '--html', file, ...options],
      { encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    return file;
  }

  /** What the page shows of the cells that follow, and the numbers of the figure. */
  async function shownOn(one: Page) {
    const figure = one.locator('[data-place="4"] .js-plotly-plot');
    await figure.waitFor();
    await expect.poll(() => one.locator('.waiting').count()).toBe(0);
    const numbers = await figure.evaluate((plot) => {
      // SAFETY: Plotly keeps what it draws with its element.
      const { data } = plot as unknown as {
        readonly data: readonly { readonly z?: unknown; readonly text?: unknown }[];
      };
      return JSON.stringify(data.map(({ z, text }) => [z, text]));
    });
    const tables = one.locator('[data-place="3"] [data-testid="table"] tbody');
    return [await tables.allInnerTexts(), numbers];
  }

  beforeAll(async () => {
    folder = join(workspace, 'moves');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'measured.csv'),
      table('percent', (n) => [0.4, 3, 9, 12, 21, 24, 26, 27, 29, 33, 55, 80][n]!),
    );
    writeFileSync(
      join(folder, 'reader.csv'),
      table('score', (n) => [0, 1, 1, 2, 1, 2, 1, 1, 2, 2, 3, 4][n]!),
    );
    const cells = CELLS.map((text) => ({ kind: 'code', source: text.split('\n') }));
    writeFileSync(join(folder, 'moves.lungnb'), JSON.stringify({ lungnb: 1, cells }));
    computing = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    computing.on('pageerror', ({ message }) => faults.push(message));
    computing.on('request', (request) => asked.push(request.url()));
    await computing.goto(pathToFileURL(written('moves.html')).href);
  }, MEASURING_MS);

  it('follows a slider that keys move, with what the kernel gives for the same value', async () => {
    const saved = await shownOn(computing);
    await computing.locator('[data-place="0"] input[type="range"]').focus();
    for (let n = 0; n < 3; n++) {
      await computing.keyboard.press('ArrowRight');
      // Each is drawn before the next.
      await expect.poll(() => computing.getByTestId('moved').innerText()).toContain(`cut is ${26 + n} instead of 25`);
      await shownOn(computing);
    }
    await expect.poll(() => computing.getByTestId('moved').innerText()).toContain('cut is 28 instead of 25');
    const kernel = await browser.newPage();
    await kernel.goto(pathToFileURL(written('moved.html', '--set', 'cut=28')).href);
    const expected = await shownOn(kernel);
    expect(expected).not.toEqual(saved);
    await expect.poll(() => shownOn(computing)).toEqual(expected);
    expect(String(expected[0])).toContain('Ground-glass opacity');
    // A figure that was drawn again and again answers a click once.
    const listeners = await computing.locator('[data-place="4"] .js-plotly-plot').evaluate(
      // SAFETY: Plotly keeps its emitter with its element.
      (plot) => (plot as unknown as { readonly _ev: NodeJS.EventEmitter })._ev.listenerCount('plotly_selected'),
    );
    expect(listeners).toBe(1);
    expect(await computing.locator('[data-place="0"] pre').innerText()).toBe('param cut = 28 in 11..40 step 1');
    await kernel.close();
    // What writes a file stands still, and says so.
    expect(await computing.locator('[data-place="7"]').getByTestId('standing').innerText()).toContain('export');
    await computing.getByTestId('reset').press('Enter');
    await expect.poll(() => shownOn(computing)).toEqual(saved);
    expect(await computing.getByTestId('moved').innerText()).toBe('');
    expect(await computing.locator('[data-place="0"] input[type="range"]').inputValue()).toBe('25');
  });

  it('takes another file in the place of one that was loaded, refuses a bad one in the kernel’s words, and goes back', async () => {
    const saved = await shownOn(computing);
    const line = computing.locator('[data-place="2"]').getByTestId('loaded-file');
    const put = (name: string, text: string) =>
      line.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await put('bad.csv', 'patient,patient\nS01,1\n');
    await expect
      .poll(() => line.getByTestId('file-problem').innerText())
      .toBe('bad.csv has two columns "patient". Give each column its own name. reader.csv stays.');
    expect(await shownOn(computing)).toEqual(saved);
    const mine = table('score', (n) => [0, 1, 1, 1, 2, 1, 2, 2, 2, 3, 3, 4][n]!);
    await put('mine.csv', mine);
    await expect.poll(() => line.innerText()).toContain('reader is from mine.csv, in the place of reader.csv.');
    expect(await computing.getByTestId('moved').innerText()).toContain('reader is from mine.csv instead of reader.csv');
    expect(await line.getByTestId('file-problem').count()).toBe(0);
    writeFileSync(join(folder, 'reader.csv'), mine);
    const kernel = await browser.newPage();
    await kernel.goto(pathToFileURL(written('mine.html')).href);
    const expected = await shownOn(kernel);
    await kernel.close();
    expect(expected).not.toEqual(saved);
    await expect.poll(() => shownOn(computing)).toEqual(expected);
    await line.getByTestId('own-file').press('Enter');
    await expect.poll(() => shownOn(computing)).toEqual(saved);
    expect(await computing.getByTestId('moved').innerText()).toBe('');
  });

  it('takes a file that is dropped onto a table', async () => {
    const line = computing.locator('[data-place="2"]').getByTestId('loaded-file');
    await line.evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['patient;region;class;score\nS01;total;ggo;1'], 'mine.csv'));
      element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    });
    await expect.poll(() => line.innerText()).toContain('reader is from mine.csv, in the place of reader.csv.');
    await line.getByTestId('own-file').press('Enter');
    await expect.poll(() => line.innerText()).toContain('reader is from reader.csv.');
  });

  it('has no control that moves nothing: where only what is fixed follows, it says so', async () => {
    const fixed = computing.locator('[data-place="5"]');
    expect(await fixed.getByTestId('fixed').innerText()).toContain('again needs CTs, files or networks');
    expect(await fixed.locator('input:enabled').count()).toBe(0);
  });

  it('asks for nothing but itself and meets no error', () => {
    expect(faults).toEqual([]);
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  });
});
