/** The part of `npm run bench -- interact` that a user's eyes wait for: VS Code in Chromium, without a GPU. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { MEASUREMENT_CACHE, PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll } from '../harness/workbench.ts';
import { FOLLOW, LOAD, PARAMETER } from './scores.ts';

const MOVES = 9;
const SLICES = 60;
/** A real chest where the shared data is there, a drawn one elsewhere. */
const REAL_CHEST = join(PROJECT, '../shared/data/ct/LIDC-IDRI-0314.zip');

/** `folder` holds the tables of `writeScores`. */
export async function interactInBrowser(folder: string, patients: number): Promise<void> {
  const isReal = existsSync(REAL_CHEST);
  const chest = isReal ? 'chest.zip' : 'chest';
  symlinkSync(isReal ? REAL_CHEST : join(SAMPLES, 'cohort/P01'), join(folder, chest));
  const sources = [
    ...[PARAMETER, ...LOAD, ...FOLLOW],
    `load "${chest}" as chest\nquantify chest as measured\nshow chest overlay measured`,
  ];
  const cells = sources.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(join(folder, 'interact.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  const workbench = await openWorkbench({
    workspaceFolder: folder,
    notebook: join(folder, 'interact.lungnb'),
    cacheFolder: MEASUREMENT_CACHE,
    size: { width: 1280, height: 6000 },
  });
  try {
    await runAll(workbench.page);
    await allCellsEnded(workbench.page, 300_000);
    const frame = await outputFrame(workbench.page);
    await frame.getByTestId('slice-viewer').waitFor({ timeout: 30_000 });
    const moves = await movesToPaint(frame);
    console.log(
      `a parameter moved, ${patients} patients, to the forest plot on screen: median ${median(moves).toFixed(0)} ms, slowest ${Math.max(...moves).toFixed(0)} ms`,
    );
    const { perSecond, pictures } = await slicesPerSecond(frame);
    console.log(
      `slices scrolled with overlay, ${pictures} of ${isReal ? '512 × 512' : 'the drawn chest'}: ${perSecond.toFixed(0)} per second`,
    );
  } finally {
    await workbench.close();
  }
}

/** Milliseconds from each move of the slider until the figure with the new values was painted. */
function movesToPaint(frame: Frame): Promise<number[]> {
  return frame.evaluate(async (moves) => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const drawn = () => document.querySelector('[data-testid="figure"] .scatterlayer')?.innerHTML;
    const times: number[] = [];
    for (let n = 0; n < moves; n++) {
      const slider = document.querySelector<HTMLInputElement>('[data-testid="control"] input[type="range"]')!;
      const before = drawn();
      const start = performance.now();
      slider.value = String(20 + n);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      slider.dispatchEvent(new Event('change', { bubbles: true }));
      while (!drawn() || drawn() === before) await painted();
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    return times;
  }, MOVES);
}

/** Each slice is painted before the next is asked for. */
function slicesPerSecond(frame: Frame): Promise<{ perSecond: number; pictures: number }> {
  return frame.evaluate(async (slices) => {
    const viewer = document.querySelector('[data-testid="slice-viewer"]')!;
    const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const pictures = viewer.querySelector('.pictures')!;
    const start = performance.now();
    for (let n = 0; n < slices; n++) {
      pictures.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
      await painted();
      while (viewer.querySelector('.pending')) await painted();
    }
    return {
      perSecond: (1000 * slices) / (performance.now() - start),
      pictures: viewer.querySelectorAll('.pictures canvas').length,
    };
  }, SLICES);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
