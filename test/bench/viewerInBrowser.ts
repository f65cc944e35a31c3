/**
 * The part of `npm run bench -- interact` that looks at slices: how long the first picture takes, how many slices pass in a
 * second, cold and warm, and how long a change of plane takes; beside NiiVue in the same Chromium on the same CT.
 */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { runAll } from '../harness/workbench.ts';
import { inNotebook } from './inNotebook.ts';
import { niivueInBrowser } from './niivueInBrowser.ts';

const SLICES = 50;
/** A user looks at the first slice before scrolling; meanwhile its neighbours are fetched. */
const LOOKED_AT_MS = 2000;
/** A real chest where the shared data is there, a drawn one elsewhere. */
const REAL_CHEST = join(PROJECT, '../shared/data/ct/LIDC-IDRI-0314.zip');
/** In which an editor's picture has 800 pixels. */
const SIZE = { width: 1600, height: 1080 };

/** `folder` is an empty one to work in. */
export async function viewerInBrowser(folder: string): Promise<void> {
  const isReal = existsSync(REAL_CHEST);
  const chest = isReal ? 'chest.zip' : 'chest';
  symlinkSync(isReal ? REAL_CHEST : join(SAMPLES, 'cohort/P01'), join(folder, chest));
  // Its label is told, so that a table of readings can have it too: only a figure with points has patients.
  writeFileSync(join(folder, 'cts.csv'), `patient,path\nP1,${chest}\n`);
  writeFileSync(join(folder, 'readings.csv'), 'patient,region,class,score\nP1,total,reticulation,1\n');
  const cells = [
    'load "cts.csv" as chest\nquantify chest as measured\nshow chest overlay measured',
    'load "readings.csv" as readings\nagree measured with readings as ag\nplot ag as scatter for reticulation',
  ];
  const notebook = join(folder, 'slices.lungnb');
  console.log(`slices of ${isReal ? '512 × 512 × 275' : 'the simulated chest'}:`);
  // Measures the CT, where nobody has.
  await inNotebook({ notebook, sources: cells, size: SIZE, work: async () => {} });
  await inNotebook({
    notebook,
    sources: cells,
    size: SIZE,
    run: async (page) => {
      const start = performance.now();
      await runAll(page);
      await pictureIn(page);
      console.log(
        `  first picture of a measured CT, from Run, the kernel started: ${(performance.now() - start).toFixed(0)} ms`,
      );
    },
    work: async (frame, page) => {
      await frame.getByTestId('open-editor').click();
      const editor = await frameWith(page, 'main#view');
      await editor.getByTestId('slice-canvas').waitFor();
      const { width, height } = (await editor.getByTestId('picture').boundingBox())!;
      const [cold, warm] = await slicesPerSecond(editor);
      console.log(
        `  scrolled by wheel with overlay, in ${width.toFixed(0)} × ${height.toFixed(0)} pixels: cold ${cold!.toFixed(0)} per second, warm ${warm!.toFixed(0)}`,
      );
      console.log(`  change of plane: ${(await planeChanges(editor)).map((ms) => ms.toFixed(0)).join(', ')} ms`);
      await page
        .getByRole('tab', { name: /^Slices: / })
        .getByRole('button', { name: /^Close/ })
        .click();
      // VS Code draws only the outputs in view.
      await page.setViewportSize({ ...SIZE, height: 3 * SIZE.height });
      const fromPlot = await slicesFromPlot(frame);
      console.log(
        `  slices of a point of a plot, from the click: ${fromPlot.map((ms) => ms.toFixed(0)).join(', ')} ms`,
      );
    },
  });
  // Without a GPU its page ends on a CT of this size.
  for (const every of [1, 2])
    await niivueInBrowser(join(folder, chest), SLICES, every).catch(({ message }: Error) =>
      console.log(`  NiiVue did not show it: ${message.split('\n')[0]}`),
    );
}

/** Milliseconds from each click on the patient of a figure until the slices are painted: at first, then again. */
async function slicesFromPlot(outputs: Frame): Promise<number[]> {
  const figure = outputs.getByTestId('figure').first();
  await figure.scrollIntoViewIfNeeded();
  await figure.getByTestId('choose-patients').click();
  await figure.locator('[data-testid^="open-"]').first().waitFor();
  return figure.evaluate(async (element) => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      const start = performance.now();
      element.querySelector<HTMLElement>('[data-testid^="open-"]')!.click();
      while (!element.querySelector('[data-testid="opened-slices"] canvas[data-index]'))
        await new Promise((resolve) => setTimeout(resolve, 0));
      await painted();
      times.push(performance.now() - start);
      element.querySelector<HTMLElement>('[data-testid="close-slices"]')!.click();
      while (element.querySelector('[data-testid="opened-slices"]')) await painted();
    }
    return times;
  });
}

async function pictureIn(page: Page): Promise<void> {
  const frame = await frameWith(page, '[data-testid="slice-canvas"][data-index]');
  await frame.getByTestId('slice-canvas').waitFor();
}

async function frameWith(page: Page, selector: string): Promise<Frame> {
  for (;;) {
    // Frames come and go while VS Code sets its webviews up.
    for (const frame of page.frames())
      if (
        await frame
          .locator(selector)
          .count()
          .catch(() => 0)
      )
        return frame;
    await page.waitForTimeout(20);
  }
}

/** Each slice is painted before the next is asked for: at once after the viewer came, then back over the same ones. */
function slicesPerSecond(frame: Frame): Promise<number[]> {
  return frame.getByTestId('slice-viewer').evaluate(
    async (viewer, [slices, lookedAtMs]) => {
      const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const picture = viewer.querySelector<HTMLElement>('.picture')!;
      const canvas = viewer.querySelector<HTMLCanvasElement>('canvas')!;
      const rates: number[] = [];
      for (const deltaY of [120, -120]) {
        const start = performance.now();
        for (let n = 0; n < slices; n++) {
          const before = canvas.dataset.index;
          picture.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true }));
          while (canvas.dataset.index === before) await painted();
        }
        rates.push((1000 * slices) / (performance.now() - start));
        await new Promise((resolve) => setTimeout(resolve, lookedAtMs));
      }
      return rates;
    },
    [SLICES, LOOKED_AT_MS] as const,
  );
}

/** Milliseconds from each press until the other plane was painted. */
function planeChanges(frame: Frame): Promise<number[]> {
  return frame.getByTestId('slice-viewer').evaluate(async (viewer) => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const canvas = viewer.querySelector<HTMLCanvasElement>('canvas')!;
    const times: number[] = [];
    for (const plane of ['coronal', 'sagittal', 'axial', 'coronal', 'axial']) {
      const start = performance.now();
      viewer.querySelector<HTMLElement>(`[data-testid="plane-${plane}"]`)!.click();
      while (canvas.dataset.plane !== plane) await new Promise((resolve) => setTimeout(resolve, 0));
      await painted();
      times.push(performance.now() - start);
    }
    return times;
  });
}
