import { startBrowser } from '../test/harness/browser.ts';
const b = await startBrowser(); const c = await b.newContext({ viewport: { width: 900, height: 900 } });
const p = await c.newPage(); p.on('console', (m) => console.log(m.text().slice(0, 150)));
await p.goto('file:///tmp/tb/ws/done.html');
const f = p.getByTestId('figure').first(); await f.scrollIntoViewIfNeeded(); await p.waitForTimeout(1500);
const cdp = await c.newCDPSession(p);
await cdp.send('Profiler.enable'); await cdp.send('Profiler.start');
await cdp.send('Debugger.enable');
const pt = f.locator('.scatterlayer .points path').first();
const box = (await pt.boundingBox())!;
void p.mouse.click(box.x + box.width / 2, box.y + box.height / 2).catch(() => {});
await new Promise((r) => setTimeout(r, 2500));
for (let k = 0; k < 4; k++) {
const paused = new Promise<any>((r) => cdp.once('Debugger.paused', r));
await Promise.race([cdp.send('Debugger.pause'), new Promise((r) => setTimeout(r, 1000))]);
const { callFrames } = await Promise.race([paused, new Promise<any>((r) => setTimeout(() => r({ callFrames: [] }), 3000))]);
console.log(k, callFrames.length, callFrames.map((f: any) => f.functionName).join(' < '));
const last = callFrames.at(-1); if (last) console.log(last.location);
await cdp.send('Debugger.resume').catch(() => {});
await new Promise((r) => setTimeout(r, 400));
}
process.exit(0);
