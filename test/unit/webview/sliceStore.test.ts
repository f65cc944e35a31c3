import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { SliceReply, SliceRequest } from '../../../src/protocol/kernelApi.ts';
import type { EncodedSlice, Plane } from '../../../src/protocol/view.ts';
import { withoutKernel } from '../../../src/webview/messaging.ts';
import { createSliceStore } from '../../../src/webview/viewer/sliceStore.ts';

const COUNTS = { axial: 50, coronal: 40, sagittal: 40 };

function encoded(plane: Plane, index: number): EncodedSlice {
  // −1000, index, 40 and 3000 as differences, folded, low bytes first.
  const folded = [-1000, index + 1000, 40 - index, 2960].map((d) => (d < 0 ? -2 * d - 1 : 2 * d));
  const hu = Uint8Array.from([...folded.map((d) => d & 255), ...folded.map((d) => d >> 8)]);
  const size = { width: 2, height: 2, pixelWidthMm: 1, pixelHeightMm: 1 };
  return { plane, index, ...size, hu: deflateRawSync(hu).toString('base64') };
}

function storeWith(answer: (request: SliceRequest) => SliceReply, first: EncodedSlice[] = [], counts = COUNTS) {
  const asked: number[] = [];
  const messaging = {
    ...withoutKernel(),
    requestSlice: async (request: SliceRequest) => {
      const { further = [] } = request;
      asked.push(request.index, ...further);
      await wait(1);
      const replies = further.map((index) => answer({ ...request, index }));
      const others = replies.flatMap((reply) => ('slice' in reply ? [reply.slice] : []));
      return { ...answer(request), ...(others.length ? { further: others } : {}) };
    },
  };
  return {
    asked,
    store: createSliceStore({ slices: first, sliceCounts: counts, handle: 'handle' }, messaging, () => {}),
  };
}

