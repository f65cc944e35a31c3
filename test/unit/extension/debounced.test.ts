import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { NotebookDocument } from 'vscode';
import { Debounced } from '../../../src/extension/debounced.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

// SAFETY: of a notebook nothing is asked but whether it is closed.
const notebook = (isClosed = false) => ({ isClosed }) as NotebookDocument;

it('works once for each notebook after a pause, and never for one that was closed or after its end', () => {
  const [one, other, closed] = [notebook(), notebook(), notebook(true)];
  const done: NotebookDocument[] = [];
  const debounced = new Debounced(300, (each) => done.push(each));
  for (const each of [one, other, closed]) debounced.ask(each);
  vi.advanceTimersByTime(200);
  debounced.ask(one);
  vi.advanceTimersByTime(200);
  expect(done).toEqual([other]);
  vi.advanceTimersByTime(100);
  expect(done).toEqual([other, one]);
  debounced.ask(one);
  debounced.dispose();
  vi.advanceTimersByTime(1000);
  expect(done).toHaveLength(2);
});
