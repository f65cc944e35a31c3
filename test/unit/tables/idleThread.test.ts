/** The thread that reads tables waits a while for the next one, and then ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readTableFile } from '../../../src/kernel/tables/readTableFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
const ended = vi.spyOn(Worker.prototype, 'terminate');
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it('is used again within five seconds, and ended after them', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const path = join(folder, 'a.csv');
  writeFileSync(path, 'patient,ggo\nP1,2\n');
  const read = () => readTableFile({ path, form: 'table' }, unattended);
  expect((await read()).table.objects()).toEqual([{ patient: 'P1', ggo: 2 }]);
  vi.advanceTimersByTime(4_999);
  await read();
  vi.advanceTimersByTime(4_999);
  expect(ended).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ended).toHaveBeenCalledOnce();
});
