/** The part of `npm run bench -- interact` that a user's eyes wait for: VS Code in Chromium, without a GPU. */
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { inNotebook } from './inNotebook.ts';
import { FOLLOW, LOAD, PARAMETER } from './scores.ts';
import { viewerInBrowser } from './viewerInBrowser.ts';

const MOVES = 9;

/** `folder` holds the tables of `writeScores`. */
export async function interactInBrowser(folder: string, patients: number): Promise<void> {
  const compare = [PARAMETER, LOAD.join('\n'), FOLLOW.join('\n')];
  const work = async (frame: Frame) => {
    await frame.locator('.scatterlayer').first().waitFor({ timeout: 30_000 });
    const moves = await movesToPaint(frame);
    console.log(
      `a parameter moved, ${patients} patients, to the forest plot on screen: median ${median(moves).toFixed(0)} ms, slowest ${Math.max(...moves).toFixed(0)} ms`,
    );
  };
  await inNotebook({ notebook: join(folder, 'parameter.lungnb'), sources: compare, work });
  await viewerInBrowser(folder);
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
