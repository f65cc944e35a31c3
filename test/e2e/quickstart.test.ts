/** The quick start in a browser: what its viewer, tables and figures show, against what was drawn. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chest } from '../../samples/phantom/chest.ts';
import { drawPatient } from '../../samples/phantom/drawPatient.ts';
import { SAMPLE_PATIENTS } from '../../samples/phantom/patients.ts';
import { MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';
import { classesOf, columnText, readCanvas, type ShownSlice, viewerOf } from './outputs.ts';

const RUN_TIMEOUT_MS = 400_000;
/** VS Code draws only the cells in view, so the window is as tall as the whole notebook. */
const TALL = { width: 1280, height: 9000 };
/** P07 is missing for reader 2 only. */
const PATIENTS = SAMPLE_PATIENTS.length;
const SHOWN_PATIENT = 'P01';

let workspace: string;
let workbench: Workbench;
let page: Page;
let frame: Frame;
let chest: Chest;

beforeAll(async () => {
  workspace = makeTestWorkspace();
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook: join(workspace, 'quickstart.lungnb'),
    cacheFolder: MEASUREMENT_CACHE,
    size: TALL,
  });
  page = workbench.page;
  await runAll(page);
  await allCellsEnded(page, RUN_TIMEOUT_MS);
  frame = await outputFrame(page);
  chest = drawPatient(SAMPLE_PATIENTS.find(({ id }) => id === SHOWN_PATIENT)!);
}, RUN_TIMEOUT_MS + 100_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

const overlay = () => readCanvas(viewerOf(frame).getByTestId('overlay-canvas'));
const grey = () => readCanvas(viewerOf(frame).getByTestId('slice-canvas').last());
const toggle = (name: TextureClass) => viewerOf(frame).getByTestId(`class-toggle-${name}`).click();
const count = (slice: ShownSlice, name: TextureClass) => classesOf(slice).filter((shown) => shown === name).length;

/** What was drawn in an axial slice: lobe and texture of each pixel. */
function drawnIn(slice: ShownSlice): { lobes: Uint8Array; textures: (TextureClass | undefined)[] } {
  const pixels = slice.width * slice.height;
  expect([slice.width, slice.height]).toEqual(chest.lobes.size.slice(0, 2));
  const part = ({ labels }: { labels: Uint8Array }) =>
    labels.subarray(slice.index * pixels, (slice.index + 1) * pixels);
  return {
    lobes: part(chest.lobes),
    textures: Array.from(part(chest.textures), (label) => (label ? TEXTURE_CLASSES[label - 1] : undefined)),
  };
}

describe('the slice viewer', () => {
  it('colours ground-glass opacity and reticulation where they were drawn, and hardly elsewhere', async () => {
    const shown = await overlay();
    const classes = classesOf(shown);
    const { lobes, textures } = drawnIn(shown);
    const share = (name: TextureClass, where: (p: number) => boolean) => {
      const pixels = [...textures.keys()].filter((p) => lobes[p] && where(p));
      expect(pixels.length).toBeGreaterThan(200);
      return pixels.filter((p) => classes[p] === name).length / pixels.length;
    };
    // The network misses part of the fine reticulation; a flipped, shifted or miscoloured overlay would fail on both.
    for (const name of ['ggo', 'reticulation'] as const) {
      const drawn = share(name, (p) => textures[p] === name);
      expect(drawn, `share of drawn ${name} in its colour`).toBeGreaterThan(0.4);
      expect(share(name, (p) => textures[p] !== name) / drawn, `${name} elsewhere`).toBeLessThan(0.2);
    }
  });

  it('colours nothing outside the lungs', async () => {
    const shown = await overlay();
    const { lobes } = drawnIn(shown);
    const coloured = classesOf(shown).flatMap((name, p) => (name ? [p] : []));
    expect(coloured.length).toBeGreaterThan(1000);
    expect(coloured.filter((p) => lobes[p] === 0).length / coloured.length).toBeLessThan(0.1);
  });

  it('clears a class that is switched off, and nothing else', async () => {
    const before = await overlay();
    expect(count(before, 'ggo')).toBeGreaterThan(200);
    await toggle('ggo');
    await expect.poll(async () => count(await overlay(), 'ggo')).toBe(0);
    expect(count(await overlay(), 'reticulation')).toBe(count(before, 'reticulation'));
    await toggle('ggo');
    await expect.poll(async () => count(await overlay(), 'ggo')).toBe(count(before, 'ggo'));
  });

  it('shows healthy lung when it is switched on', async () => {
    expect(count(await overlay(), 'normal')).toBe(0);
    await toggle('normal');
    await expect.poll(async () => count(await overlay(), 'normal')).toBeGreaterThan(2000);
    await toggle('normal');
  });

  it('tells HU, lobe and texture under the pointer', async () => {
    const canvas = viewerOf(frame).getByTestId('overlay-canvas');
    const shown = await overlay();
    const inside = solidPixel(classesOf(shown), shown.width, 'ggo');
    const box = (await canvas.boundingBox())!;
    const x = ((inside % shown.width) + 0.5) / shown.width;
    const y = (Math.floor(inside / shown.width) + 0.5) / shown.height;
    await canvas.hover({ position: { x: x * box.width, y: y * box.height } });
    const readout = viewerOf(frame).getByTestId('readout');
    await expect.poll(() => readout.textContent()).toMatch(/-?\d+ HU · (RUL|RML|RLL|LUL|LLL) · Ground-glass opacity/);
  });

  it('goes to another slice when scrolled, and back', async () => {
    const before = await grey();
    await viewerOf(frame).getByTestId('overlay-canvas').hover();
    await page.mouse.wheel(0, 100);
    await expect.poll(async () => (await grey()).index).toBe(before.index - 1);
    const after = await grey();
    expect(after.pixels.equals(before.pixels)).toBe(false);
    expect(classesOf(await overlay()).some(Boolean)).toBe(true);
    await page.mouse.wheel(0, -100);
    await expect.poll(async () => (await grey()).index).toBe(before.index);
    await expect.poll(async () => (await grey()).pixels.equals(before.pixels)).toBe(true);
  });

  it('shows coronal and sagittal planes in their own size', async () => {
    const [columns, rows, slices] = chest.volume.size;
    for (const [plane, width] of [
      ['coronal', columns],
      ['sagittal', rows],
    ] as const) {
      await viewerOf(frame).getByTestId(`plane-${plane}`).click();
      await expect.poll(async () => (await grey()).plane).toBe(plane);
      const shown = await grey();
      expect([shown.width, shown.height]).toEqual([width, slices]);
      expect(new Set(shown.pixels).size, 'grey values').toBeGreaterThan(50);
    }
    await viewerOf(frame).getByTestId('plane-axial').click();
    await expect.poll(async () => (await grey()).plane).toBe('axial');
  });

  it('reports per lobe what the measurements say', async () => {
    const [header = '', ...lines] = readFileSync(join(workspace, 'results/measurements.csv'), 'utf8')
      .trim()
      .split('\n');
    const names = header.split(',');
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((value, n) => [names[n], value])));
    const report = viewerOf(frame).getByTestId('report');
    for (const region of ['RUL', 'RML', 'RLL', 'LUL', 'LLL', 'Total']) {
      const cells = await report.locator('tbody tr', { has: frame.locator(`th:text-is("${region}")`) }).locator('td');
      const measured = TEXTURE_CLASSES.map((name) => {
        const row = rows.find(
          (r) => r.patient === SHOWN_PATIENT && r.region === region.replace('Total', 'total') && r.class === name,
        );
        return Number(row?.percent).toFixed(1);
      });
      expect((await cells.allTextContents()).slice(0, TEXTURE_CLASSES.length), region).toEqual(measured);
    }
  });
});

