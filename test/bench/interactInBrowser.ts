/** The part of `npm run bench -- interact` that a user's eyes wait for: VS Code in Chromium, without a GPU. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame } from 'playwright-core';
import { MEASUREMENT_CACHE, PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll } from '../harness/workbench.ts';
import { FOLLOW, LOAD, PARAMETER } from './scores.ts';

const MOVES = 9;
const SLICES = 50;
/** A user looks at the first slice before scrolling; meanwhile its neighbours are fetched. */
const LOOKED_AT_MS = 2000;
/** A real chest where the shared data is there, a drawn one elsewhere. */
const REAL_CHEST = join(PROJECT, '../shared/data/ct/LIDC-IDRI-0314.zip');

/** `folder` holds the tables of `writeScores`. */
export async function interactInBrowser(folder: string, patients: number): Promise<void> {
  const compare = [PARAMETER, LOAD.join('\n'), FOLLOW.join('\n')];
  await inNotebook(join(folder, 'parameter.lungnb'), compare, async (frame) => {
    await frame.locator('.scatterlayer').first().waitFor({ timeout: 30_000 });
    const moves = await movesToPaint(frame);
    console.log(
      `a parameter moved, ${patients} patients, to the forest plot on screen: median ${median(moves).toFixed(0)} ms, slowest ${Math.max(...moves).toFixed(0)} ms`,
    );
  });
  const isReal = existsSync(REAL_CHEST);
  const chest = isReal ? 'chest.zip' : 'chest';
  symlinkSync(isReal ? REAL_CHEST : join(SAMPLES, 'cohort/P01'), join(folder, chest));
  const view = [`load "${chest}" as chest\nquantify chest as measured\nshow chest overlay measured`];
  await inNotebook(join(folder, 'slices.lungnb'), view, async (frame) => {
    const [prepared, further] = await slicesPerSecond(frame);
    console.log(
      `slices of ${isReal ? '512 × 512' : 'the simulated chest'} scrolled, plain and with overlay, ${LOOKED_AT_MS / 1000} s after the viewer got the focus: the first ${SLICES} at ${prepared!.toFixed(0)} per second, the next ${SLICES} at ${further!.toFixed(0)}`,
    );
  });
}

/** Runs a notebook with these cells and works on its outputs. */
export async function inNotebook(
  notebook: string,
  sources: readonly string[],
  work: (outputs: Frame) => Promise<void>,
): Promise<void> {
  const cells = sources.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells }));
  const workbench = await openWorkbench({
    workspaceFolder: dirname(notebook),
    notebook,
    cacheFolder: MEASUREMENT_CACHE,
    size: { width: 1280, height: 1700 },
  });
  try {
    await runAll(workbench.page);
    await allCellsEnded(workbench.page, 300_000);
    await work(await outputFrame(workbench.page));
  } finally {
    await workbench.close();
  }
}

/** Milliseconds from each move of the slider until the figure with the new values was painted. */
function movesToPaint(frame: Frame): Promise<number[]> {
  return frame.evaluate(async (moves) => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    // Each output has a shadow tree of its own, which may be made anew.
    const inOutputs = <E extends Element>(selector: string): E | undefined =>
      [...document.querySelectorAll('*')].flatMap((host) => host.shadowRoot?.querySelector<E>(selector) ?? [])[0];
    const drawn = () => inOutputs('[data-testid="figure"] .scatterlayer')?.innerHTML;
    const times: number[] = [];
    for (let n = 0; n < moves; n++) {
      const slider = inOutputs<HTMLInputElement>('[data-testid="control"] input[type="range"]')!;
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

/** Each slice is painted before the next is asked for; the first stretch, then a second one without a pause. */
function slicesPerSecond(frame: Frame): Promise<number[]> {
  return frame.getByTestId('slice-viewer').evaluate(
    async (viewer, [slices, lookedAtMs]) => {
      const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const pictures = viewer.querySelector<HTMLElement>('.pictures')!;
      pictures.focus();
      await new Promise((resolve) => setTimeout(resolve, lookedAtMs));
      const rates: number[] = [];
      for (let stretch = 0; stretch < 2; stretch++) {
        const start = performance.now();
        for (let n = 0; n < slices; n++) {
          pictures.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
          await painted();
          while (viewer.querySelector('.pending')) await painted();
        }
        rates.push((1000 * slices) / (performance.now() - start));
      }
      return rates;
    },
    [SLICES, LOOKED_AT_MS] as const,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