describe('the slices of a viewer', () => {
  it('that came with the notebook are there without asking', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'no kernel' }), [encoded('axial', 7)]);
    await vi.waitFor(() => expect(store.get('axial', 7)).toBeDefined());
    expect([...store.get('axial', 7)!.hu]).toEqual([-1000, 7, 40, 3000]);
    expect(asked).toEqual([]);
  });

  it('that came with the notebook are not reported missing while they are unpacked, where there is no kernel', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'no kernel' }), [encoded('axial', 7)]);
    store.want('axial', 7);
    await wait(3);
    expect(asked).not.toContain(7);
    await vi.waitFor(() => expect(store.get('axial', 7)).toBeDefined());
    store.want('axial', 8);
    await vi.waitFor(() => expect(store.problem()).toBe('no kernel'));
  });

  it('are fetched with their neighbours, the wanted one first, then the nearest both ways', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.get('axial', 49)).toBeDefined(), 10_000);
    expect(asked.slice(0, 5)).toEqual([20, 21, 19, 22, 18]);
    expect(new Set(asked).size).toBe(50);
  });

  it('are fetched several to a message beside the wanted one, and by themselves where only one comes', async () => {
    const messages: number[][] = [];
    const requestSlice = async ({ plane, index, further = [] }: SliceRequest): Promise<SliceReply> => {
      messages.push([index, ...further]);
      await wait(1);
      return { slice: encoded(plane, index) };
    };
    const store = createSliceStore(
      { slices: [], sliceCounts: COUNTS, handle: 'handle' },
      { ...withoutKernel(), requestSlice },
      () => {},
    );
    store.want('axial', 20);
    await vi.waitFor(
      () => expect(Array.from({ length: 50 }, (_, n) => store.get('axial', n)?.index)).toEqual([...Array(50).keys()]),
      10_000,
    );
    expect(messages[0]).toEqual([20]);
    expect(messages[1]).toEqual([21, 19, 22, 18]);
  });

  it('are fetched far ahead where the user scrolls to, and a few behind', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 20);
    store.want('axial', 19);
    await vi.waitFor(() => expect(store.get('axial', 0)).toBeDefined());
    await wait(20);
    expect(Math.min(...asked)).toBe(0);
    // Those of the first messages went out both ways alike.
    expect(asked.filter((index) => index > 26)).toEqual([]);
  });

  it('are fetched on in the same direction where a slice on its way is wanted again', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 20);
    store.want('axial', 19);
    store.want('axial', 19);
    await vi.waitFor(() => expect(store.get('axial', 0)).toBeDefined());
    await wait(20);
    // Those of the first messages went out both ways alike.
    expect(asked.filter((index) => index > 26)).toEqual([]);
  });

  it('come in steps of HU, and exactly where one is looked at', async () => {
    const { store } = storeWith(({ plane, index, coarse = false }) => ({
      slice: { ...encoded(plane, index), coarse },
    }));
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.get('axial', 20)?.coarse).toBe(true));
    await vi.waitFor(() => expect(store.get('axial', 20)?.coarse).toBe(false));
    expect(store.get('axial', 21)?.coarse).toBe(true);
  });

  it('are never asked for beyond the first and the last', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 49);
    await vi.waitFor(() => expect(store.get('axial', 10)).toBeDefined());
    expect(Math.max(...asked)).toBe(49);
  });

  it('are given up beyond 160, those first that came first, but for those that came with the notebook', async () => {
    const many = { ...COUNTS, axial: 200 };
    const { store } = storeWith(
      ({ plane, index }) => ({ slice: encoded(plane, index) }),
      [encoded('coronal', 7)],
      many,
    );
    store.want('axial', 0);
    store.want('axial', 1);
    await vi.waitFor(() => expect(store.get('axial', 101)).toBeDefined(), 10_000);
    store.want('axial', 110);
    await vi.waitFor(() => expect(store.get('axial', 199)).toBeDefined(), 10_000);
    const here = Array.from({ length: 200 }, (_, index) => store.get('axial', index) !== undefined);
    expect(here.filter(Boolean)).toHaveLength(159);
    expect(here[0]).toBe(false);
    expect(store.get('coronal', 7)).toBeDefined();
  });

  it('are asked for once before anybody scrolls, and not missed where that one cannot be had', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'Run the cell again.' }), [encoded('axial', 7)]);
    store.warm('axial', 7);
    await wait(20);
    expect(asked).toEqual([8]);
    expect(store.problem()).toBeUndefined();
  });

  it('say why no more can be had, and are asked for no more than by who wants to see them', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'Run the cell again.' }));
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.problem()).toBe('Run the cell again.'));
    const before = asked.length;
    store.want('axial', 49);
    expect(store.isAwaited('axial', 49)).toBe(true);
    await wait(20);
    expect(asked.slice(before)).toEqual([49]);
    expect(store.isAwaited('axial', 49)).toBe(false);
  });

  it('are there again once the kernel has them', async () => {
    let runs = false;
    const { store } = storeWith(({ plane, index }) =>
      runs ? { slice: encoded(plane, index) } : { problem: 'Run the cell again.' },
    );
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.problem()).toBe('Run the cell again.'));
    runs = true;
    store.want('axial', 30);
    await vi.waitFor(() => expect(store.get('axial', 30)).toBeDefined());
    expect(store.problem()).toBeUndefined();
  });

  it('are wanted of several planes at once, each of which comes exactly where one rests', async () => {
    const { store } = storeWith(({ plane, index, coarse = false }) => ({
      slice: { ...encoded(plane, index), coarse },
    }));
    store.want('axial', 20);
    store.want('coronal', 30);
    store.want('sagittal', 12);
    await vi.waitFor(() =>
      expect(
        [store.get('axial', 20), store.get('coronal', 30), store.get('sagittal', 12)].map((s) => s?.coarse),
      ).toEqual([false, false, false]),
    );
  });

  it('that are damaged in the file are told of', async () => {
    const { store } = storeWith(() => ({ problem: 'no kernel' }), [{ ...encoded('axial', 7), hu: 'AAAA' }]);
    await vi.waitFor(() => expect(store.problem()).toMatch(/damaged/));
  });
});
