import { describe, expect, it } from 'vitest';
import { inNaturalOrder, naturally } from '../../../src/kernel/base/naturally.ts';

const never = new AbortController().signal;

describe('the natural order', () => {
  it('counts, and cares for neither case nor accents first', () => {
    expect(['P10', 'P2', 'p3', 'Öl', 'P1'].sort(naturally)).toEqual(['Öl', 'P1', 'P2', 'p3', 'P10']);
  });

  it.each([0, 1, 999, 1000, 1001, 3500])('of %i names is found piece by piece', async (count) => {
    const names = Array.from({ length: count }, (_, n) => `IM${(n * 7919) % count}`);
    expect(await inNaturalOrder(names, (name) => name, never)).toEqual([...names].sort(naturally));
  });

  it('keeps items of equal names in their order', async () => {
    const items = Array.from({ length: 2500 }, (_, n) => ({ name: 'same', n }));
    expect(await inNaturalOrder(items, ({ name }) => name, never)).toEqual(items);
  });

  it('is given up when asked to', async () => {
    const names = Array.from({ length: 2500 }, (_, n) => `${n}`);
    await expect(inNaturalOrder(names, (name) => name, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
