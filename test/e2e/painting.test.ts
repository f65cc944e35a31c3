/** Slices painted by a graphics processor and by the browser's canvas: the same bytes, also after the processor was lost. */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/lib/project.ts';
import { startBrowser } from '../harness/browser.ts';

/** Puts `paintBoth` into the page, which tells how many bytes of the two pictures differ and whether WebGL drew its own. */
const PROGRAM = `
import { shownClasses } from './src/protocol/shownClasses.ts';
import { createPaint } from './src/webview/viewer/paint.ts';
import { createGpuPainter } from './src/webview/viewer/paintByGpu.ts';
// Every HU there is and beyond, at sizes whose rows are no whole number of words.
const slice = (width, height) => {
  const count = width * height;
  const hu = Int16Array.from({ length: count }, (_, p) => (p * 7919) % 6000 - 2000);
  return { plane: 'axial', index: 0, width, height, pixelWidthMm: 1, pixelHeightMm: 1, hu,
    lobes: Uint8Array.from({ length: count }, (_, p) => ((p % width) / 9 + p / width / 7) % 6),
    textures: Uint8Array.from({ length: count }, (_, p) => p % 7) };
};
const classes = shownClasses(undefined);
const shown = new Set(classes.map(({ name }) => name).filter((name) => name !== 'normal'));
const overlay = { classes, shown, lobeLines: true, opacity: 0.37 };
const window1 = { centre: -600, width: 1500 };
const slices = [slice(201, 99), slice(64, 150), { ...slice(33, 21), lobes: undefined, textures: undefined }];
const displays = [
  { window: window1, overlay }, { window: window1, overlay: undefined }, { window: { centre: 40, width: 1 }, inverted: true, overlay },
  { window: { centre: 40, width: 400 }, overlay: { ...overlay, lobeLines: false, opacity: 1, shown: new Set() } },
];
const pixels = (canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
const gpu = createGpuPainter({ evenInSoftware: true });
let drawnByGpu = 0;
const counted = gpu && { paint: (...all) => { const drawn = gpu.paint(...all); drawnByGpu += drawn; return drawn; } };
const [one, other] = [document.createElement('canvas'), document.createElement('canvas')];
const [byGpu, byCanvas] = [createPaint(one, () => counted), createPaint(other, () => undefined)];
window.paintBoth = () => {
  drawnByGpu = 0;
  let differing = 0, painted = 0;
  for (const s of slices) for (const display of displays) {
    byGpu(s, display);
    byCanvas(s, display);
    const [a, b] = [pixels(one), pixels(other)];
    if (a.length !== b.length || a.length !== 4 * s.hu.length) differing += Infinity;
    for (let n = 0; n < a.length; n++) differing += a[n] !== b[n];
    painted++;
  }
  return { differing, painted, drawnByGpu };
};
window.chosen = () => createGpuPainter() !== undefined;
window.lose = (isLost) => {
  const extension = window.glContext.getExtension('WEBGL_lose_context') ?? window.extension;
  window.extension ??= extension;
  return new Promise((resolve) => {
    window.glContext.canvas.addEventListener(isLost ? 'webglcontextlost' : 'webglcontextrestored', () => setTimeout(resolve), { once: true });
    if (isLost) extension.loseContext(); else extension.restoreContext();
  });
};`;

interface Painted {
  readonly differing: number;
  readonly painted: number;
  readonly drawnByGpu: number;
}

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser({ hasGpu: true });
  page = await browser.newPage();
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: PROJECT },
    bundle: true,
    write: false,
    format: 'iife',
  });
  // The context that the program makes, so that it can be lost.
  await page.evaluate(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    Object.assign(HTMLCanvasElement.prototype, {
      getContext(this: HTMLCanvasElement, ...all: Parameters<typeof getContext>) {
        const context = getContext.apply(this, all);
        if (all[0] === 'webgl2') Object.assign(window, { glContext: context });
        return context;
      },
    });
  });
  await page.addScriptTag({ content: outputFiles[0]!.text });
}, 60_000);

afterAll(() => browser?.close());

// SAFETY: the program put it there.
const paintBoth = () => page.evaluate(() => (window as unknown as { paintBoth(): Painted }).paintBoth());
const lose = (isLost: boolean) =>
  // SAFETY: likewise.
  page.evaluate((lost) => (window as unknown as { lose(lost: boolean): Promise<void> }).lose(lost), isLost);

it('gives the same bytes by WebGL and by canvas, while its context is lost by canvas, and by WebGL again when it is back', async () => {
  expect(await paintBoth()).toEqual({ differing: 0, painted: 12, drawnByGpu: 12 });
  await lose(true);
  expect(await paintBoth()).toEqual({ differing: 0, painted: 12, drawnByGpu: 0 });
  await lose(false);
  expect(await paintBoth()).toEqual({ differing: 0, painted: 12, drawnByGpu: 12 });
});

it('does not take WebGL that is reckoned in software, which is slower', async () => {
  // SAFETY: likewise.
  expect(await page.evaluate(() => (window as unknown as { chosen(): boolean }).chosen())).toBe(false);
});
