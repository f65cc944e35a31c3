/** A viewer where a file by itself shows slices: it goes to those that are there, and offers nothing else. */
import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../src/protocol/view.ts';
import type { Messaging } from '../../../src/webview/messaging.ts';
import { hasAllSlices, isScrolled, keptInWords, planesThere } from '../../../src/webview/viewer/keptSlices.ts';
import { keysOffered } from '../../../src/webview/viewer/keys.ts';
import { messagingOf, viewerOf, viewOf } from './viewers.ts';

type Kept = Partial<Record<Plane, readonly number[]>>;

function viewerWith(kept: Kept | undefined) {
  const keptSlices: Messaging['keptSlices'] = (_, plane) => kept?.[plane] ?? [];
  const messaging = { ...messagingOf(), ...(kept ? { keptSlices } : {}) };
  return viewerOf(viewOf({ facts: [{ name: 'Slice spacing', value: '2 mm' }] }), messaging);
}

const keysOf = (viewer: ReturnType<typeof viewerWith>) =>
  keysOffered(viewer).flatMap(({ bindings }) => bindings.flatMap(({ keys }) => keys));

describe('of some slices', () => {
  it('scrolls from one that is there to the next, and jumps to the nearest', () => {
    const viewer = viewerWith({ axial: [2, 6, 10, 14, 18], coronal: [15] });
    const pane = viewer.active.peek();
    const go = (act: () => void) => {
      act();
      return pane.wanted.peek();
    };
    expect(go(() => pane.scroll(1))).toBe(14);
    expect(go(() => pane.scroll(-2))).toBe(6);
    expect(go(() => pane.scroll(10))).toBe(18);
    expect(go(() => pane.cycle())).toBe(2);
    expect(go(() => pane.goTo(11))).toBe(10);
    expect(go(() => pane.goTo(3))).toBe(2);
    // There is none of this plane.
    expect(go(() => pane.setPlane('sagittal'))).toBe(2);
    expect(pane.plane.peek()).toBe('axial');
    viewer.dispose();
  });

  it('says how many of how many, and how far apart', () => {
    const viewer = viewerWith({ axial: [2, 6, 10, 14, 18] });
    expect(keptInWords(viewer.active.peek())).toBe(
      'This file has 5 of the 20 axial slices: about every 4th through the lungs, 8 mm apart. The others are seen where the notebook is run.',
    );
    viewer.dispose();
  });

  it('offers the planes that it has, and no slab, three planes, masks, patients or editor', () => {
    const viewer = viewerWith({ axial: [2, 10], coronal: [15] });
    expect(planesThere(viewer)).toEqual(['axial', 'coronal']);
    expect(hasAllSlices(viewer)).toBe(false);
    expect(isScrolled(viewer.active.peek())).toBe(true);
    expect(keysOf(viewer)).toEqual(expect.arrayContaining(['ArrowUp', 'Home', 'J', 'C', 'Z', '1', 'M']));
    for (const key of ['T', 'S', 'W', 'N', 'P', 'O']) expect(keysOf(viewer)).not.toContain(key);
    viewer.dispose();
  });
});

describe('of one slice', () => {
  it('has nothing that scrolls', () => {
    const viewer = viewerWith({ axial: [10], coronal: [15], sagittal: [12] });
    const pane = viewer.active.peek();
    expect(isScrolled(pane)).toBe(false);
    expect(keptInWords(pane)).toMatch(/^This file has this one of the 20 axial slices\./);
    for (const key of ['ArrowUp', 'PageDown', 'End', 'J', 'C']) expect(keysOf(viewer)).not.toContain(key);
    pane.scroll(1);
    expect(pane.wanted.peek()).toBe(10);
    viewer.dispose();
  });
});

describe('of a kernel', () => {
  it('has all slices and says nothing of them', () => {
    const viewer = viewerWith(undefined);
    const pane = viewer.active.peek();
    expect([hasAllSlices(viewer), isScrolled(pane), keptInWords(pane)]).toEqual([true, true, undefined]);
    expect(planesThere(viewer)).toEqual(['axial', 'coronal', 'sagittal']);
    pane.scroll(3);
    expect(pane.wanted.peek()).toBe(13);
    expect(keysOf(viewer)).toEqual(expect.arrayContaining(['T', 'S', 'J']));
    viewer.dispose();
  });
});
