import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { SliceReply, SliceRequest } from '../../../src/protocol/kernelApi.ts';
import type { EncodedSlice, Plane } from '../../../src/protocol/view.ts';
import { withoutKernel } from '../../../src/webview/messaging.ts';
import { createSliceStore } from '../../../src/webview/viewer/sliceStore.ts';

const COUNTS = { axial: 50, coronal: 40, sagittal: 40 };

function encoded(plane: Plane, index: number): EncodedSlice {
  const hu = Buffer.from(Int16Array.from([-1000, index, 40, 3000]).buffer);
  const size = { width: 2, height: 2, pixelWidthMm: 1, pixelHeightMm: 1 };
  return { plane, index, ...size, hu: deflateRawSync(hu).toString('base64') };
}

function storeWith(answer: (request: SliceRequest) => SliceReply, first: EncodedSlice[] = []) {
  const asked: number[] = [];
  const messaging = {
    ...withoutKernel(),
    requestSlice: async (request: SliceRequest) => {
      asked.push(request.index);
      await wait(1);
      return answer(request);
    },
  };
  return { asked, store: createSliceStore(first, COUNTS, 'handle', messaging, () => {}) };
}

describe('the slices of a viewer', () => {
  it('that came with the notebook are there without asking', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'no kernel' }), [encoded('axial', 7)]);
    await vi.waitFor(() => expect(store.get('axial', 7)).toBeDefined());
    expect([...store.get('axial', 7)!.hu]).toEqual([-1000, 7, 40, 3000]);
    expect(asked).toEqual([]);
  });

  it('are fetched with their neighbours, the wanted one first', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.get('axial', 16)).toBeDefined());
    expect(asked[0]).toBe(20);
    expect([...asked].sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24]);
  });

  it('are never asked for beyond the first and the last', async () => {
    const { store, asked } = storeWith(({ plane, index }) => ({ slice: encoded(plane, index) }));
    store.want('axial', 49);
    await vi.waitFor(() => expect(store.get('axial', 45)).toBeDefined());
    expect(Math.max(...asked)).toBe(49);
  });

  it('say why no more can be had, and stop asking', async () => {
    const { store, asked } = storeWith(() => ({ problem: 'Run the cell again.' }));
    store.want('axial', 20);
    await vi.waitFor(() => expect(store.problem()).toBe('Run the cell again.'));
    const before = asked.length;
    store.want('axial', 30);
    await wait(20);
    expect(asked.length).toBe(before);
  });

  it('that are damaged in the file are told of', async () => {
    const { store } = storeWith(() => ({ problem: 'no kernel' }), [{ ...encoded('axial', 7), hu: 'AAAA' }]);
    await vi.waitFor(() => expect(store.problem()).toMatch(/damaged/));
  });
});
