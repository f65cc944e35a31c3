/** Cohorts measured by array jobs of a real Slurm: the same bytes as on one computer, whatever happens to its computers. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_SLURM, type SlurmCluster, startSlurm } from '../../harness/slurmCluster.ts';
import { boxOfLung, bringOwnModels } from '../cli/ownModels.ts';
import { niftiFile, writeSeries } from '../ct/helpers.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
const PATIENTS = ['A01', 'A02', 'A03', 'A04'];
const CELL = ['load "cohort" as c', 'quantify c with "my-textures" lobes "my-lobes" as own'];

/** Of the last patient there is no mask. */
const WITH_MASKS = [
  'load "cohort" as c',
  'load "masks" as m labels 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL',
  'quantify c with "my-textures" lobes from m as own',
];

/** A lost computer, a limit of a minute, and much else beside on two cores. */
const PATIENCE_MS = 300_000;

let folder: string;
let cluster: SlurmCluster;
let alone: string;
let late: Promise<Ran>;

/** As root in a container that lets it. */
const MAY_MOUNT = spawnSync('unshare', ['--mount', 'true']).status === 0;

interface Ran {
  readonly code: number | null;
  readonly said: string;
  readonly results: string;
}

/** Runs the notebook; each cache is a run of its own. */
function run(cache: string, ...options: readonly string[]): Promise<Ran> {
  return runNotebook('own.lungnb', cache, ...options);
}

function runNotebook(notebook: string, cache: string, ...options: readonly string[]): Promise<Ran> {
  const out = `${cache}.json`;
  const arguments_ = [CLI, 'run', notebook, '--cache', cache, '--json', out, '--overwrite', ...options];
  const child = spawn(process.execPath, arguments_, { cwd: folder, env: cluster.environment });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  child.stdout.on('data', (data) => {
    said += data;
  });
  // One that was killed has written nothing.
  const written = () => (existsSync(join(folder, out)) ? readFileSync(join(folder, out), 'utf8') : '');
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, said, results: written() })));
}

const slurm = (cache: string, ...options: readonly string[]) => run(cache, '--on', 'slurm', ...options);

