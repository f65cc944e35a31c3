import { startBrowser } from '../test/harness/browser.ts';
const b = await startBrowser(); const c = await b.newContext({ hasTouch: true, isMobile: true, viewport: { width: 900, height: 900 } });
const p = await c.newPage(); let n = 0;
p.on('console', (m) => { if (n++ < 60) console.log(m.text().slice(0, 100)); });
await p.goto('file:///tmp/tb/ws/done.html');
const f = p.getByTestId('figure').first(); await f.scrollIntoViewIfNeeded(); await p.waitForTimeout(1500);
const cdp = await c.newCDPSession(p);
const pt = f.locator('.scatterlayer .points path').first();
const box = (await pt.boundingBox())!; const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];

void p.touchscreen.tap(x, y).catch(() => {});
for (let k = 0; k < 0; k++) {
await new Promise((r) => setTimeout(r, 700));
const paused = new Promise<any>((r) => cdp.once('Debugger.paused', r));
void cdp.send('Debugger.pause');
const e = await Promise.race([paused, new Promise<any>((r) => setTimeout(() => r({ callFrames: [] }), 2000))]);
console.log(k, e.callFrames.length, e.callFrames.map((f: any) => f.functionName).join(' < ').slice(0, 1500));
await cdp.send('Debugger.resume').catch(() => {});
}
await new Promise((r) => setTimeout(r, 3000)); process.exit(0);
