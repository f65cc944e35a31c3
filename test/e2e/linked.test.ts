/** From a point to the slice that explains it: figures, patients, slices and `selected` in a browser. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { parseNotebook } from '../../src/protocol/notebookFile.ts';
import type { FigureView, SliceView } from '../../src/protocol/view.ts';
import { MEASURING_MS, makeTestWorkspace } from '../harness/testWorkspace.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Workbench } from '../harness/workbench.ts';

const CELLS = [
  'load "cohort/" as cohort\nquantify cohort with "lung-texture" as ai',
  'load "reader1.csv" as reader1\nagree ai with reader1 for ggo, reticulation as ag',
  'plot ag as scatter for ggo',
  'plot ag as confusion for ggo',
  'quantify cohort deciding ggo at 0.3 as loose\nagree ai with loose for ggo as both\nplot both as bland-altman for ggo',
  'filter ai where selected && class == "ggo" && region == "total" as chosen',
];

/** A long table, of which the output carries the first rows; it stands before the other cells. */
const LONG = 'load "many.csv" as many';
const LONG_ROWS = 10_000;

let workspace: string;
let workbench: Workbench;
let page: Page;
let frame: Frame;

function writeNotebook(name: string, cells: readonly string[]): string {
  const path = join(workspace, name);
  const code = cells.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(path, JSON.stringify({ lungnb: 1, cells: code }));
  return path;
}

/** What the command line shows of a notebook, output by output. */
function viewsOfCli(cells: readonly string[]) {
  const out = join(workspace, 'out.lungnb');
  const arguments_ = [CLI, 'run', writeNotebook('cli.lungnb', cells), '--cache', MEASUREMENT_CACHE, '--out', out];
  execFileSync(process.execPath, arguments_, { stdio: ['ignore', 'ignore', 'ignore'] });
  return parseNotebook(readFileSync(out, 'utf8')).cells.map((cell) => cell.outputs?.at(-1)?.view);
}

beforeAll(async () => {
  workspace = makeTestWorkspace();
  const lines = Array.from({ length: LONG_ROWS }, (_, n) => `M${n + 1},ggo,${n % 5}`);
  writeFileSync(join(workspace, 'many.csv'), ['patient,class,score', ...lines].join('\n'));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook: writeNotebook('linked.lungnb', [LONG, ...CELLS]),
    cacheFolder: MEASUREMENT_CACHE,
    size: { width: 1280, height: 6000 },
  });
  page = workbench.page;
  await runAll(page);
  await allCellsEnded(page, MEASURING_MS);
  frame = await outputFrame(page);
}, MEASURING_MS + 100_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

const figure = (n: number) => frame.getByTestId('figure').nth(n);
const listed = (n: number) => figure(n).locator('.patients tbody tr td:first-child').allInnerTexts();
const points = (n: number) => figure(n).locator('.scatterlayer .trace .points path');

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The middles of a figure's points on screen, once VS Code has moved outputs no more for a while. */
async function middles(n: number): Promise<Place[]> {
  const now = async () =>
    (await Promise.all((await points(n).all()).map((point) => point.boundingBox()))).map((box) => ({
      x: box!.x + box!.width / 2,
      y: box!.y + box!.height / 2,
    }));
  for (let before = await now(); ; ) {
    await page.waitForTimeout(1000);
    const places = await now();
    if (JSON.stringify(places) === JSON.stringify(before)) return places;
    before = places;
  }
}

/** Which of the places that may be taken has the farthest neighbour: a click there takes nothing else. */
function mostApart(places: readonly Place[], mayBe: (place: number) => boolean = () => true): number {
  const room = places.map(({ x, y }, p) =>
    mayBe(p) ? Math.min(...places.filter((_, q) => q !== p).map((other) => Math.hypot(other.x - x, other.y - y))) : -1,
  );
  return room.indexOf(Math.max(...room));
}

/** How far around points the lasso goes, in pixels: less, and Plotly takes it for a click. */
const ROOM = 12;

