/** NiiVue on the same CT, in the same browser, with a label map laid over: what it takes to show, and to scroll. */
import { build } from 'esbuild';
import { MEASUREMENT_CACHE, PROJECT } from '../../scripts/lib/project.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import type { Grid, Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { createSession } from '../../src/kernel/session/session.ts';
import { startBrowser } from '../harness/browser.ts';

const SIZE_PX = 800;
const ORIGIN = 'http://niivue.test';

const PROGRAM = `
import { Niivue, NVImage } from '@niivue/niivue';
window.look = async (files, slices) => {
  const canvas = document.querySelector('canvas');
  const nv = new Niivue({ isResizeCanvas: false, show3Dcrosshair: false });
  await nv.attachToCanvas(canvas);
  nv.setSliceType(nv.sliceTypeAxial);
  const start = performance.now();
  await nv.loadVolumes(files.map((url, n) => n ? { url, colormap: 'red', opacity: 0.5 } : { url, cal_min: -1350, cal_max: 150 }));
  nv.gl.finish();
  const loaded = performance.now() - start;
  const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const begin = performance.now();
  for (let n = 0; n < slices; n++) {
    nv.moveCrosshairInVox(0, 0, 1);
    nv.gl.finish();
    await painted();
  }
  return [loaded, (1000 * slices) / (performance.now() - begin), nv.gl.getParameter(nv.gl.RENDERER)];
};`;

/**
 * `ct` is a file or folder with one CT; of `every` 2 voxels across, down and along one is taken. In a browser of its own,
 * which it may end: without a GPU a CT of 512 × 512 × 275 is too much for it.
 */
export async function niivueInBrowser(ct: string, slices: number, every = 1): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: PROJECT },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    minify: true,
  });
  const volume = thinned(await volumeOf(ct), every);
  // As much to draw as the textures of a lung: what is less dense than soft tissue and denser than air.
  const labels = new Uint8Array(volume.hu.length);
  for (const [v, hu] of volume.hu.entries()) labels[v] = hu > -980 && hu < -500 ? 1 : 0;
  const files: Readonly<Record<string, Buffer>> = {
    '/ct.nii': nifti(volume, volume.hu),
    '/labels.nii': nifti(volume, labels),
  };
  const browser = await startBrowser({ hasGpu: true });
  const page = await browser.newPage();
  await page.setViewportSize({ width: SIZE_PX, height: SIZE_PX });
  await page.route(`${ORIGIN}/**`, (route) => {
    const body = files[new URL(route.request().url()).pathname];
    return body
      ? route.fulfill({ body, contentType: 'application/octet-stream' })
      : route.fulfill({ body: `<canvas width="${SIZE_PX}" height="${SIZE_PX}"></canvas>`, contentType: 'text/html' });
  });
  try {
    await page.goto(`${ORIGIN}/`);
    await page.addScriptTag({ content: outputFiles[0]!.text });
    const [loaded, rate, renderer] = await page.evaluate(
      ([urls, count]) =>
        // SAFETY: the program above put it there.
        (window as unknown as { look(urls: readonly string[], count: number): Promise<[number, number, string]> }).look(
          urls,
          count,
        ),
      [Object.keys(files).map((path) => `${ORIGIN}${path}`), slices] as const,
    );
    console.log(
      `  NiiVue, the same CT as NIfTI with a label map (${volume.size.join(' × ')}), ${SIZE_PX} × ${SIZE_PX} pixels: first picture ${loaded.toFixed(0)} ms, ${rate.toFixed(0)} slices per second (${renderer})`,
    );
  } finally {
    await browser.close();
  }
}

async function volumeOf(ct: string): Promise<Volume> {
  const options = { notebookFolder: PROJECT, cacheFolder: MEASUREMENT_CACHE, modelFolders: [], parameters: {} };
  const session = createSession(options, { progress: () => {}, output: () => {} });
  const { problem } = await session.runCell({ cellId: 'load', source: `load ${JSON.stringify(ct)} as ct` });
  const value = session.names().get('ct');
  await session.close();
  if (value?.kind !== 'cohort') throw new Error(problem?.message ?? 'no CT was loaded');
  return (await readSeries(value.cohort.patients[0]!.series[0]!, unattended)).volume;
}

function thinned({ hu, size, affine }: Volume, every: number): Volume {
  if (every === 1) return { hu, size, affine };
  const [nx, ny] = size;
  const length = (axis: 0 | 1 | 2) => Math.floor(size[axis] / every);
  const [mx, my, mz] = [length(0), length(1), length(2)];
  const taken = new Int16Array(mx * my * mz);
  for (let k = 0, v = 0; k < mz; k++)
    for (let j = 0; j < my; j++) for (let i = 0; i < mx; i++, v++) taken[v] = hu[((k * ny + j) * nx + i) * every]!;
  return { hu: taken, size: [mx, my, mz], affine: affine.map((value, n) => (n % 4 === 3 ? value : value * every)) };
}

/** A NIfTI-1 file; its patient axes run to the left and back where ours run to the right and front. */
function nifti({ size, affine }: Grid, voxels: Int16Array | Uint8Array): Buffer {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  for (const [n, value] of [3, ...size, 1, 1, 1, 1].entries()) header.writeInt16LE(value, 40 + 2 * n);
  header.writeInt16LE(voxels instanceof Int16Array ? 4 : 2, 70);
  header.writeInt16LE(8 * voxels.BYTES_PER_ELEMENT, 72);
  const spacing = [0, 1, 2].map((axis) => Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!));
  for (const [n, value] of [1, ...spacing].entries()) header.writeFloatLE(value, 76 + 4 * n);
  header.writeFloatLE(header.length, 108);
  header.writeFloatLE(1, 112);
  header.writeInt16LE(1, 254);
  for (let n = 0; n < 12; n++) header.writeFloatLE((n < 8 ? -1 : 1) * affine[n]!, 280 + 4 * n);
  header.write('n+1\0', 344, 'latin1');
  return Buffer.concat([header, Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength)]);
}
