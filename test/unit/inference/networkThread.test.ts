/** Networks in a thread of their own: what they give is what they give here, and what ends the thread is told. */
import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, type Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROJECT } from '../../../scripts/lib/project.ts';
import { unattended } from '../../../src/kernel/base/task.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
import { endNetworkThread, sessionsAt, startNetworkThread } from '../../../src/kernel/inference/networkThread.ts';
import { probabilities } from '../../../src/kernel/inference/run.ts';
import { runNetworks } from '../../../src/kernel/inference/runNetworks.ts';

const MODELS = [join(import.meta.dirname, '../../fixtures/models')];
const GRID = { size: [9, 8, 7] as const, hu: Float32Array.from({ length: 504 }, (_, n) => ((n * 37) % 1500) - 1050) };

let thread: Worker;
beforeEach(() => {
  thread = startNetworkThread();
});
afterEach(() => thread.terminate());

async function openThere(id: string, task: Model['manifest']['task']): Promise<Model> {
  const { port1, port2 } = new MessageChannel();
  thread.postMessage(port1, [port1]);
  return openModel(await findModel(MODELS, id, task), 1, 'cpu', sessionsAt(port2));
}

it.each(['tiny-lobes', 'half-lobes'])('gives what %s gives in this thread', async (id) => {
  const there = await probabilities(await openThere(id, 'lobes'), GRID, unattended);
  const here = await openModel(await findModel(MODELS, id, 'lobes'), 1);
  expect(there).toEqual(await probabilities(here, GRID, unattended));
});

it('runs the networks of several threads side by side', async () => {
  const models = await Promise.all([openThere('tiny-lobes', 'lobes'), openThere('tiny-lobes', 'lobes')]);
  const [one, other] = await Promise.all(models.map((model) => probabilities(model, GRID, unattended)));
  expect(one).toEqual(other);
});

it('tells what a network refuses as it would here', async () => {
  const refused = runNetworks(await openThere('tiny-lobes', 'lobes'), new Float32Array(8), [1, 1, 2, 2]);
  await expect(refused).rejects.toMatchObject({ code: 'model-onnx' });
});

it('ends when the tile under way is done: ONNX Runtime left while it computes ends the process', async () => {
  const { port1, port2 } = new MessageChannel();
  thread.postMessage(port1, [port1]);
  const shipped = await findModel([join(PROJECT, 'models')], 'lung-lobes', 'lobes');
  const model = await openModel(shipped, 1, 'cpu', sessionsAt(port2));
  const size = [64, 64, 64] as const;
  const running = Promise.allSettled([probabilities(model, { size, hu: new Float32Array(64 ** 3) }, unattended)]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const exited = once(thread, 'exit');
  await endNetworkThread(thread);
  expect(await exited).toEqual([0]);
  await running;
  await expect(probabilities(model, GRID, unattended)).rejects.toThrow('runs networks ended unexpectedly');
});

it('fails what waits for it, and what is asked later, where the thread ends', async () => {
  const model = await openThere('tiny-lobes', 'lobes');
  const waiting = Array.from({ length: 20 }, () => probabilities(model, GRID, unattended));
  const all = Promise.allSettled(waiting);
  await thread.terminate();
  const failed = (await all).filter(({ status }) => status === 'rejected');
  expect(failed.length).toBeGreaterThan(0);
  await expect(probabilities(model, GRID, unattended)).rejects.toThrow('runs networks ended unexpectedly');
});
