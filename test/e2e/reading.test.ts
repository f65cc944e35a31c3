/** A reader who reads twelve cases by keyboard alone, whose kernel is killed once and whose window once. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDicomSeries } from '../../samples/phantom/dicom.ts';
import { CLI } from '../../scripts/lib/project.ts';
import { axisAlignedAffine, type Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { answersNow, type ScoresFile } from '../../src/protocol/reading/scores.ts';
import { parseScores } from '../../src/protocol/reading/scoresFile.ts';
import { openWorkbench, type Workbench } from '../harness/workbench.ts';

/** Ten patients, two of them shown twice. */
const PATIENTS = Array.from({ length: 10 }, (_, n) => `Roe-${n + 11}`);
const FIELDS = ['total', 'RUL', 'RML', 'RLL', 'LUL', 'LLL'].map((region) => `${region} ggo`).concat('total confidence');
const CELLS = [
  'load "cohort/" as cohort',
  'read cohort for ggo by region ask confidence, comment repeats 2 seed 7 manual "manual.md" as reader3',
];
/** What only the DICOM files say, and the cohort's folder. */
const HIDDEN = ['Vendorware', 'B60hidden', '20260101', 'Drawn chest', '1.2.826', '2.25.', 'cohort/', 'lungnb-reading-'];
const SCORES = 'reader3.scores.json';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.LUNGNB_SHOTS;

let workspace: string;
let workbench: Workbench;
let page: Page;
/** Every message that a frame of the room's window heard. */
const heard: string[] = [];

/** A body of soft tissue with two lungs of air, of which another part is dense in each patient. */
function tinyChest(patient: number): Volume {
  const [nx, ny, nz] = [64, 48, 40];
  const hu = new Int16Array(nx * ny * nz).fill(-1000);
  const inside = (x: number, y: number, cx: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - 24) / ry) ** 2 < 1;
  for (let z = 0, n = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, n++) {
        if (!inside(x, y, 32, 29, 21)) continue;
        const isLung = inside(x, y, 19, 10, 14) || inside(x, y, 45, 10, 14);
        hu[n] = isLung ? (z < 4 + patient * 2 && y > 28 ? -550 : -850) : 40;
      }
  return { size: [nx, ny, nz], affine: axisAlignedAffine([5, 5, 6], [-160, -120, 0]), hu };
}

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'lungnb-reading-'));
  const tags = { manufacturer: 'Vendorware', convolutionKernel: 'B60hidden', sliceThicknessMm: 6 };
  for (const [n, patientId] of PATIENTS.entries())
    writeDicomSeries(join(workspace, 'cohort', patientId), tinyChest(n), { patientId, ...tags });
  writeFileSync(join(workspace, 'manual.md'), '# How to score\n\n- 0: none\n- 1: **less than a quarter**\n');
  const cells = CELLS.map((source) => ({ kind: 'code', source: [source] }));
  writeFileSync(join(workspace, 'study.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  workbench = await openWorkbench({
    workspaceFolder: workspace,
    notebook: join(workspace, 'study.lungnb'),
    cacheFolder: join(workspace, '.cache'),
    size: { width: 1280, height: 720 },
    onPage: listen,
  });
  page = workbench.page;
}, 300_000);