describe.skipIf(!HAS_SLURM)('a cohort on Slurm', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lungnb-on-slurm-'));
    for (const [n, patient] of PATIENTS.entries()) {
      const chest = boxOfLung();
      // Each is another CT.
      writeSeries(
        join(folder, 'cohort', patient),
        { ...chest, hu: chest.hu.map((hu) => (hu < -500 ? hu + n : hu)) },
        patient,
      );
    }
    mkdirSync(join(folder, 'masks'));
    const lobes = boxOfLung();
    const labels = { ...lobes, hu: lobes.hu.map((hu, p) => (hu < -500 ? 1 + (p % 5) : 0)) };
    for (const patient of PATIENTS.slice(0, 3))
      writeFileSync(join(folder, 'masks', `${patient}.nii`), niftiFile(labels, 1));
    writeFileSync(join(folder, 'own.lungnb'), JSON.stringify({ lungnb: 1, cells: [{ kind: 'code', source: CELL }] }));
    writeFileSync(
      join(folder, 'given.lungnb'),
      JSON.stringify({ lungnb: 1, cells: [{ kind: 'code', source: WITH_MASKS }] }),
    );
    bringOwnModels(folder);
    cluster = await startSlurm();
    alone = (await run('alone')).results;
    // Slurm's limits are whole minutes: it has until the last test.
    late = slurm('late', '--sbatch=--partition=endless', '--sbatch=--time=1', '--array-size', '1');
  }, PATIENCE_MS);

  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'gives the same bytes as one computer',
    async () => {
      const { code, said, results } = await slurm('shared');
      expect(said).toContain('Slurm job');
      expect(code).toBe(0);
      expect(results).toBe(alone);
      expect(results).toContain('"A04"');
    },
    PATIENCE_MS,
  );

  it(
    'measures with masks as one computer does, and tells of the CT that has none',
    async () => {
      const here = await runNotebook('given.lungnb', 'given here');
      const { code, said, results } = await runNotebook('given.lungnb', 'given', '--on', 'slurm');
      expect(said).toContain('Slurm job');
      expect([code, here.code]).toEqual([0, 0]);
      expect(results).toBe(here.results);
      expect(results).toContain('`m` has no mask of A04');
      expect(results).toContain('"RUL"');
    },
    PATIENCE_MS,
  );

  it(
    'submits, goes away, and is taken up by the same command later',
    async () => {
      const submitted = await slurm('later', '--no-wait');
      expect(submitted.code).toBe(0);
      expect(submitted.said).toMatch(/cell \d+: Slurm has 4 CTs to measure \(job \d+\)\. Run again/);
      const { code, results } = await slurm('later');
      expect(code).toBe(0);
      expect(results).toBe(alone);
      expect(jobsOf('later')).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'loses nothing when a computer is killed with what it measures',
    async () => {
      cluster.hold();
      const running = slurm('killed');
      await until(() => runningTasks() === 2);
      cluster.kill('node1');
      cluster.release();
      const { code, results } = await running;
      cluster.start('node1');
      expect(code).toBe(0);
      expect(results).toBe(alone);
    },
    PATIENCE_MS,
  );

  it(
    'measures again only what a cancelled array has left',
    async () => {
      cluster.hold();
      const running = slurm('cancelled', '--array-size', '4');
      await until(() => runningTasks() === 2);
      // The third and fourth wait; the others go on.
      cluster.ask(
        'scancel',
        `${cluster.ask('squeue', '--noheader', '--format=%A', '--states=PENDING').trim().split('\n')[0]}_[3-4]`,
      );
      cluster.release();
      const { code, said, results } = await running;
      expect(code).toBe(0);
      expect(said).toContain('Not measured: its job was cancelled. Run the cell again to submit what is missing.');
      expect(patientsIn(results)).toEqual(['A01', 'A02']);
      const again = await slurm('cancelled', '--array-size', '4');
      expect(again.results).toBe(alone);
      expect(jobsOf('cancelled')).toHaveLength(2);
    },
    PATIENCE_MS,
  );

  it.skipIf(!MAY_MOUNT)(
    'measures elsewhere what a computer with a full disk could not keep',
    async () => {
      mkdirSync(join(folder, 'full/measured-cts'), { recursive: true, mode: 0o700 });
      cluster.kill('node1');
      cluster.startFull('node1', join(folder, 'full/measured-cts'));
      const { code, results } = await slurm('full');
      cluster.kill('node1');
      cluster.start('node1');
      expect(code).toBe(0);
      expect(results).toBe(alone);
      expect(jobsOf('full').length).toBeGreaterThan(1);
    },
    120_000,
  );

  it(
    'takes no option that would be a line of its script',
    async () => {
      const { code, said } = await slurm('injected', '--sbatch=--time=1\ntouch /tmp/x');
      expect(code).toBe(1);
      expect(said).toContain('is no option of sbatch');
    },
    PATIENCE_MS,
  );

  it(
    'tells what Slurm says of options that it does not know',
    async () => {
      const { code, said } = await slurm('refused', '--sbatch=--partition=nowhere');
      expect(code).toBe(1);
      expect(said).toContain('Slurm does not take the job: ');
      expect(said).toContain('invalid partition');
    },
    PATIENCE_MS,
  );

  it(
    'says which limit a part ran into',
    async () => {
      const { code, said } = await late;
      expect(code).toBe(1);
      expect(said).toContain('its job ran into the time limit (on node3). Ask for more');
    },
    PATIENCE_MS,
  );
});

const runningTasks = () =>
  cluster.ask('squeue', '--noheader', '--array', '--partition=main', '--states=RUNNING,CONFIGURING').split('\n')
    .length - 1;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(100);
}

const workOf = (cache: string) => {
  const jobs = join(folder, cache, 'jobs');
  return join(jobs, readdirSync(jobs)[0]!);
};
const jobsOf = (cache: string): string[] => JSON.parse(readFileSync(join(workOf(cache), 'submissions.json'), 'utf8'));

function patientsIn(results: string): string[] {
  const { rows } = JSON.parse(results).results.own;
  return [...new Set<string>(rows.map(({ patient }: { patient: string }) => patient))];
}
