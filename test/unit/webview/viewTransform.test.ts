import { describe, expect, it } from 'vitest';
import {
  actualSize,
  FITTED,
  panned,
  pixelAt,
  placementOf,
  toBox,
  toSlice,
  zoomedAt,
} from '../../../src/webview/viewer/viewTransform.ts';

/** 100 × 80 mm in 200 × 100 pixels. */
const slice = { width: 200, height: 100, pixelWidthMm: 0.5, pixelHeightMm: 0.8 };
const frame = { slice, box: { width: 600, height: 400 } };

describe('a picture in its box', () => {
  it('fits as a whole, in the middle, in the shape of the patient', () => {
    expect(placementOf(frame, FITTED)).toEqual({ left: 50, top: 0, width: 500, height: 400, pixelsPerMm: 5, slice });
  });

  it('keeps the place under the pointer where it is enlarged', () => {
    const at = { x: 130, y: 70 };
    const larger = zoomedAt(zoomedAt(FITTED, 1.7, at, frame), 2, at, frame);
    expect(larger.zoom).toBeCloseTo(3.4);
    const before = toSlice(at, placementOf(frame, FITTED));
    const after = toSlice(at, placementOf(frame, larger));
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('moves by as much as the pointer', () => {
    const enlarged = zoomedAt(FITTED, 3, { x: 300, y: 200 }, frame);
    const [from, to] = [placementOf(frame, enlarged), placementOf(frame, panned(enlarged, { x: 20, y: -30 }, frame))];
    expect([to.left - from.left, to.top - from.top]).toEqual([expect.closeTo(20), expect.closeTo(-30)]);
  });

  it('never leaves its box', () => {
    expect(panned(FITTED, { x: 10_000, y: -10_000 }, frame)).toEqual({ zoom: 1, x: 0, y: 1 });
    expect(zoomedAt(FITTED, 1e6, { x: 0, y: 0 }, frame).zoom).toBe(40);
    expect(zoomedAt(FITTED, 1e-6, { x: 0, y: 0 }, frame).zoom).toBe(0.5);
  });

  it('has a pixel for each of the screen at its actual size', () => {
    expect(placementOf(frame, actualSize(frame, 1)).width).toBeCloseTo(200);
    expect(placementOf(frame, actualSize(frame, 2)).width).toBeCloseTo(100);
  });

  it('tells the place of the slice, and back', () => {
    const place = placementOf(frame, zoomedAt(FITTED, 2.5, { x: 10, y: 390 }, frame));
    const there = toSlice({ x: 123, y: 45 }, place);
    expect(toBox(there, place)).toEqual({ x: expect.closeTo(123), y: expect.closeTo(45) });
  });

  it('tells the pixel, and that there is none outside', () => {
    expect(pixelAt({ x: 3.9, y: 2.1 }, slice)).toBe(403);
    expect([pixelAt({ x: -0.1, y: 2 }, slice), pixelAt({ x: 200, y: 2 }, slice)]).toEqual([undefined, undefined]);
  });
});
