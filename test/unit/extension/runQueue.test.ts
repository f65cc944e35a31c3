/** The order in which the cells of a notebook run, and what an interrupt does to those that run and wait. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunQueue } from '../../../src/extension/runQueue.ts';
import type { RunCellResult } from '../../../src/protocol/kernelApi.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<RunCellResult>(() => {});

it('runs one after another, and tells those that waited of an interrupt, but not those that are asked for later', async () => {
  const queue = new RunQueue();
  const log: string[] = [];
  const add = (name: string) =>
    queue.add(async (isInterrupted) => {
      log.push(`${name} ${isInterrupted}`);
    });
  queue.add(async () => {
    const { status } = await queue.untilInterrupted(never);
    log.push(status);
  });
  add('waited');
  await vi.advanceTimersByTimeAsync(10);
  expect(log).toEqual([]);
  queue.interrupt();
  add('later');
  await vi.advanceTimersByTimeAsync(1000);
  await queue.last;
  expect(log).toEqual(['cancelled', 'waited true', 'later false']);
});

it('gives the answer of a kernel that has one in time', async () => {
  const queue = new RunQueue();
  const answer = queue.untilInterrupted(new Promise((resolve) => setTimeout(() => resolve({ status: 'done' }), 100)));
  queue.interrupt();
  await vi.advanceTimersByTimeAsync(100);
  expect(await answer).toEqual({ status: 'done' });
});

it('counts cells anew with a new kernel, for which nothing that waits was meant', async () => {
  const queue = new RunQueue();
  const told: boolean[] = [];
  expect([queue.nextExecutionOrder(), queue.nextExecutionOrder()]).toEqual([1, 2]);
  queue.add(async (isInterrupted) => void told.push(isInterrupted));
  queue.kernelEnded();
  await queue.last;
  expect([told, queue.nextExecutionOrder()]).toEqual([[true], 1]);
});