/** Draws a rectangle with the lasso, around all that lies within ROOM pixels of the places. */
async function lasso(places: readonly Place[]): Promise<void> {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs) - ROOM, Math.max(...xs) + ROOM];
  const [top, bottom] = [Math.min(...ys) - ROOM, Math.max(...ys) + ROOM];
  // From the corner that lies inside the axes, whatever the others do.
  await page.mouse.move(right, top);
  await page.mouse.down();
  const corners = [
    [left, top],
    [left, bottom],
    [right, bottom],
    [right, top],
  ] as const;
  for (const [x, y] of corners) await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up();
}

/** Which points are to the fore. */
const toTheFore = (n: number) =>
  points(n).evaluateAll((paths) => paths.map((path) => Number(getComputedStyle(path).opacity) > 0.5));

const lastTable = () => frame.getByTestId('table').last();

it('a cell that waits for a selection is empty, and no error, in Run All', async () => {
  await frame.getByText('No patient is selected').waitFor({ timeout: 20_000 });
  expect(await frame.locator('.error, [data-severity="error"], .output-error').count()).toBe(0);
  expect(await page.locator('.codicon-notebook-state-error').count()).toBe(0);
  // The long table's cell, and the others.
  await expect.poll(() => page.locator('.codicon-notebook-state-success').count()).toBe(1 + CELLS.length);
});

describe('patients who are selected in a figure', () => {
  for (const [name, n, other] of [
    ['scatter plot', 0, 2],
    ['Bland–Altman plot', 2, 0],
  ] as const)
    it(`are those that are clicked or lassoed in a ${name}, in every other output too`, async () => {
      const views = viewsOfCli(CELLS.slice(0, 5));
      // The figures stand in the third cell and those after it.
      const patientsIn = (shown: number) =>
        (views[shown + 2] as FigureView).patients!.panels[0]!.rows.map((row) => row.patient);
      const patients = patientsIn(n);
      const places = await middles(n);
      expect(places.length).toBe(patients.length);
      // The one that stands most apart is clicked, and caught with those that hardly can be told from it.
      const loner = mostApart(places, (p) => patientsIn(other).includes(patients[p]!));
      const near = ({ x, y }: Place) =>
        Math.max(Math.abs(x - places[loner]!.x), Math.abs(y - places[loner]!.y)) <= ROOM;
      const caught = patients.filter((_, p) => near(places[p]!)).sort();
      expect(caught.length).toBeLessThan(patients.length);
      await lasso([places[loner]!]);
      await expect.poll(async () => (await listed(n)).sort()).toEqual(caught);
      await expect.poll(() => lastTable().locator('tbody tr td:first-child').allInnerTexts()).toEqual(caught);
      await expect.poll(() => toTheFore(n)).toEqual(patients.map((patient) => caught.includes(patient)));
      await expect.poll(() => toTheFore(other)).toEqual(patientsIn(other).map((patient) => caught.includes(patient)));

      // Lists of patients grow and shrink, and what stands below them moves.
      await lasso(await middles(n));
      await expect.poll(async () => (await listed(n)).sort()).toEqual([...patients].sort());
      await expect.poll(() => lastTable().locator('tbody tr').count()).toBe(patients.length);

      const { x, y } = (await middles(n))[loner]!;
      await page.mouse.click(x, y);
      await expect.poll(() => listed(n)).toEqual([patients[loner]]);
      await expect.poll(() => listed(other)).toEqual([patients[loner]]);
    });

  it('are listed, open at the slice with most of the class, plain and overlaid, and are to the fore elsewhere', async () => {
    const rows = (viewsOfCli(CELLS.slice(0, 3))[2] as FigureView).patients!.panels[0]!.rows;
    const places = await middles(0);
    const chosen = mostApart(places);
    const { patient } = rows[chosen]!;
    await page.mouse.click(places[chosen]!.x, places[chosen]!.y);
    await expect.poll(() => listed(0), { timeout: 10_000 }).toEqual([patient]);

    await figure(0).getByTestId(`open-${patient}`).click();
    const opened = figure(0).getByTestId('opened-slices');
    await opened.getByTestId('slice-slider').waitFor({ timeout: 20_000 });
    const shown = viewsOfCli([CELLS[0]!, `show cohort "${patient}" overlay ai`])[1] as SliceView;
    const percent = shown.axialPercent!.ggo!;
    expect(await opened.getByTestId('slice-slider').inputValue()).toBe(String(percent.indexOf(Math.max(...percent))));
    expect(await opened.getByTestId('reason').innerText()).toBe('The slice with most ground-glass opacity.');
    const pictures = () =>
      opened.getByTestId('slice-canvas').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.overlay));
    expect(await pictures()).toEqual(['true']);
    await opened.getByTestId('beside').click();
    await expect.poll(pictures).toEqual(['false', 'true']);
    await expect.poll(() => listed(1)).toEqual([patient]);
  });

  it('become a table by `filter … where selected`, which follows the selection', async () => {
    await expect.poll(() => lastTable().locator('tbody tr').count(), { timeout: 20_000 }).toBe(1);
    await figure(0).getByTestId('choose-patients').click();
    const boxes = figure(0).locator('.patients input[type="checkbox"]:not(:checked)');
    await boxes.first().check();
    await expect.poll(() => lastTable().locator('tbody tr').count(), { timeout: 20_000 }).toBe(2);
  });

  it('are those of a cell of the confusion matrix, and nobody once the selection is cleared', async () => {
    const matrix = (viewsOfCli([...CELLS.slice(0, 2), CELLS[3]!])[2] as FigureView).patients!.panels[0]!.rows;
    const { leftCategory, rightCategory } = matrix[0]!;
    const together = matrix.filter((row) => row.leftCategory === leftCategory && row.rightCategory === rightCategory);
    const cell = figure(1).locator('.heatmaplayer text', { hasText: new RegExp(`^${together.length}`) });
    const label = await cell.first().boundingBox();
    await page.mouse.click(label!.x + label!.width / 2, label!.y + label!.height / 2);
    await expect.poll(async () => (await listed(1)).length).toBe(together.length);
    await figure(1).getByTestId('clear-selection').click();
    await expect.poll(() => listed(1)).toEqual([]);
    await frame.getByText('No patient is selected').waitFor({ timeout: 10_000 });
    await figure(0).locator('.patients input[type="checkbox"]').first().check();
    await expect.poll(() => lastTable().locator('tbody tr').count(), { timeout: 20_000 }).toBe(1);
    expect(await frame.getByText('No patient is selected').count()).toBe(0);
  });
});

