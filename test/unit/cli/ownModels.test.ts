/** Models of one's own, from a folder beside the notebook to measurements, as a user brings them. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { boxOfLung, bring, bringOwnModels } from './ownModels.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
const STATEMENTS = ['load "cohort" as c', 'quantify c with "my-textures" lobes "my-lobes" as own'];
let folder: string;

interface Row {
  readonly region: string;
  readonly class: string;
  readonly percent: number;
}

function run() {
  const { status, stderr } = spawnSync(
    process.execPath,
    [CLI, 'run', 'own.lungnb', '--cache', 'cache', '--json', 'results.json'],
    { cwd: folder, encoding: 'utf8' },
  );
  const { results, provenance } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  const rows: Row[] = results.own?.rows ?? [];
  const percent = (region: string, name: string) =>
    rows.find((row) => row.region === region && row.class === name)?.percent;
  return { status, stderr, rows, percent, density: results.own?.density, provenance };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-own-'));
  const own = folder;
  onTestFinished(() => rmSync(own, { recursive: true }));
  writeSeries(join(folder, 'cohort', 'A01'), boxOfLung());
  writeFileSync(
    join(folder, 'own.lungnb'),
    JSON.stringify({ lungnb: 1, cells: [{ kind: 'code', source: STATEMENTS }] }),
  );
  bringOwnModels(folder);
});

const start = () => startSession({ notebookFolder: folder, modelFolders: [join(folder, 'models')] });

describe('models beside the notebook', () => {
  it('measure under the names that their manifests give, with no row for a class that they do not know', () => {
    const { status, stderr, rows, percent, density, provenance } = run();
    expect(stderr).not.toContain('own.lungnb:');
    expect(status).toBe(0);
    expect([...new Set(rows.map((row) => row.class))]).toEqual(['ggo', 'emphysema']);
    expect(percent('LLL', 'ggo')).toBe(50);
    expect(percent('LLL', 'emphysema')).toBe(50);
    expect(percent('total', 'ggo')).toBe(50);
    expect(density.find((row: { region: string }) => row.region === 'LLL').volume_ml).toBeCloseTo(72, 5);
    expect(provenance.models.map((model: { id: string }) => model.id)).toEqual(['my-lobes', 'my-textures']);
  }, 30_000);

  it('count a voxel in the region alone where null is most probable, and are opened again when a manifest changes', async () => {
    const notebook = start();
    /** Percent of the lungs per class, and their volume in ml. */
    const measure = async () => {
      expect(await notebook.run(STATEMENTS.join('\n'))).toEqual({ status: 'done' });
      const value = notebook.value('own', 'measurements');
      const rows = (value.table.objects() as Row[]).filter(({ region }) => region === 'total');
      const [density] = value.density.objects() as { volume_ml: number }[];
      return { ...Object.fromEntries(rows.map((row) => [row.class, row.percent])), ml: Math.round(density!.volume_ml) };
    };
    expect(await measure()).toEqual({ ggo: 50, emphysema: 50, ml: 72 });
    bring(folder, 'tiny-textures', 'my-textures', (m) => {
      m.output.labels = ['normal', 'ggo', 'ggo', null, null, null];
    });
    expect(await measure()).toEqual({ normal: 50, ggo: 0, ml: 72 });
  }, 30_000);

  it('are decided by the classes that they know, and emphysema by density whether they know it or not', async () => {
    bring(folder, 'tiny-textures', 'my-textures', (m) => {
      m.output.labels = ['ggo', null, 'ggo', null, null, 'normal'];
    });
    const notebook = start();
    const run = (deciding: string) =>
      notebook.run(`${STATEMENTS[0]}\nquantify c with "my-textures" lobes "my-lobes" ${deciding} as own`, '1');
    expect(await run('deciding honeycombing at 0.5')).toMatchObject({
      problem: {
        code: 'model-class',
        message: 'The model `my-textures` does not know honeycombing; it knows ggo, normal.',
      },
    });
    expect(await run('deciding emphysema below -950 HU')).toEqual({ status: 'done' });
    const value = notebook.value('own', 'measurements');
    const total = (value.table.objects() as Row[]).filter(({ region }) => region === 'total');
    expect(total.map((row) => [row.class, row.percent])).toEqual([
      ['normal', 0],
      ['ggo', 50],
      ['emphysema', 50],
    ]);
  }, 60_000);

  it('are refused where their weights were exchanged, though results of the earlier ones are kept', async () => {
    const notebook = start();
    const run = () => notebook.run(STATEMENTS.join('\n'));
    expect(await run()).toEqual({ status: 'done' });
    appendFileSync(join(folder, 'models', 'my-textures', 'model.onnx'), 'x');
    expect(await run()).toMatchObject({ problem: { code: 'model-hash' } });
  }, 60_000);

  it('are refused at the statement, with the reason, where file and manifest do not fit', () => {
    bring(folder, 'tiny-textures', 'my-textures', (m) => Object.assign(m.input, { contextSlices: 1 }));
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('own.lungnb:1:2:1: ');
    expect(stderr).toContain('• The network takes 3 channels, but input.contextSlices is 1.');
  }, 30_000);
});
