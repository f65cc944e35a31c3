import { openWorkbench, outputFrame } from '../test/harness/workbench.ts';
import { MEASUREMENT_CACHE } from './lib/project.ts';
const [theme = 'Default Light Modern', size = '1280x6000', tag = 'a'] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
const { page, close } = await openWorkbench({ workspaceFolder: '/tmp/tb/ws', notebook: '/tmp/tb/ws/done.lungnb', cacheFolder: MEASUREMENT_CACHE, theme: theme as never, size: { width: width!, height: height! } });
try {
  const frame = await outputFrame(page);
  await page.waitForTimeout(6000);
  await page.screenshot({ path: `/tmp/tb/${tag}-page.png`, clip: { x: 0, y: 0, width: width!, height: Math.min(height!, 2600) } });
  for (const [n, output] of (await frame.locator('.output_container').all()).entries())
    if (await output.isVisible()) await output.screenshot({ path: `/tmp/tb/${tag}-${n + 1}.png` });
} finally { await close(); }