describe('figures', () => {
  it('can be saved as SVG and as PNG, and sent nowhere', async () => {
    const titles = await frame
      .getByTestId('figure')
      .first()
      .locator('.modebar-btn')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-title')));
    expect(titles).toEqual([
      'Zoom',
      'Pan',
      'Box Select',
      'Lasso Select',
      'Zoom in',
      'Zoom out',
      'Reset axes',
      'Save as SVG',
      'Save as PNG',
    ]);
  });

  it('have one point per patient in each panel of the scatter plot', async () => {
    const panels = frame.getByTestId('figure').first().locator('.scatterlayer');
    await expect.poll(() => panels.count()).toBe(3);
    for (const panel of await panels.all())
      expect(await panel.locator('.trace').first().locator('.points path').count()).toBe(PATIENTS);
  });

  it('count every patient once in each confusion matrix', async () => {
    const texts = frame.getByTestId('figure').nth(1).locator('.heatmaplayer .hm');
    await expect.poll(() => texts.count()).toBe(3);
    for (const matrix of await texts.all()) {
      // The count is the label's first line; the percent of the row is its second.
      const counts = await matrix
        .locator('.heatmap-label text')
        .evaluateAll((labels) => labels.map((label) => (label.querySelector('tspan') ?? label).textContent));
      expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(PATIENTS);
    }
  });
});

describe('tables', () => {
  it('are sorted by the heading that is clicked', async () => {
    const table = frame.getByTestId('table').filter({ hasText: 'P08' }).first();
    const ids = await columnText(table, 1);
    expect(ids).toEqual([...ids].sort());
    const heading = table.locator('thead th').first().getByRole('button');
    await heading.click();
    await heading.click();
    await expect.poll(() => columnText(table, 1)).toEqual([...ids].reverse());
  });

  it('show κ of an agreement without sideways scrolling, 1280 pixels wide and with the explorer open', async () => {
    expect(await page.locator('.explorer-viewlet').isVisible()).toBe(true);
    const table = frame.getByTestId('table').filter({ hasText: 'Agreement of scored with reader1' });
    const { right } = await table.locator('.scroll').evaluate((element) => element.getBoundingClientRect().toJSON());
    const kappa = table.locator('th', { hasText: /^\s*κ \[95 % CI\]/ });
    expect(await kappa.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(right);
    expect(await table.locator('.scroll').evaluate((element) => element.scrollLeft)).toBe(0);
  });

  it('are copied', async () => {
    const copy = frame.getByTestId('table').first().getByTestId('copy');
    await copy.click();
    await expect.poll(() => copy.textContent()).toContain('Copied');
  });

  it('name the patient that reader 2 did not score', async () => {
    await expect.poll(() => frame.getByTestId('messages').filter({ hasText: 'P07' }).count()).toBeGreaterThan(0);
  });
});

/** A pixel whose neighbours two steps around are of the same class, so that a pointer surely meets it. */
function solidPixel(classes: readonly (TextureClass | undefined)[], width: number, name: TextureClass): number {
  const steps = [-2, -1, 0, 1, 2];
  const pixel = classes.findIndex((_, p) =>
    steps.every((y) => steps.every((x) => classes[p + y * width + x] === name)),
  );
  expect(pixel, `a patch of ${name}`).toBeGreaterThan(0);
  return pixel;
}
