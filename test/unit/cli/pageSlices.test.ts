/** What `--slices` says of the size of a page before it makes it. */
import { expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { pageSlices, slicesAsked } from '../../../src/kernel/commands/pageSlices.ts';
import { UsageError } from '../../../src/kernel/commands/usageError.ts';
import type { StackPlan } from '../../../src/kernel/session/stacks/sliceStacks.ts';

const SLICES = { stacks: [], views: [], cts: [], lists: [], listOf: [] };

async function told(cts: number, estimatedBytes: number, problems: string[] = [], signal = unattended.signal) {
  const said: string[] = [];
  const plan: StackPlan = {
    cts,
    estimatedBytes,
    async make(task) {
      said.push('made');
      task.signal.throwIfAborted();
      return { slices: SLICES, parts: [], problems };
    },
  };
  const { kept, isWhole } = await pageSlices({ sliceStacks: async () => plan }, [], 20, {
    say: (text) => said.push(text),
    task: { ...unattended, signal },
  });
  return { said, hasSlices: kept !== undefined, isWhole };
}

it('asks for some number of slices, in an HTML page alone', () => {
  const html = 'report.html';
  expect([slicesAsked('20', { html }), slicesAsked(undefined, {})]).toEqual([20, undefined]);
  expect(() => slicesAsked('20', {})).toThrow(
    new UsageError('--slices says how many slices of each CT an HTML page has: name the page by `--html report.html`.'),
  );
  for (const number of ['0', 'all', '2.5', ''])
    expect(() => slicesAsked(number, { html })).toThrow(
      new UsageError(`--slices expects how many slices of each CT the page shall have, such as 20, not "${number}".`),
    );
});

it('tells the size for each CT and in all before anything is made', async () => {
  expect(await told(8, 20.4e6)).toEqual({
    said: ['--slices 20: about 2.5 MB for each of 8 CTs, 20 MB in all.', 'made'],
    hasSlices: true,
    isWhole: true,
  });
  expect((await told(1, 2.55e6)).said[0]).toBe('--slices 20: about 2.5 MB for its one CT.');
});

it('warns of a page above 100 MB with the number that stays below, and makes none above 400 MB', async () => {
  expect(await told(60, 150e6)).toEqual({
    said: [
      '--slices 20: about 2.5 MB for each of 60 CTs, 150 MB in all. Such a page opens slowly. `--slices 13` stays below 100 MB.',
      'made',
    ],
    hasSlices: true,
    isWhole: true,
  });
  expect(await told(400, 1e9)).toEqual({
    said: [
      '--slices 20 would take about 2.5 MB for each of 400 CTs, 1000 MB in all; a page can hold 400 MB. It is written without them. `--slices 8` stays below 400 MB.',
    ],
    hasSlices: false,
    isWhole: false,
  });
  expect((await told(9000, 20e9)).said[0]).toMatch(/Show fewer patients: one slice of each takes more than 400 MB\.$/);
});

it('says what a page lacks: everything where nothing shows a CT, and CTs that cannot be read', async () => {
  expect(await told(0, 0)).toEqual({
    said: ['--slices: no output of this notebook shows a CT or leads to one, so that the page has no slices.'],
    hasSlices: false,
    isWhole: true,
  });
  expect(await told(2, 5e6, ['The files have changed.'])).toMatchObject({
    said: [expect.any(String), 'made', '--slices: The files have changed.'],
    hasSlices: true,
    isWhole: false,
  });
});

it('is given up by an interrupt, and the page is written all the same', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await told(2, 5e6, [], stop.signal)).toMatchObject({
    said: [expect.any(String), 'made', '--slices: given up. The page is written without them.'],
    hasSlices: false,
    isWhole: false,
  });
});
