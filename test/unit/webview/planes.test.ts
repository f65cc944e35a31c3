/** Three planes that cross in a voxel, two CTs at one level, slabs and cine. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { extractSlice } from '../../../src/kernel/ct/geometry/slice.ts';
import { PLANES, type SliceView } from '../../../src/protocol/view.ts';
import { CROSSHAIR_TOOL } from '../../../src/webview/viewer/crosshairTool.ts';
import type { Slice } from '../../../src/webview/viewer/decode.ts';
import { differing } from '../../../src/webview/viewer/differences.ts';
import type { Pane } from '../../../src/webview/viewer/pane.ts';
import { setThreePlanes, showPlane } from '../../../src/webview/viewer/planes.ts';
import { reportDifference } from '../../../src/webview/viewer/reportDifference.ts';
import { nextSlab, setSlab } from '../../../src/webview/viewer/slabs.ts';
import { createViewer } from '../../../src/webview/viewer/viewer.ts';
import { placeIn, voxelAt } from '../../../src/webview/viewer/voxel.ts';
import { COUNTS, messagingOf, viewerOf, viewOf } from './viewers.ts';

const BOX = { width: 400, height: 400 };

describe('a voxel', () => {
  // Each voxel's number says where it lies.
  const size = [COUNTS.sagittal, COUNTS.coronal, COUNTS.axial] as const;
  const hu = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => n % 32_000);
  const voxel = { axial: 3, coronal: 17, sagittal: 29 };
  const number = hu[(voxel.axial * size[1] + voxel.coronal) * size[0] + voxel.sagittal];

  it.each(PLANES)('lies in the %s slice where the kernel draws it, and is found again there', (plane) => {
    const { pixels, width } = extractSlice(hu, size, plane, voxel[plane]);
    const { x, y } = placeIn(plane, voxel, COUNTS);
    expect(pixels[Math.floor(y) * width + Math.floor(x)]).toBe(number);
    expect(voxelAt({ x, y }, plane, voxel[plane], COUNTS)).toEqual(voxel);
  });

  it('beyond a slice is the nearest one', () => {
    expect(voxelAt({ x: -5, y: 99 }, 'coronal', 4, COUNTS)).toEqual({ axial: 0, coronal: 4, sagittal: 0 });
  });
});

describe('three planes', () => {
  it('cross where one clicks', async () => {
    const viewer = viewerOf();
    setThreePlanes(viewer, true);
    expect(viewer.panes.peek().map(({ plane }) => plane.peek())).toEqual(PLANES);
    expect(viewer.tool.peek()).toBe(CROSSHAIR_TOOL.id);
    const [axial, coronal, sagittal] = viewer.panes.peek();
    for (const pane of viewer.panes.peek()) pane.box.value = BOX;
    await vi.waitFor(() => expect(axial!.frame.peek()).toBeDefined());
    // The slice of 20 × 15 mm is 400 × 300 pixels in its box, 50 from the top.
    CROSSHAIR_TOOL.begin(
      { at: { x: 105, y: 95 }, button: 0, isSpaceHeld: false, shiftKey: false },
      { viewer, pane: axial!, frame: axial!.frame.peek()! },
    );
    expect([axial, coronal, sagittal].map((pane) => pane!.wanted.peek())).toEqual([10, 4, 10]);
    viewer.dispose();
  });

  it('leave the plane that keys acted on, at the slices where they stood', () => {
    const viewer = viewerOf();
    setThreePlanes(viewer, true);
    viewer.panes.peek()[0]!.goTo(3);
    showPlane(viewer, 'coronal');
    expect(viewer.active.peek()).toBe(viewer.panes.peek()[1]);
    viewer.active.peek().goTo(22);
    setThreePlanes(viewer, false);
    const [only, ...others] = viewer.panes.peek();
    expect([only!.plane.peek(), only!.indices.peek(), others]).toEqual([
      'coronal',
      { axial: 3, coronal: 22, sagittal: 12 },
      [],
    ]);
    expect(viewer.tool.peek()).toBeUndefined();
    viewer.dispose();
  });

  it('stay where the cell runs again', () => {
    const viewer = viewerOf();
    viewer.tool.value = 'zoom';
    setThreePlanes(viewer, true);
    viewer.panes.peek()[2]!.goTo(33);
    viewer.dispose();
    const again = createViewer({
      view: viewOf(),
      messaging: messagingOf(),
      before: viewer,
      onPatient: () => undefined,
    });
    expect(again.panes.peek().map(({ wanted }) => wanted.peek())).toEqual([10, 15, 33]);
    setThreePlanes(again, false);
    expect(again.tool.peek()).toBe('zoom');
    again.dispose();
  });
});

describe('two CTs side by side', () => {
  const two = (): SliceView => ({
    ...viewOf(),
    beside: {
      view: viewOf({ patient: 'P02', handle: 'other', index: 5 }),
      by: 'lungs',
      levels: {
        axial: [
          [2, 1],
          [18, 9],
        ],
        coronal: [
          [0, 0],
          [10, 10],
        ],
        sagittal: [
          [0, 0],
          [10, 10],
        ],
      },
    },
  });
  const places = (viewer: ReturnType<typeof viewerOf>) => viewer.panes.peek().map(({ wanted }) => wanted.peek());

  it('scroll together, whichever is scrolled', () => {
    const viewer = viewerOf(two());
    const [left, right] = viewer.panes.peek();
    left!.goTo(14);
    expect(places(viewer)).toEqual([14, 7]);
    right!.goTo(2);
    expect(places(viewer)).toEqual([4, 2]);
    left!.setPlane('coronal');
    expect(right!.plane.peek()).toBe('coronal');
    right!.goTo(20);
    expect(places(viewer)).toEqual([20, 20]);
    viewer.dispose();
  });

  it('scroll alone while they are unlocked, and keep the level that was set by hand', () => {
    const viewer = viewerOf(two());
    const [left, right] = viewer.panes.peek();
    viewer.link!.setLocked(false);
    right!.goTo(8);
    expect(places(viewer)).toEqual([10, 8]);
    viewer.link!.setLocked(true);
    expect(viewer.link!.offset.peek()).toBe(3);
    left!.goTo(14);
    expect(places(viewer)).toEqual([14, 10]);
    right!.goTo(6);
    expect(places(viewer)).toEqual([6, 6]);
    viewer.dispose();
  });

  it('with two overlays show where they differ, and no more', () => {
    const slice = (textures: number[]) => ({ textures: Uint8Array.from(textures) }) as Slice;
    expect([...differing(slice([0, 1, 2, 3]), slice([0, 1, 3, 3])).textures!]).toEqual([0, 0, 2, 0]);
    const plain = { textures: undefined } as Slice;
    expect(differing(plain, slice([1]))).toBe(plain);
  });

  it('have what the second report has more than the first', () => {
    const report = (ggo: number | null, volumeMl: number) => ({
      rows: [
        {
          region: 'total',
          volumeMl,
          percent: { normal: 1, ggo, consolidation: 0, reticulation: 0, honeycombing: 0, emphysema: 0 },
        } as const,
      ],
    });
    expect(reportDifference(report(10, 3000), report(12.5, 2500)).rows[0]).toMatchObject({
      volumeMl: -500,
      percent: { ggo: 2.5, normal: 0 },
    });
    expect(reportDifference(report(null, 1), report(3, 1)).rows[0]!.percent.ggo).toBeNull();
  });
});

describe('a slab', () => {
  it('is asked for in the place of the slice, and the slice is there again without it', async () => {
    const messaging = messagingOf();
    const viewer = viewerOf(viewOf(), messaging);
    const pane = viewer.active.peek();
    await vi.waitFor(() => expect(pane.slice.peek()).toBeDefined());
    setSlab(viewer, { kind: 'mip', mm: 8 });
    await vi.waitFor(() => expect(pane.slice.peek()!.slab).toEqual({ kind: 'mip', mm: 8 }));
    expect(messaging.asked[0]).toMatchObject({ plane: 'axial', index: 10, slab: { kind: 'mip', mm: 8 } });
    setSlab(viewer, undefined);
    await vi.waitFor(() => expect(pane.slice.peek()!.slab).toBeUndefined());
    viewer.dispose();
  });

  it('goes through its kinds by a key', () => {
    const viewer = viewerOf();
    const kinds = [1, 2, 3, 4].map(() => {
      nextSlab(viewer);
      return viewer.slab.peek()?.kind;
    });
    expect(kinds).toEqual(['mip', 'minip', 'mean', undefined]);
    viewer.dispose();
  });
});

describe('cine', () => {
  // Slices are decoded in their own time.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  it('goes on slice by slice, and begins anew after the last one', async () => {
    const viewer = viewerOf();
    const pane = viewer.active.peek();
    pane.goTo(18);
    await settled(pane);
    viewer.cine.isPlaying.value = true;
    const seen: number[] = [];
    for (let n = 0; n < 3; n++) {
      vi.advanceTimersByTime(100);
      seen.push(pane.wanted.peek());
      await settled(pane);
    }
    expect(seen).toEqual([19, 0, 1]);
    viewer.cine.isPlaying.value = false;
    vi.advanceTimersByTime(500);
    expect(pane.wanted.peek()).toBe(1);
    viewer.dispose();
  });

  it('waits for slices', async () => {
    const messaging = messagingOf();
    const coming = Promise.withResolvers<void>();
    const { requestSlice } = messaging;
    messaging.requestSlice = (request) => coming.promise.then(() => requestSlice(request));
    const viewer = viewerOf(viewOf(), messaging);
    const pane = viewer.active.peek();
    pane.goTo(14);
    viewer.cine.isPlaying.value = true;
    vi.advanceTimersByTime(500);
    expect(pane.wanted.peek()).toBe(14);
    coming.resolve();
    await settled(pane);
    vi.advanceTimersByTime(100);
    expect(pane.wanted.peek()).toBe(15);
    viewer.dispose();
  });
});

/** The wanted slice is shown. */
async function settled({ isPending }: Pane): Promise<void> {
  let stop = () => {};
  await new Promise<void>((resolve) => {
    stop = isPending.subscribe((pending) => {
      if (!pending) resolve();
    });
  });
  stop();
}
