/** Drawing rulers, circles and polygons on a picture, and moving them. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_ANNOTATIONS, type SlicePoint, withAnnotation } from '../../../src/protocol/annotations/annotation.ts';
import { bodiesOf } from '../../../src/webview/viewer/drawings/drawings.ts';
import { simplified } from '../../../src/webview/viewer/drawings/hit.ts';
import { closePolygon, giveUpPolygon } from '../../../src/webview/viewer/drawings/tools.ts';
import { bodyValues, sliceDistanceMm, valuesOf } from '../../../src/webview/viewer/drawings/values.ts';
import { toolFor } from '../../../src/webview/viewer/tools.ts';
import type { Viewer } from '../../../src/webview/viewer/viewer.ts';
import type { Point } from '../../../src/webview/viewer/viewTransform.ts';
import { encoded, messagingOf, type TestMessaging, viewerOf, viewOf } from './viewers.ts';

let messaging: TestMessaging;
let viewer: Viewer;

beforeEach(async () => {
  messaging = messagingOf();
  viewer = viewerOf(viewOf(), messaging);
  const pane = viewer.active.peek();
  // Ten CSS pixels to a pixel of the slice.
  pane.box.value = { width: 400, height: 300 };
  await vi.waitFor(() => expect(pane.frame.peek()).toBeDefined());
  return () => viewer.dispose();
});

/** Presses at the first place, moves over the others, and lets go. */
function drag(...places: readonly [Point, ...Point[]]): void {
  const pane = viewer.active.peek();
  const target = { viewer, pane, frame: pane.frame.peek()! };
  const press = { at: places[0], button: 0, isSpaceHeld: false, shiftKey: false };
  const begun = toolFor(press, viewer.tool.peek() ?? 'window', target)?.begin(press, target);
  for (const place of places.slice(1)) begun?.move(place);
  begun?.end?.();
}
const at = (x: number, y: number): Point => ({ x, y });
const drawn = () => messaging.annotations.peek().drawn;

describe('on a picture', () => {
  it('a ruler goes from where the button goes down to where it goes up', () => {
    viewer.tool.value = 'ruler';
    drag(at(100, 100), at(150, 150), at(200, 175));
    expect(drawn()).toEqual([
      {
        id: expect.any(String),
        patient: 'P01',
        series: 'series-1',
        name: '1',
        shape: 'ruler',
        plane: 'axial',
        index: 10,
        points: [
          [10, 10],
          [20, 17.5],
        ],
      },
    ]);
    expect(valuesOf(drawn()[0]!, viewer.active.peek().slice.peek()!)).toBe('6.3 mm');
    expect(viewer.drawings.selected.peek()).toBe(drawn()[0]!.id);
  });

  it('a circle has its centre where the button goes down, and a click draws none', () => {
    viewer.tool.value = 'circle';
    drag(at(200, 100), at(240, 100));
    drag(at(50, 50));
    drag(at(50, 50), at(51, 51));
    expect(drawn().map(({ points }) => points)).toEqual([
      [
        [20, 10],
        [24, 10],
      ],
    ]);
    expect(valuesOf(drawn()[0]!, viewer.active.peek().slice.peek()!)).toBe('12.6 mm², −800 ± 0 HU');
    expect(viewer.drawings.draft.peek()).toBeUndefined();
  });

  it('a polygon is drawn by hand, with no more corners than its line needs', () => {
    viewer.tool.value = 'polygon';
    const side = (n: number) => n * 10;
    const line = [
      ...Array.from({ length: 10 }, (_, n) => at(100 + side(n), 100)),
      ...Array.from({ length: 10 }, (_, n) => at(200, 100 + side(n))),
      at(200, 200),
      at(150, 190),
    ];
    drag(line[0]!, ...line.slice(1));
    const corners: SlicePoint[] = [
      [10, 10],
      [20, 10],
      [20, 20],
      [15, 19],
    ];
    expect(drawn()[0]).toMatchObject({ shape: 'polygon', points: corners });
  });

  it('a polygon is set corner by corner, until its first or last corner is pressed again', () => {
    viewer.tool.value = 'polygon';
    for (const place of [at(100, 100), at(200, 100), at(200, 200)]) drag(place);
    expect([drawn(), viewer.drawings.draft.peek()?.isOpen]).toEqual([[], true]);
    drag(at(202, 199));
    expect(drawn()[0]!.points).toHaveLength(3);
    for (const place of [at(10, 10), at(50, 10), at(50, 50), at(12, 12)]) drag(place);
    expect(drawn()).toHaveLength(2);
    // By a key, too.
    for (const place of [at(300, 200), at(350, 200), at(350, 250)]) drag(place);
    expect(closePolygon(viewer)).toBe(true);
    expect(drawn()).toHaveLength(3);
    drag(at(20, 200));
    expect([giveUpPolygon(viewer), closePolygon(viewer), drawn().length]).toEqual([true, false, 3]);
  });

  it('what is drawn stays within the slice', () => {
    viewer.tool.value = 'ruler';
    drag(at(390, 290), at(500, 400));
    expect(drawn()[0]!.points[1]).toEqual([40, 30]);
  });

  it('a point or all of a drawing is moved, whichever tool is chosen', () => {
    viewer.tool.value = 'ruler';
    drag(at(100, 100), at(200, 100));
    viewer.tool.value = undefined;
    const window = viewer.window.peek();
    drag(at(202, 101), at(200, 150));
    expect(drawn()[0]!.points).toEqual([
      [10, 10],
      [20, 15],
    ]);
    drag(at(150, 125), at(160, 135));
    expect(drawn()[0]!.points).toEqual([
      [11, 11],
      [21, 16],
    ]);
    expect([drawn().length, viewer.window.peek()]).toEqual([1, window]);
    drag(at(30, 30), at(60, 60));
    expect(viewer.window.peek()).not.toEqual(window);
  });

  it('a circle is moved by its centre and sized by its rim', () => {
    viewer.tool.value = 'circle';
    drag(at(200, 100), at(240, 100));
    drag(at(200, 100), at(210, 110));
    expect(drawn()[0]!.points).toEqual([
      [21, 11],
      [25, 11],
    ]);
    drag(at(250, 110), at(270, 110));
    expect(drawn()[0]!.points[1]).toEqual([27, 11]);
  });

  it('drawings are named by number, and what is deleted is gone', () => {
    viewer.tool.value = 'ruler';
    drag(at(10, 10), at(60, 10));
    drag(at(10, 100), at(60, 100));
    expect(
      drawn()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['1', '2']);
    viewer.drawings.eraseSelected();
    expect(drawn().map(({ name }) => name)).toEqual(['1']);
    drag(at(10, 200), at(60, 200));
    expect(
      drawn()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['1', '2']);
  });
});

