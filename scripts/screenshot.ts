/**
 * `npm run screenshot -- FOLDER`: pictures of a notebook as VS Code shows it, into FOLDER.
 * Options: --notebook FILE (default: the quick start), --theme light|dark|contrast, --size 1280x900, --still (do not run),
 * --show TEST-ID (scroll until that part of an output, such as slice-viewer or figure, is in view),
 * --outputs (also one picture per output; give a tall --size such as 1280x9000, since VS Code draws only what is in view).
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allCellsEnded, openWorkbench, outputFrame, runAll, type Theme } from '../test/harness/workbench.ts';
import { MEASUREMENT_CACHE, QUICKSTART } from './lib/project.ts';

const THEMES: Readonly<Record<string, Theme>> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};
const RUN_TIMEOUT_MS = 600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    notebook: { type: 'string', default: QUICKSTART },
    theme: { type: 'string', default: 'dark' },
    size: { type: 'string', default: '1280x900' },
    still: { type: 'boolean', default: false },
    show: { type: 'string' },
    outputs: { type: 'boolean', default: false },
  },
});
const folder = resolve(positionals[0] ?? 'out/screenshots');
const notebook = resolve(values.notebook);
const theme = THEMES[values.theme];
const [width = 1280, height = 900] = values.size.split('x').map(Number);
if (!theme) throw new Error(`--theme is one of ${Object.keys(THEMES).join(', ')}.`);

mkdirSync(folder, { recursive: true });
const {
  page,
  console: messages,
  close,
} = await openWorkbench({
  workspaceFolder: dirname(notebook),
  notebook,
  cacheFolder: MEASUREMENT_CACHE,
  theme,
  size: { width, height },
});
try {
  if (!values.still) {
    await runAll(page);
    await allCellsEnded(page, RUN_TIMEOUT_MS);
  }
  if (values.show) await scrollTo(values.show);
  // Lets figures finish drawing.
  await page.waitForTimeout(3000);
  await page.screenshot({ path: join(folder, `notebook-${values.theme}.png`) });
  if (values.outputs) {
    const frame = await outputFrame(page);
    for (const [n, output] of (await frame.locator('.output_container').all()).entries())
      if (await output.isVisible())
        await output.screenshot({ path: join(folder, `output-${values.theme}-${n + 1}.png`) });
  }
  for (const message of messages) if (message.startsWith('page error')) console.log(message);
} finally {
  await close();
}
async function scrollTo(testId: string): Promise<void> {
  const frame = await outputFrame(page);
  await page.keyboard.press('Control+b');
  // Over the gutter, where the wheel scrolls the notebook and nothing inside it.
  await page.mouse.move(width - 40, height / 2);
  for (let turns = 0; turns < 100; turns++) {
    const place = await frame
      .getByTestId(testId)
      .first()
      .boundingBox({ timeout: 200 })
      .catch(() => null);
    if (place && place.y > 0 && place.y < height / 4) {
      await page.mouse.move(0, 0);
      return;
    }
    await page.mouse.wheel(0, place && place.y < 0 ? -120 : 120);
    await page.waitForTimeout(150);
  }
  throw new Error(`Nothing called ${testId} came into view.`);
}

console.log(`Pictures are in ${folder}.`);
