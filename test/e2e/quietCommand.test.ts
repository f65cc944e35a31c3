/** The command line measures and compares, and speaks with nobody: nothing leaves the computer, nothing is left on it. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, SAMPLES } from '../../scripts/lib/project.ts';
import { type Recording, record, whyNoRecording } from '../harness/recorder.ts';

const CELLS = [
  ['load "cohort/" as cohort', 'describe cohort'],
  ['quantify cohort with "lung-texture" as ai'],
  ['show cohort "P01" overlay ai plane axial window lung'],
  ['load "reader1.csv" as reader1', 'load "reader2.csv" as reader2', 'score ai at 1, 25, 50, 75 as scored'],
  ['agree scored with reader1 weights linear as first', 'agree reader1 with reader2 weights linear as readers'],
  ['plot readers as scatter for ggo'],
  ['export readers to "results/readers.parquet"'],
];
/** Looks a name up, connects, and writes beside the notebook and where programs keep what is theirs. */
const LOUD = `
  import { writeFileSync } from 'node:fs';
  import { connect } from 'node:net';
  writeFileSync(process.env.HOME + '/identifier', 'x');
  writeFileSync(process.env.TMPDIR + '/left', 'x');
  await fetch('http://collector.example/').catch(() => {});
  await new Promise((resolve) => connect(443, '192.0.2.1').on('error', resolve));`;

const reason = whyNoRecording();
let parent: string;

beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'lungnb-quiet-')));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** A computer on which nothing was run yet. */
function freshPlaces(name: string) {
  const places = Object.fromEntries(
    ['home', 'tmp', 'cache', 'output', 'notes', 'study'].map((folder) => [folder, join(parent, name, folder)]),
  ) as Record<'home' | 'tmp' | 'cache' | 'output' | 'notes' | 'study', string>;
  for (const folder of Object.values(places)) mkdirSync(folder, { recursive: true });
  return places;
}

const run = (command: readonly string[], places: ReturnType<typeof freshPlaces>): Promise<Recording> =>
  record(command, {
    folder: places.study,
    notes: places.notes,
    environment: { HOME: places.home, TMPDIR: places.tmp },
  });

describe.skipIf(reason)(`the command line${reason ? ` (${reason})` : ''}`, () => {
  it('makes no connection, and writes to its cache and its outputs alone', async () => {
    const places = freshPlaces('command');
    const { study, cache, output } = places;
    mkdirSync(join(study, 'cohort'));
    symlinkSync(join(SAMPLES, 'cohort', 'P01'), join(study, 'cohort', 'P01'), 'junction');
    for (const file of ['reader1.csv', 'reader2.csv']) copyFileSync(join(SAMPLES, file), join(study, file));
    const cells = CELLS.map((source) => ({ kind: 'code', source }));
    writeFileSync(join(study, 'study.lungnb'), JSON.stringify({ lungnb: 1, cells }));
    const results = { html: 'report.html', json: 'results.json', out: 'executed.lungnb' };
    const files = Object.entries(results).flatMap(([option, name]) => [`--${option}`, join(output, name)]);
    const command = [process.execPath, CLI, 'run', 'study.lungnb', '--cache', cache, ...files];
    const { code, output: said, threads, unroutable } = await run(command, places);
    expect(said).toContain('Agreement of reader1 with reader2');
    expect(code).toBe(0);
    expect(threads.flatMap(({ reached }) => reached)).toEqual([]);
    expect(unroutable).toBe(0);
    const written = [...new Set(threads.flatMap((thread) => thread.written))].sort();
    for (const name of Object.values(results)) expect(readdirSync(output)).toContain(name);
    expect(written.some((path) => path.startsWith(join(cache, 'measured-cts')))).toBe(true);
    const allowed = [cache, output, places.tmp, join(study, 'results')];
    expect(
      written.filter((path) => !allowed.some((folder) => path === folder || path.startsWith(`${folder}/`))),
    ).toEqual([]);
    expect(readdirSync(places.tmp)).toEqual([]);
    expect(readdirSync(places.home)).toEqual([]);
  }, 300_000);
});

describe.skipIf(reason)('the recorder', () => {
  it('sees look-ups, connections, and files', async () => {
    const places = freshPlaces('loud');
    const { threads, unroutable } = await run([process.execPath, '--input-type=module', '-e', LOUD], places);
    const reached = threads.flatMap((thread) => thread.reached);
    expect(reached).toContain('192.0.2.1 port 443');
    expect(reached.filter((one) => !one.startsWith('192.0.2.1'))).not.toEqual([]);
    expect(unroutable).toBeGreaterThan(0);
    expect(threads.flatMap(({ written }) => written)).toEqual([
      join(places.home, 'identifier'),
      join(places.tmp, 'left'),
    ]);
  });
});
