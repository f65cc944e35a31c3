/**
 * `npm run bench -- inference [CT]`: what one CT takes from its files to its table, in a process of its own, of the clock, of
 * the processor and of memory; then where the time goes, and what LungNB adds to the networks themselves: the time of a whole
 * step (resampling, tiles, blending, labels) as a ratio to that of ONNX Runtime alone on the same inputs, in one run.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { findModel, type Model, openModel } from '../../src/kernel/inference/model.ts';
import type { NetworkSession } from '../../src/kernel/inference/networkSession.ts';
import { classifyTextures } from '../../src/kernel/lungs/classifyTextures.ts';
import { decideSeries } from '../../src/kernel/lungs/decideSeries.ts';
import { NO_DECISIONS } from '../../src/kernel/lungs/decisions.ts';
import { measureDensities } from '../../src/kernel/lungs/measure.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';

const ROUNDS = 3;
const THREADS = 2;

const path = process.argv[3] ?? join(SAMPLES, 'cohort', 'P01');
const once = execFileSync(process.execPath, [join(import.meta.dirname, 'inferenceOnce.ts'), path, String(THREADS)]);
console.log('From files to table, as a whole:', JSON.parse(once.toString()));

const cohort = await discoverCohort(path, unattended);
const series = cohort.patients[0]!.series[0]!;
const models = join(PROJECT, 'models');
const lobeModel = await openModel(await findModel([models], 'lung-lobes', 'lobes'), THREADS);
const textureModel = await openModel(await findModel([models], 'lung-texture', 'textures'), THREADS);

const reading = await timed(() => readSeries(series, unattended));
const { volume } = reading.value;
const lobes = await againstBareRuntime(lobeModel, (model) => segmentLobes(volume, model, unattended));
const textures = await againstBareRuntime(textureModel, (model) =>
  classifyTextures(volume, lobes.value, model, unattended),
);
const measuring = await timed(() => ({
  ...decideSeries(textures.value.voxels, NO_DECISIONS, true),
  density: measureDensities(volume, lobes.value),
}));

const rows = [
  { step: 'reading', seconds: reading.seconds },
  { step: 'lobes', seconds: lobes.seconds, runtimeSeconds: lobes.runtimeSeconds },
  { step: 'textures', seconds: textures.seconds, runtimeSeconds: textures.runtimeSeconds },
  { step: 'measuring', seconds: measuring.seconds },
];
console.log(`${volume.size.join(' × ')} voxels, ${THREADS} threads, median of ${ROUNDS}`);
console.table(
  rows.map(({ step, seconds, runtimeSeconds }) => ({
    step,
    seconds: Number(seconds.toFixed(2)),
    'ONNX Runtime alone': runtimeSeconds === undefined ? '' : Number(runtimeSeconds.toFixed(2)),
    ratio: runtimeSeconds === undefined ? '' : Number((seconds / runtimeSeconds).toFixed(2)),
  })),
);

interface Timed<T> {
  readonly value: T;
  /** Median over the rounds. */
  readonly seconds: number;
}

async function timed<T>(run: () => T | Promise<T>): Promise<Timed<T>> {
  const seconds: number[] = [];
  let value = await run();
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    value = await run();
    seconds.push((performance.now() - start) / 1000);
  }
  return { value, seconds: median(seconds) };
}

/** Times `run`, and the network by itself on the very inputs that `run` gave it. */
async function againstBareRuntime<T>(model: Model, run: (model: Model) => Promise<T>) {
  const [own] = model.sessions;
  const inputs: Parameters<NetworkSession['run']>[] = [];
  const session: NetworkSession = {
    ...own!,
    run(...given) {
      inputs.push(given);
      return own!.run(...given);
    },
  };
  await run({ ...model, sessions: [session] });
  const whole = await timed(() => run(model));
  const alone = await timed(async () => {
    for (const given of inputs) await own!.run(...given);
  });
  return { ...whole, runtimeSeconds: alone.seconds };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