afterAll(async () => {
  await workbench?.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** What VS Code hands to the frames of its webviews comes by a port, or by their window. */
async function listen(to: Page): Promise<void> {
  await to.exposeFunction('lungnbHeard', (text: string) => void heard.push(text));
  await to.addInitScript(() => {
    const hear = (data: unknown) => {
      const text = JSON.stringify(data) ?? '';
      // SAFETY: the test exposed it above.
      const { lungnbHeard } = globalThis as unknown as { lungnbHeard?: (text: string) => void };
      if (/"type":"(?:form|case|slices|slice|closed|over|saved)"/.test(text)) lungnbHeard?.(text);
    };
    window.addEventListener('message', ({ data }) => hear(data));
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (this: MessagePort, ...[message, ...others]: [unknown]) {
      hear(message);
      return post.apply(this, [message, ...others]);
    };
  });
}

/** The frame of the reading room. */
async function roomFrame(selector = '.room'): Promise<Frame> {
  let found: Frame | undefined;
  await expect
    .poll(
      async () => {
        for (const frame of page.frames())
          if (
            await frame
              .locator(selector)
              .count()
              .catch(() => 0)
          )
            found = frame;
        return found !== undefined;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return found!;
}

function scores(): ScoresFile {
  return parseScores(readFileSync(join(workspace, SCORES), 'utf8'), SCORES);
}

/** What the reader would say of a case's field. */
const wanted = (place: number, field: number) => (field === FIELDS.length - 1 ? 1 + (place % 5) : (place + field) % 5);

async function type(place: number, from = 0, to = FIELDS.length): Promise<void> {
  for (let field = from; field < to; field++) await page.keyboard.press(String(wanted(place, field)));
}

async function atCase(frame: Frame, place: number): Promise<void> {
  await expect.poll(() => frame.getByTestId('case-number').textContent()).toBe(`Case ${place} of 12`);
  await frame.locator('canvas').first().waitFor({ timeout: 30_000 });
}

/** So many answers of a case are in the file, and the window says so. */
async function saved(frame: Frame, place: number, answers: number): Promise<void> {
  await expect.poll(() => frame.getByTestId('saving').textContent()).toBe('Saved');
  const kept = () => scores().sessions[0]?.read.find((one) => one.case === place)?.answers.length;
  await expect.poll(kept).toBe(answers);
}

/** Keys go to the frame: VS Code gives it the focus some time after it has opened it, or keeps it while it starts. */
async function hasKeys(frame: Frame, focus?: () => Promise<void>): Promise<void> {
  const isFocused = async () => {
    await focus?.();
    return frame.evaluate(() => document.hasFocus());
  };
  await expect.poll(isFocused, { timeout: 30_000 }).toBe(true);
}

/** By the palette, once it has found the command. */
async function runCommand(title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.locator('.quick-input-widget input:focus').waitFor({ timeout: 30_000 });
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor({ timeout: 30_000 });
  await page.keyboard.press('Enter');
}

async function shot(name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** The pictures are the viewer's, which accessibility.test.ts looks at: axe takes the rim of letters for their colour. */
async function looks(frame: Frame): Promise<void> {
  await frame.evaluate(AXE);
  const violations = () =>
    frame.evaluate(
      `axe.run({ exclude: [{ fromShadowDom: ['#view', '.pictures'] }] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + JSON.stringify(nodes[0].target) + ' ' + nodes[0].failureSummary))`,
    );
  // While VS Code moves its bars, axe takes what lies under a text for something else.
  await expect.poll(violations).toEqual([]);
}

/** The kernel among the processes that the server started. */
function kernelOf(folder: string): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isKernel = (id: string) => {
    try {
      const [command, environment] = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${id}/${file}`, 'utf8'));
      return command!.includes('out/kernel/main.js') && environment!.includes(folder);
    } catch {
      // It ended meanwhile, or is somebody else's.
      return false;
    }
  };
  return Number(processes.find(isKernel));
}

/** The extension host is the kernel's parent. */
const parentOf = (id: number) => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]);

it('reads twelve cases by keyboard alone, loses no answer to two kills, and is told nothing that it must not know', async () => {
  await runCommand('LungNB: Read as');
  let frame = await roomFrame('[data-testid="reading-room"]');
  await atCase(frame, 1);
  await frame.locator('.cell.current').waitFor();
  await hasKeys(frame);
  await shot('room-1280');
  await looks(frame);

  // Unanswered fields are told before the case is left, and hold nobody.
  await type(1, 0, 2);
  await page.keyboard.press('Enter');
  await expect.poll(() => frame.getByTestId('unanswered').textContent()).toMatch(/RML.*Next once more goes on without/);
  await shot('room-missing');
  await type(1, 2);
  await page.keyboard.press('?');
  await frame.getByTestId('room-keys').waitFor();
  await shot('room-keys');
  await page.keyboard.press('?');
  await page.keyboard.press('h');
  await expect.poll(() => frame.getByTestId('manual-text').textContent()).toContain('less than a quarter');
  await page.keyboard.press('h');
  // Scrolling is the viewer's, whatever has the focus.
  const index = () => frame.locator('canvas').first().getAttribute('data-index');
  const before = await index();
  await page.keyboard.press('f');
  await expect.poll(index).toBe(String(Number(before) + 1));

  for (let place = 1; place <= 4; place++) {
    if (place > 1) {
      await atCase(frame, place);
      await type(place);
    }
    await page.keyboard.press('Enter');
  }
  await atCase(frame, 5);
  await type(5, 0, 4);
  await saved(frame, 5, 4);
  process.kill(kernelOf(workspace), 'SIGKILL');
  await frame.getByTestId('room-action').waitFor();
  await hasKeys(frame);
  await shot('room-ended');
  await page.keyboard.press('Enter');
  await atCase(frame, 5);
  await type(5, 4);
  await page.keyboard.press('Enter');
  for (let place = 6; place <= 8; place++) {
    await atCase(frame, place);
    await type(place);
    await page.keyboard.press('Enter');
  }
  await atCase(frame, 9);
  await type(9, 0, 3);
  await saved(frame, 9, 3);

  // The window goes with all that runs in it and for it, and is opened again.
  process.kill(parentOf(kernelOf(workspace)), 'SIGKILL');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.setViewportSize({ width: 3840, height: 2160 });
  await page.goto(workbench.server.url, { timeout: 120_000 });
  // The address that the test opens puts the notebook before it.
  await page.getByRole('tab', { name: /^(Reading|case)/ }).click();
  frame = await roomFrame();
  await hasKeys(frame, () => frame.getByTestId('room-action').focus());
  await page.keyboard.press('Enter');
  await atCase(frame, 9);
  await expect.poll(() => frame.locator('.cell').first().textContent()).toBe(String(wanted(9, 0)));
  await shot('room-4k');
  await type(9, 3);
  await page.keyboard.press('Enter');
  for (let place = 10; place <= 12; place++) {
    await atCase(frame, place);
    await type(place);
    await page.keyboard.press('Enter');
  }
  await frame.getByTestId('room-over').waitFor();
  await looks(frame);

  const [session] = scores().sessions;
  for (const { case: place, isDone, answers } of session!.read) {
    expect(isDone).toBe(true);
    const now = answersNow({ answers }, false);
    expect([place, ...FIELDS.map((key) => now.get(key))]).toEqual([place, ...FIELDS.map((_, n) => wanted(place, n))]);
  }
  expect(session!.read).toHaveLength(12);
  await agreesWithWhatWasTyped();

  const told = heard.join('\n');
  expect(heard.filter((text) => text.includes('"case"')).length).toBeGreaterThan(11);
  const shown = await Promise.all([frame.content(), page.locator('.tabs-container').first().innerHTML()]);
  for (const hidden of [...PATIENTS, ...HIDDEN])
    expect([hidden, [told, shown[0]].filter((text) => text.includes(hidden)).length]).toEqual([hidden, 0]);
  expect(PATIENTS.filter((label) => shown[1]!.includes(label))).toEqual([]);
}, 300_000);

/** The table of the file, against what was typed, by the command line. */
function agreesWithWhatWasTyped(): void {
  const [session] = scores().sessions;
  const rows = session!.cases
    .filter(({ repeat }) => repeat === 1)
    .flatMap(({ case: place, patient }) =>
      FIELDS.slice(0, 6).map((key, n) => `${patient},${key.split(' ')[0]},ggo,${wanted(place, n)}`),
    );
  writeFileSync(join(workspace, 'typed.csv'), ['patient,region,class,score', ...rows].join('\n'));
  const cells = [...CELLS, 'load "typed.csv" as typed\nagree reader3 with typed by region for ggo as ag'];
  const notebook = join(workspace, 'check.lungnb');
  writeFileSync(
    notebook,
    JSON.stringify({ lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: source.split('\n') })) }),
  );
  const json = join(workspace, 'check.json');
  execFileSync(process.execPath, [CLI, 'run', notebook, '--cache', join(workspace, '.cache'), '--json', json]);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as {
    results: Record<string, { rows: { n: number; percent_agreement: number }[] }>;
  };
  expect(results.ag!.rows.map(({ n, percent_agreement }) => [n, percent_agreement])).toEqual(
    FIELDS.slice(0, 6).map(() => [10, 100]),
  );
}
