/** VS Code with LungNB in it, measuring: the kernel speaks with nobody, and what is drawn asks for nothing of another host. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '../../scripts/lib/project.ts';
import { installServer } from '../../scripts/lib/vscodeServer.ts';
import { type RecordedThread, type Recording, record, whyNoRecording } from '../harness/recorder.ts';

const SESSION = join(import.meta.dirname, '../harness/quietSession.ts');
const CELLS = [
  ['load "cohort/" as cohort'],
  ['quantify cohort with "lung-texture" as ai'],
  ['show cohort "P02" overlay ai plane axial window lung'],
  ['load "reader1.csv" as reader1', 'load "reader2.csv" as reader2', 'agree reader1 with reader2 as readers'],
  ['plot readers as scatter for ggo'],
];

const reason = whyNoRecording();
let parent: string;
const place = (name: string) => join(parent, name);
let recording: Recording;
let requests: { frame: string; url: string }[];

/** The kernel's process with all that it started. */
const kernel = (): RecordedThread[] => {
  const own = recording.threads.filter(({ program }) => program.includes('/out/kernel/main.js')).map(({ id }) => id);
  return recording.threads.filter(({ lineage }) => lineage.some((id) => own.includes(id)));
};

beforeAll(async () => {
  if (reason) return;
  // Nothing can be fetched where the session runs.
  await installServer();
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'lungnb-quiet-')));
  for (const folder of ['home', 'tmp', 'cache', 'notes', 'study/cohort']) mkdirSync(place(folder), { recursive: true });
  symlinkSync(join(SAMPLES, 'cohort', 'P02'), place('study/cohort/P02'), 'junction');
  for (const file of ['reader1.csv', 'reader2.csv']) copyFileSync(join(SAMPLES, file), join(place('study'), file));
  const cells = CELLS.map((source) => ({ kind: 'code', source }));
  writeFileSync(place('study/study.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  const session = [SESSION, place('study/study.lungnb'), place('cache'), place('requests.json')];
  recording = await record([process.execPath, ...session], {
    folder: place('study'),
    notes: place('notes'),
    environment: { HOME: place('home'), TMPDIR: place('tmp') },
  });
  if (recording.code !== 0) throw new Error(`The session in VS Code failed:\n${recording.output}`);
  requests = JSON.parse(readFileSync(place('requests.json'), 'utf8'));
}, 420_000);
afterAll(() => {
  if (parent) rmSync(parent, { recursive: true, force: true });
});

describe.skipIf(reason)(`LungNB in VS Code${reason ? ` (${reason})` : ''}`, () => {
  it('has a kernel that makes no connection and looks up no name', () => {
    // Its threads, among them the one that runs the networks.
    expect(kernel().length).toBeGreaterThan(5);
    expect(kernel().flatMap(({ reached }) => reached)).toEqual([]);
  });

  it('has a kernel that writes to its cache alone', () => {
    const written = [...new Set(kernel().flatMap((thread) => thread.written))];
    expect(written.some((path) => path.startsWith(place('cache/measured-cts/')))).toBe(true);
    expect(written.filter((path) => !path.startsWith(place('cache/')))).toEqual([]);
  });

  it('draws without asking another host: its page’s frames fetch its own files alone', () => {
    const drawn = requests.filter(({ frame }) => frame.includes('/webview/'));
    expect(drawn.some(({ url }) => url.endsWith('/out/webview/renderer.js'))).toBe(true);
    // VS Code's name for the files of its server, here one on localhost: its service worker answers, and no network is asked.
    const others = drawn.filter(
      ({ url }) => /^(https?|wss?):/.test(url) && !/^https?:\/\/(localhost:|vscode-remote\+localhost-)/.test(url),
    );
    expect(others).toEqual([]);
  });

  it('tries nothing in the extension host; what VS Code’s server and the browser try themselves is listed', () => {
    const own = new Set(kernel().map(({ id }) => id));
    const tried = recording.threads
      .filter(({ id, reached }) => reached.length && !own.has(id))
      .map(({ program, reached }) => `${nameOf(program)}: ${[...new Set(reached)].join(', ')}`);
    const asked = requests
      .map(({ url }) => URL.parse(url)?.host ?? '')
      .filter((host) => host && !/^localhost:|^vscode-remote\+localhost-/.test(host))
      .map((host) => `the page: ${host}`);
    console.log(`Tried by others than LungNB:\n  ${[...new Set([...tried, ...asked])].sort().join('\n  ')}`);
    // The extension host, in which LungNB's extension runs, tries nothing at all.
    expect(tried.filter((line) => !/^(Chromium|VS Code’s server):/.test(line))).toEqual([]);
  });
});

function nameOf(program: string): string {
  if (program.includes('--type=extensionHost')) return 'VS Code’s extension host';
  if (program.includes('server-main.js')) return 'VS Code’s server';
  return /chromium|chrome|network\.mojom/.test(program) ? 'Chromium' : program;
}
