/** A network of nnU-Net from its folder to measurements, on the command line. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeSeries } from '../ct/helpers.ts';
import { drawnChest, NETWORKS } from '../inference/networks.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
const TINY = join(import.meta.dirname, '../../fixtures/models');
let folder: string;

function lungnb(...words: readonly string[]) {
  return spawnSync(process.execPath, [CLI, ...words], { cwd: folder, encoding: 'utf8' });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-import-'));
  const own = folder;
  onTestFinished(() => rmSync(own, { recursive: true }));
});

describe('lungnb import-model', () => {
  it('makes a model that measures, on the processor where another device is missing', () => {
    const made = lungnb('import-model', join(NETWORKS, 'nnunet-2d'), '--as', 'drawn');
    expect(made.stderr).toBe('');
    expect(made.stdout).toContain('finds lobes: LUL, LLL, RUL, RML, RLL');
    expect(made.stdout).toContain('quantify cohort lobes "drawn" as own');
    expect(made.status).toBe(0);
    expect(existsSync(join(folder, 'models', 'drawn', 'model.onnx'))).toBe(false);
    writeSeries(join(folder, 'cohort', 'A01'), drawnChest('thick'));
    const source = ['load "cohort" as c', 'quantify c with "tiny-textures" lobes "drawn" as own'];
    writeFileSync(join(folder, 'n.lungnb'), JSON.stringify({ lungnb: 1, cells: [{ kind: 'code', source }] }));
    const missing = process.platform === 'darwin' ? 'directml' : 'coreml';
    const run = lungnb('run', 'n.lungnb', '--cache', 'k', '--models', TINY, '--json', 'r.json', '--device', missing);
    expect(run.stderr).not.toContain('n.lungnb:');
    expect(run.stdout).toContain(`The networks ran on the processor: ${missing} needs`);
    const json = readFileSync(join(folder, 'r.json'), 'utf8');
    const { results, provenance } = JSON.parse(json);
    const volume = (region: string) =>
      results.own.density.find((row: { region: string }) => row.region === region).volume_ml;
    expect(volume('total')).toBeGreaterThan(1000);
    expect(results.own.provenance.parameters.device).toEqual(['cpu']);
    expect(provenance.models.map((model: { id: string }) => model.id)).toContain('drawn');
    // Where the weights lie says whose computer it is.
    expect(json).not.toContain(NETWORKS);
  }, 60_000);

  it('gives the command that exports weights which are not ONNX yet, with a script that is there', () => {
    cpSync(join(NETWORKS, 'nnunet-2d'), join(folder, 'results'), { recursive: true });
    rmSync(join(folder, 'results', 'fold_0', 'checkpoint_final.onnx'));
    rmSync(join(folder, 'results', 'lungnb-export.json'));
    const { status, stderr } = lungnb('import-model', 'results');
    expect(status).toBe(1);
    // Two configurations are planned, and the folder’s name tells neither.
    expect(stderr).toContain('it has 2d, 3d_fullres');
    cpSync(join(folder, 'results'), join(folder, 'nnUNetTrainer__nnUNetPlans__2d'), { recursive: true });
    const again = lungnb('import-model', 'nnUNetTrainer__nnUNetPlans__2d');
    expect(again.status).toBe(1);
    const script = /python "([^"]+)"/.exec(again.stderr)?.[1] ?? '';
    expect(existsSync(script)).toBe(true);
    expect(again.stderr).toContain(join(folder, 'nnUNetTrainer__nnUNetPlans__2d'));
  });

  it.each([
    [['--task', 'liver'], '--task is lobes'],
    [['--orientation', 'LPX'], '--orientation is three letters'],
    [['--label', 'RUL'], '--label expects THEIRS=OURS'],
    [['--label', 'nodule=RUL'], 'has no label "nodule"'],
  ])('refuses %j', (words, message) => {
    const { status, stderr } = lungnb('import-model', join(NETWORKS, 'nnunet-2d'), ...words);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('refuses a device that nobody knows', () => {
    writeFileSync(join(folder, 'n.lungnb'), JSON.stringify({ lungnb: 1, cells: [] }));
    const { status, stderr } = lungnb('run', 'n.lungnb', '--device', 'tpu');
    expect(status).toBe(2);
    expect(stderr).toContain('--device is one of cpu, cuda, directml, coreml, auto');
  });
});