describe('a body', () => {
  it('takes in outlines on further slices once slices are added to it, and has their volume', async () => {
    const pane = viewer.active.peek();
    viewer.tool.value = 'circle';
    drag(at(200, 100), at(240, 100));
    viewer.drawings.continued.value = 'axial 1';
    pane.goTo(11);
    await vi.waitFor(() => expect(pane.slice.peek()!.index).toBe(11));
    drag(at(200, 100), at(240, 100));
    viewer.drawings.continued.value = undefined;
    drag(at(100, 200), at(120, 200));
    const bodies = bodiesOf(drawn());
    expect(bodies.map(({ name, parts }) => [name, parts.map(({ index }) => index)])).toEqual([
      ['1', [10, 11]],
      ['2', [11]],
    ]);
    const { view } = pane.series;
    expect(sliceDistanceMm(view, 'axial')).toBe(2);
    const sliceOf = (one: (typeof bodies)[0]['parts'][0]) => viewer.drawings.sliceOf(view, one);
    await vi.waitFor(() => expect(bodyValues(bodies[0]!.parts, sliceOf, view)).toBeDefined());
    expect(bodyValues(bodies[0]!.parts, sliceOf, view)!.volumeMl).toBeCloseTo((2 * Math.PI * 2 ** 2 * 2) / 1000, 9);
  });
});

describe('a slice that something is drawn on', () => {
  it('is measured exactly and without its slab, and is seen without a kernel', async () => {
    const ruler = {
      id: 'a',
      patient: 'P01',
      series: 'series-1',
      name: '1',
      shape: 'ruler',
      plane: 'axial',
      index: 4,
    } as const;
    const points: SlicePoint[] = [
      [1, 1],
      [5, 1],
    ];
    const kept = withAnnotation(NO_ANNOTATIONS, { ...ruler, points }, encoded({ plane: 'axial', index: 4 }));
    const without = messagingOf(kept);
    without.hasKernel = false;
    const other = viewerOf(viewOf(), without);
    const pane = other.active.peek();
    await vi.waitFor(() => expect(pane.slice.peek()).toBeDefined());
    pane.goTo(4);
    await vi.waitFor(() => expect(pane.slice.peek()!.index).toBe(4));
    pane.goTo(5);
    await vi.waitFor(() => expect(pane.problem.peek()).toBe('no kernel'));
    const { view } = pane.series;
    await vi.waitFor(() => expect(other.drawings.sliceOf(view, kept.drawn[0]!)).toBeDefined());
    expect(without.asked.find(({ index, coarse }) => index === 4 && !coarse)).toEqual({
      handle: 'h',
      plane: 'axial',
      index: 4,
    });
    other.dispose();
  });
});

it('a line keeps its corners and loses what lies on it', () => {
  const line: SlicePoint[] = [
    [0, 0],
    [1, 0.1],
    [2, 0],
    [3, 5],
  ];
  expect(simplified(line, 0.3)).toEqual([line[0], line[2], line[3]]);
});

describe('what was drawn last', () => {
  it('is taken back and brought again, step by step', () => {
    viewer.tool.value = 'ruler';
    drag(at(50, 50), at(150, 50));
    drag(at(50, 100), at(150, 100));
    const two = drawn();
    expect(two).toHaveLength(2);
    expect(viewer.drawings.undo()).toBe(true);
    expect(drawn()).toHaveLength(1);
    viewer.drawings.undo();
    expect(drawn()).toEqual([]);
    expect(viewer.drawings.undo()).toBe(false);
    viewer.drawings.redo();
    viewer.drawings.redo();
    expect(drawn()).toEqual(two);
    expect(viewer.drawings.redo()).toBe(false);
  });

  it('comes back as it was where it was deleted, renamed or moved', () => {
    viewer.tool.value = 'ruler';
    drag(at(50, 50), at(150, 50));
    drag(at(50, 100), at(150, 100));
    const before = drawn();
    const [first, second] = [before[0]!, before[1]!];
    viewer.drawings.put(
      [
        { ...first, name: 'a' },
        { ...second, name: 'a' },
      ],
      viewer.view,
    );
    viewer.drawings.undo();
    expect(drawn()).toEqual(before);
    viewer.drawings.erase(before.map(({ id }) => id));
    expect(drawn()).toEqual([]);
    viewer.drawings.undo();
    expect(drawn()).toEqual(before);
    viewer.drawings.redo();
    expect(drawn()).toEqual([]);
  });

  it('is not brought again once something else was drawn', () => {
    viewer.tool.value = 'ruler';
    drag(at(50, 50), at(150, 50));
    viewer.drawings.undo();
    drag(at(50, 100), at(150, 100));
    expect(viewer.drawings.redo()).toBe(false);
    expect(drawn()).toHaveLength(1);
  });
});