describe('a table of 10 000 rows', () => {
  const table = () => frame.getByTestId('table').filter({ hasText: 'many.csv' });
  const drawn = () => table().locator('tbody tr[aria-rowindex]');
  const scroll = (share: number) =>
    table()
      .locator('.scroll')
      .evaluate((element, part) => element.scrollTo(0, part * element.scrollHeight), share);

  it('opens at six rows; one click fetches the others, of which only those in view are drawn', async () => {
    expect(await drawn().count()).toBe(6);
    await table().getByTestId('all-rows').click();
    await expect.poll(() => table().locator('table').getAttribute('aria-rowcount')).toBe(String(LONG_ROWS + 1));
    await expect.poll(() => drawn().count()).toBeLessThan(100);
    await scroll(0.5);
    await expect.poll(() => table().getByText('M5000', { exact: true }).count()).toBe(1);
    await scroll(1);
    await expect.poll(() => drawn().last().locator('td').first().innerText()).toBe(`M${LONG_ROWS}`);
    expect(await drawn().count()).toBeLessThan(100);
  });

  it('is searched, filtered and sorted as a whole', async () => {
    await table().getByTestId('search-rows').fill('m9999');
    await expect.poll(() => drawn().locator('td').allInnerTexts()).toEqual(['M9999', 'Ground-glass opacity', '3']);
    await table().getByTestId('search-rows').fill('');
    await table().getByTestId('filter-rows').click();
    await table().getByTestId('filter-score').fill('= 4');
    await expect.poll(() => table().locator('table').getAttribute('aria-rowcount')).toBe(String(LONG_ROWS / 5 + 1));
    await table().locator('thead th').first().getByRole('button').click();
    await table().locator('thead th').first().getByRole('button').click();
    await expect.poll(() => drawn().first().locator('td').first().innerText()).toBe(`M${LONG_ROWS}`);
    await table().getByTestId('filter-rows').click();
    await expect.poll(() => drawn().first().locator('td').first().innerText()).toBe(`M${LONG_ROWS}`);
  });
});
