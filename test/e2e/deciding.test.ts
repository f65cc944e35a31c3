/**
 * Voxels decided anew by a threshold that moves: the table and the overlay follow, to what the command line gives. Then the
 * same CT in three planes, as slabs and beside another one, and what is drawn on it.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { sameLevel } from '../../src/protocol/levels.ts';
import { parseNotebook } from '../../src/protocol/notebookFile.ts';
import type { Plane, SliceView } from '../../src/protocol/view.ts';
import { classLabel } from '../../src/protocol/words/displayNames.ts';
import { MEASURING_MS, makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';
import { readCanvas, viewerOf } from './outputs.ts';

const CELLS = [
  'param least = 0.5 in 0.1..0.9 step 0.1',
  'load "cohort/P06" as chest',
  'quantify chest deciding reticulation at least, minimum 0.1 ml, overlap ggo and reticulation at 0.25 as strict',
  'filter strict where region == "total" as total',
  'show chest overlay strict',
  'measure chest as rois',
  'load "cohort/P02" as other\nshow chest beside other "P02"',
];

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let workspace: string;
let notebook: string;
let workbench: Workbench;
let frame: Frame;

beforeAll(async () => {
  workspace = makeTestWorkspace();
  notebook = join(workspace, 'deciding.lungnb');
  const cells = CELLS.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook,
    cacheFolder: MEASUREMENT_CACHE,
    size: { width: 1280, height: 5500 },
  });
  await runAll(workbench.page);
  await allCellsEnded(workbench.page, MEASURING_MS);
  frame = await outputFrame(workbench.page);
}, MEASURING_MS + 100_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** Class and percent of the whole lungs, as the last table shows them. */
async function percents(): Promise<string[]> {
  const rows = await frame.getByTestId('table').filter({ hasText: 'strict where' }).locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => (await row.locator('td').allInnerTexts()).slice(3).join(' ')));
}

function percentsOfCli(least: number): string[] {
  const json = join(workspace, 'results.json');
  const set = ['--set', `least=${least}`, '--cache', MEASUREMENT_CACHE, '--json', json];
  execFileSync(process.execPath, [CLI, 'run', notebook, ...set], { stdio: ['ignore', 'ignore', 'ignore'] });
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as {
    results: { total: { rows: { class: string; volume_ml: number; percent: number }[] } };
  };
  return results.total.rows.map(
    (row) => `${classLabel(row.class)} ${row.volume_ml.toFixed(1)} ${row.percent.toFixed(1)}`,
  );
}

/** Pixels of the slice with its overlay that are painted in each colour. */
function overlayColours(): Promise<Record<string, number>> {
  return viewerOf(frame)
    .getByTestId('slice-canvas')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const counts: Record<string, number> = {};
      for (let p = 0; p < data.length; p += 4) {
        const colour = data.slice(p, p + 3).join(' ');
        counts[colour] = (counts[colour] ?? 0) + 1;
      }
      return counts;
    });
}

it('a threshold that moves decides voxels anew, in the table and in the overlay', async () => {
  const [loose, strict] = [percentsOfCli(0.5), percentsOfCli(0.9)];
  expect(strict).not.toEqual(loose);
  expect(loose.at(-1)).toMatch(/^Ground-glass opacity and reticulation /);
  await expect.poll(percents, { timeout: 10_000 }).toEqual(loose);
  const before = await overlayColours();
  const slider = frame.locator('[data-testid="control"] input[type="range"]');
  await slider.focus();
  for (let step = 0; step < 4; step++) await slider.press('ArrowRight');
  await expect.poll(percents, { timeout: 30_000 }).toEqual(strict);
  await expect.poll(overlayColours, { timeout: 30_000 }).not.toEqual(before);
}, 120_000);

/** A place of a picture on the screen, by its share of the slice from the left and from the top. */
async function placeOn(canvas: Locator, x: number, y: number): Promise<[number, number]> {
  const box = (await canvas.boundingBox())!;
  return [box.x + x * box.width, box.y + y * box.height];
}

async function drag(canvas: Locator, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { mouse } = workbench.page;
  await mouse.move(...(await placeOn(canvas, ...from)));
  await mouse.down();
  await mouse.move(...(await placeOn(canvas, ...to)), { steps: 4 });
  await mouse.up();
}

