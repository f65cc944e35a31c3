import { startBrowser } from '../test/harness/browser.ts';
const b = await startBrowser(); const p = await b.newPage({ viewport: { width: 1860, height: 1000 } });
await p.goto(`file:///tmp/tb/${process.argv[2]}`); await p.waitForTimeout(500);
await p.screenshot({ path: '/tmp/tb/m.png', fullPage: true }); await b.close();
