/** ONNX Runtime reads the process's own environment, which only the main thread can write: what the switch does in each thread. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KERNEL_ENVIRONMENT } from '../../../src/extension/kernelEnvironment.ts';
import { QUIET_ENVIRONMENT } from '../../../src/protocol/quietEnvironment.ts';

const INFERENCE = new URL('../../../src/kernel/inference/', import.meta.url).href;
/** Prints the variables as native code sees them, which `process.env` of a worker is not. */
const NATIVE = `
  const { report } = process;
  report.excludeNetwork = true;
  const { environmentVariables: seen } = report.getReport();
  console.log(JSON.stringify(['ORT_DISABLE_TELEMETRY', 'ORT_RUNNING_UNIT_TESTS'].map((name) => seen[name])));`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-switch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints that is run with nothing in its environment but what it sets itself. */
function printed(program: string, environment: Record<string, string> = {}): string {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  return execFileSync(process.execPath, [file], { env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' });
}

/** The same, in a worker thread of a main thread that ran `before`. */
const inWorker = (before: string, worker: string) => `
  import { isMainThread, Worker } from 'node:worker_threads';
  if (isMainThread) { ${before}; new Worker(new URL(import.meta.url)).on('error', (error) => console.log(error.message)); }
  else { ${worker} }`;

describe('the telemetry of ONNX Runtime', () => {
  it('is switched off in the environment that native code reads', () => {
    const program = `import { switchTelemetryOff } from '${INFERENCE}telemetryOff.ts'; switchTelemetryOff(); ${NATIVE}`;
    expect(JSON.parse(printed(program))).toEqual(['1', '1']);
  });

  it('is switched off where the user’s environment switches it on', () => {
    const program = `import { switchTelemetryOff } from '${INFERENCE}telemetryOff.ts'; switchTelemetryOff(); ${NATIVE}`;
    expect(JSON.parse(printed(program, { ORT_DISABLE_TELEMETRY: '0' }))).toEqual(['1', '1']);
  });

  it('is off in every thread that is started afterwards', () => {
    const load = `await import('${INFERENCE}onnxRuntime.ts'); ${NATIVE}`;
    expect(
      JSON.parse(printed(inWorker(`(await import('${INFERENCE}telemetryOff.ts')).switchTelemetryOff()`, load))),
    ).toEqual(['1', '1']);
  });

  it('cannot be switched off by a worker thread, where the library is refused', () => {
    const pretend = `Object.assign(process.env, ${JSON.stringify(QUIET_ENVIRONMENT)});`;
    expect(JSON.parse(printed(inWorker('', `${pretend} ${NATIVE}`)))).toEqual([null, null]);
    expect(
      printed(inWorker('', `${pretend} await import('${INFERENCE}onnxRuntime.ts'); console.log('loaded');`)),
    ).toMatch(/^ONNX Runtime was not loaded: its telemetry is not switched off\./);
  });

  it('is switched off in Python too, wherever a network is trained or exported', () => {
    const training = join(import.meta.dirname, '../../../models/training');
    const scripts = readdirSync(training).filter((name) => name.endsWith('.py'));
    const importing = scripts.filter((name) =>
      /^(import|from) onnxruntime/m.test(readFileSync(join(training, name), 'utf8')),
    );
    expect(importing).toEqual(['quiet_runtime.py']);
    const [before = ''] = readFileSync(join(training, 'quiet_runtime.py'), 'utf8').split('import onnxruntime');
    for (const [name, value] of Object.entries(QUIET_ENVIRONMENT))
      expect(before).toContain(`os.environ["${name}"] = "${value}"`);
  });

  it('is off in the kernel from its start', () => {
    expect(KERNEL_ENVIRONMENT).toMatchObject(QUIET_ENVIRONMENT);
  });
});