const canvasOf = (viewer: Locator, plane: Plane) => viewer.locator(`canvas[data-plane="${plane}"]`);
const indexOf = async (canvas: Locator) => Number(await canvas.getAttribute('data-index'));
/** The notebook as it is on disk once it is saved; a cell that follows what is drawn may end after the first save. */
async function saved() {
  await allCellsEnded(workbench.page, 60_000);
  const clean = workbench.page.locator('.tab.active:not(.dirty)');
  const save = async () => {
    await workbench.page.keyboard.press('Control+S');
    return clean.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(save, { timeout: 60_000 }).toBe(true);
  return parseNotebook(readFileSync(notebook, 'utf8'));
}

it('three planes cross where one clicks', async () => {
  const viewer = viewerOf(frame);
  await viewer.getByTestId('three-planes').click();
  await expect.poll(() => viewer.getByTestId('slice-canvas').count()).toBe(3);
  const axial = canvasOf(viewer, 'axial');
  await expect.poll(() => axial.evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBeGreaterThan(300);
  const { width, height } = await axial.evaluate(({ width, height }: HTMLCanvasElement) => ({ width, height }));
  // The middles of two voxels.
  for (const [i, j] of [
    [Math.floor(width * 0.3), Math.floor(height * 0.45)],
    [Math.floor(width * 0.7), Math.floor(height * 0.6)],
  ] as const) {
    await workbench.page.mouse.click(...(await placeOn(axial, (i + 0.5) / width, (j + 0.5) / height)));
    await expect.poll(() => indexOf(canvasOf(viewer, 'sagittal'))).toBe(i);
    await expect.poll(() => indexOf(canvasOf(viewer, 'coronal'))).toBe(j);
  }
  const sagittal = canvasOf(viewer, 'sagittal');
  const slices = await sagittal.evaluate((canvas) => (canvas as HTMLCanvasElement).height);
  await workbench.page.mouse.click(...(await placeOn(sagittal, 0.5, 10.5 / slices)));
  await expect.poll(() => indexOf(axial)).toBe(slices - 11);
  await viewer.getByTestId('three-planes').click();
  await expect.poll(() => viewer.getByTestId('slice-canvas').count()).toBe(1);
}, 60_000);

it('a slab of highest values is nowhere darker than its slice, and says what it is', async () => {
  const viewer = viewerOf(frame);
  await viewer.getByTestId('plane-axial').click();
  await viewer.getByTestId('overlay').click();
  const canvas = viewer.getByTestId('slice-canvas');
  const greys = async () => Buffer.from((await readCanvas(canvas)).pixels.filter((_, n) => n % 4 === 0));
  /** How many pixels are darker, and how many brighter; by the steps of HU, in which slices come first, three greys at most. */
  const compared = async () => {
    const now = await greys();
    return [now.filter((grey, p) => grey < slice[p]! - 3).length, now.filter((grey, p) => grey > slice[p]! + 1).length];
  };
  const slice = await greys();
  await viewer.locator('.pictures').press('s');
  await expect.poll(() => viewer.locator('.picture').innerText(), { timeout: 20_000 }).toContain('MIP 10 mm');
  const [darker, brighter] = await compared();
  expect(darker).toBe(0);
  expect(brighter).toBeGreaterThan(slice.length / 10);
  for (let n = 0; n < 3; n++) await viewer.locator('.pictures').press('s');
  await expect.poll(compared, { timeout: 20_000 }).toEqual([0, 0]);
}, 60_000);

it('cine runs through the slices until it is stopped', async () => {
  const viewer = viewerOf(frame);
  const canvas = viewer.getByTestId('slice-canvas');
  const before = await indexOf(canvas);
  await viewer.getByTestId('cine').click();
  await expect.poll(async () => Math.abs((await indexOf(canvas)) - before)).toBeGreaterThan(2);
  await viewer.getByTestId('cine').click();
  // The last slice that was asked for comes.
  const slider = viewer.getByTestId('slice-slider');
  await expect.poll(async () => Number(await slider.inputValue()) - (await indexOf(canvas))).toBe(0);
}, 60_000);

it('what is drawn is measured, kept in the notebook with its slice, and in a table that follows', async () => {
  const viewer = viewerOf(frame);
  const canvas = viewer.getByTestId('slice-canvas');
  const index = await indexOf(canvas);
  const { width, height } = await readCanvas(canvas);
  await viewer.getByTestId('draw-ruler').click();
  await drag(canvas, [0.3, 0.4], [0.5, 0.55]);
  const table = frame.getByTestId('table').filter({ hasText: 'Measured by hand' });
  await expect.poll(() => table.locator('tbody tr').count(), { timeout: 20_000 }).toBe(1);
  const { annotations, cells } = await saved();
  const shown = cells[4]!.outputs!.map(({ view }) => view).find((view) => view?.type === 'slices') as SliceView;
  const { pixelWidthMm, pixelHeightMm } = shown.slices.find(({ plane }) => plane === 'axial')!;
  const [ruler, ...others] = annotations!.drawn;
  expect([ruler, others]).toMatchObject([{ patient: 'P06', shape: 'ruler', plane: 'axial', index }, []]);
  expect(annotations!.slices.map(({ slice }) => [slice.index, slice.coarse])).toEqual([[index, undefined]]);
  const mm = Math.hypot(0.2 * width * pixelWidthMm, 0.15 * height * pixelHeightMm);
  const told = Number((await viewer.getByTestId('drawn-row').innerText()).match(/([\d.]+) mm/)![1]);
  // A place on the screen is a whole pixel of it.
  expect(Math.abs(told - mm)).toBeLessThan(1.5);
  expect(Number(await table.locator('tbody tr td').nth(7).innerText())).toBe(told);
  expect(rowsOfCli()).toEqual([expect.objectContaining({ patient: 'P06', slice: index + 1, name: '1' })]);
  expect(rowsOfCli()[0]!.length_mm).toBeCloseTo(told, 1);

  await viewer.getByTestId('draw-circle').click();
  await drag(canvas, [0.3, 0.7], [0.33, 0.7]);
  await expect.poll(() => table.locator('tbody tr').count(), { timeout: 20_000 }).toBe(2);
  await viewer.locator('.pictures').press('Delete');
  await expect.poll(() => viewer.getByTestId('drawn-row').count()).toBe(1);
  await viewer.locator('.pictures').press('Control+z');
  await expect.poll(() => viewer.getByTestId('drawn-row').count()).toBe(2);
  await viewer.locator('.pictures').press('Control+y');
  await expect.poll(() => viewer.getByTestId('drawn-row').count()).toBe(1);
  await expect.poll(() => table.locator('tbody tr').count(), { timeout: 20_000 }).toBe(1);
  await expect.poll(async () => (await saved()).annotations!.drawn, { timeout: 60_000 }).toEqual(annotations!.drawn);
}, 120_000);

/** What `measure` gives on the command line, of the notebook that was saved. */
function rowsOfCli(): { length_mm: number }[] {
  const json = join(workspace, 'rois.json');
  execFileSync(process.execPath, [CLI, 'run', notebook, '--cache', MEASUREMENT_CACHE, '--json', json], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return JSON.parse(readFileSync(json, 'utf8')).results.rois.rows;
}

it('two CTs side by side scroll at the same level, and alone while they are unlocked', async () => {
  const viewer = frame.getByTestId('slice-viewer').nth(1);
  const { cells } = await saved();
  const { beside } = cells[6]!.outputs!.map(({ view }) => view).find((view) => view?.type === 'slices') as SliceView;
  const canvases = viewer.getByTestId('slice-canvas');
  await expect.poll(() => canvases.count()).toBe(2);
  const both = async () => [await indexOf(canvases.nth(0)), await indexOf(canvases.nth(1))] as const;
  const level = (index: number) => sameLevel(beside!.levels.axial, index, beside!.view.sliceCounts.axial);
  const [first, second] = await both();
  expect([beside!.by, second]).toEqual(['lungs', level(first)]);
  await canvases.nth(0).hover();
  for (let n = 1; n <= 9; n++) {
    await workbench.page.mouse.wheel(0, -100);
    await expect.poll(both).toEqual([first + n, level(first + n)]);
  }
  await viewer.getByTestId('link').click();
  await canvases.nth(1).hover();
  await workbench.page.mouse.wheel(0, -100);
  await expect.poll(both).toEqual([first + 9, level(first + 9) + 1]);
}, 60_000);

/** The frame of the editor of slices. */
async function editorFrame(): Promise<Frame> {
  const isEditor = async (one: Frame) =>
    (await one
      .locator('main#view [data-testid="edit-masks"]')
      .count()
      // Frames come and go while VS Code sets its webview up.
      .catch(() => 0)) > 0;
  let found: Frame | undefined;
  const look = async () => {
    for (const one of workbench.page.frames()) if (await isEditor(one)) found = one;
    return found;
  };
  await expect.poll(look, { timeout: 60_000 }).toBeDefined();
  return found!;
}

it('masks are edited by hand, saved beside the notebook, and every number made with them says so', async () => {
  await viewerOf(frame).getByTestId('open-editor').click();
  const editor = await editorFrame();
  const viewer = viewerOf(editor);
  const canvas = viewer.getByTestId('slice-canvas');
  const state = () => viewer.getByTestId('painting-state').innerText();
  const note = () => viewer.getByTestId('viewer-note').innerText();
  await viewer.getByTestId('edit-masks').click();
  await expect.poll(state, { timeout: 60_000 }).toContain('Nothing edited yet.');
  await editor.evaluate(AXE);
  const violations = await editor.evaluate(
    `axe.run({ include: [{ fromShadowDom: ['#view', '.painting'] }] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations, passes }) => ({ passed: passes.length > 5, found: violations.map(({ id, nodes }) => id + ' ' + JSON.stringify(nodes[0].target) + ' ' + nodes[0].failureSummary) }))`,
  );
  expect(violations).toEqual({ passed: true, found: [] });
  // A slice with lung where it is painted.
  await viewer.getByTestId('slice-number').click();
  await viewer.getByTestId('slice-input').fill('45');
  await viewer.getByTestId('slice-input').press('Enter');
  await expect.poll(() => indexOf(canvas), { timeout: 20_000 }).toBe(44);
  await viewer.getByTestId('paint-honeycombing').click();
  const paint = () => drag(canvas, [0.28, 0.45], [0.34, 0.5]);
  const first = await indexOf(canvas);
  await paint();
  await expect
    .poll(state, { timeout: 20_000 })
    .toMatch(/^Not saved\. Textures: [\d,\s]+ voxels \([\d.]+ ml\) changed since lung-texture/);
  const once = await state();
  await viewer.getByTestId('paint-undo').click();
  await expect.poll(state).toContain('Nothing edited yet.');
  await viewer.getByTestId('paint-redo').click();
  await expect.poll(state).toBe(once);
  for (let n = 1; n <= 4; n++) {
    await canvas.hover();
    await workbench.page.mouse.wheel(0, -100);
    await expect.poll(() => indexOf(canvas)).toBe(first + n);
  }
  await paint();
  await viewer.getByTestId('fill-between').click();
  await expect.poll(note, { timeout: 20_000 }).toBe('Filled 3 slices between 2 painted ones.');
  const filled = await state();
  // What was painted hangs together, over all five slices.
  await viewer.getByTestId('tool-island').click();
  await canvas.click({ position: await placeIn(canvas, 0.31, 0.475) });
  await expect
    .poll(note, { timeout: 20_000 })
    .toMatch(/^Rejected [\d.]+ ml of honeycombing \(\d+ voxels\): now normal lung\.$/);
  await viewer.locator('.pictures').press('Control+z');
  await expect.poll(state, { timeout: 20_000 }).toBe(filled);
  await viewer.locator('.pictures').press('Control+s');
  await expect.poll(note, { timeout: 60_000 }).toBe('Saved in “deciding.masks”.');
  const [file] = globSync(join(workspace, 'deciding.masks/P06/*textures.seg.nrrd'));
  expect(readFileSync(file!, 'latin1')).toMatch(
    /^LungNB_EditedByHand:=\d+ voxels \(.* ml\) of the textures changed since lung-texture/m,
  );

  await viewer.getByTestId('paint-use').click();
  await expect.poll(note, { timeout: 60_000 }).toBe('Measured by cell 8, which is new at the end of the notebook.');
  await workbench.page
    .getByRole('tab', { name: /^Slices: / })
    .getByRole('button', { name: /^Close/ })
    .click();
  await allCellsEnded(workbench.page, MEASURING_MS);
  frame = await outputFrame(workbench.page);
  const byHand = frame.getByTestId('by-hand');
  await expect.poll(() => byHand.count(), { timeout: 60_000 }).toBe(1);
  expect(await byHand.innerText()).toMatch(
    /^Edited by hand: textures of 1 CT, \d+ voxels \(.* ml\) changed since lung-texture/,
  );
}, 300_000);

async function placeIn(canvas: Locator, across: number, down: number): Promise<{ x: number; y: number }> {
  const { width, height } = (await canvas.boundingBox())!;
  return { x: across * width, y: down * height };
}
