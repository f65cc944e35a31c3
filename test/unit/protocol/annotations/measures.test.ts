/** Rulers, circles and polygons against what shapely, scikit-image and SimpleITK say (test/reference/annotations.py). */
import { describe, expect, it } from 'vitest';
import {
  areaMm2,
  lengthMm,
  meanHu,
  measureBody,
  measureOutline,
  type Outline,
  sdHu,
} from '../../../../src/protocol/annotations/measures.ts';
import reference from '../../../reference/annotations.json' with { type: 'json' };
import { referenceSlice } from '../../../reference/annotations.ts';

const [pixelWidthMm, pixelHeightMm] = reference.pixel as [number, number];
const pixel = { pixelWidthMm, pixelHeightMm };
const outlines = reference.outlines as unknown as readonly (Outline & (typeof reference.outlines)[number])[];

describe('what is drawn on a slice', () => {
  it('is as long as its ends are apart, on pixels that are higher than wide', () => {
    expect(lengthMm(reference.ruler.points as [number, number][], pixel)).toBeCloseTo(reference.ruler.mm, 9);
  });

  it.each(outlines)('has area, mean and deviation of a $shape on slice $index', (outline) => {
    const measured = measureOutline(outline, { ...referenceSlice(outline.index), ...pixel });
    expect(measured.pixels).toBe(outline.pixels);
    expect(measured.areaMm2).toBeCloseTo(outline.area, 9);
    expect(meanHu(measured)).toBeCloseTo(outline.mean, 9);
    expect(sdHu(measured)).toBeCloseTo(outline.sd, 9);
  });

  it('counts pixels whose middle lies inside, and none beyond the picture', () => {
    const slice = { width: 3, height: 2, hu: Int16Array.of(1, 2, 3, 4, 5, 6), ...pixel };
    const square = (low: number, high: number): Outline => ({
      shape: 'polygon',
      points: [
        [low, low],
        [high, low],
        [high, high],
        [low, high],
      ],
    });
    expect(measureOutline(square(0.4, 1.6), slice)).toMatchObject({ pixels: 4, sum: 1 + 2 + 4 + 5 });
    expect(measureOutline(square(0.6, 1.4), slice)).toMatchObject({ pixels: 0, sum: 0 });
    expect(measureOutline(square(-9, 9), slice)).toMatchObject({ pixels: 6, sum: 21 });
    const round: Outline = {
      shape: 'circle',
      points: [
        [1.5, 0.5],
        [2.2, 0.5],
      ],
    };
    expect(measureOutline(round, slice)).toMatchObject({ pixels: 1, sum: 2 });
  });

  it('has no mean without a pixel, and no deviation of a single one', () => {
    expect(meanHu({ pixels: 0, sum: 0, squares: 0 })).toBeUndefined();
    expect(sdHu({ pixels: 1, sum: -850, squares: 850 ** 2 })).toBeUndefined();
  });

  it('has the same area whichever way round its corners go', () => {
    const { shape, points } = outlines[1]!;
    expect(areaMm2({ shape, points: points.toReversed() }, pixel)).toBeCloseTo(areaMm2({ shape, points }, pixel), 9);
  });
});

describe('outlines of one body', () => {
  const { distance, indices, ml } = reference.body;
  const drawn = indices.map((index) => ({
    index,
    ...measureOutline(outlines.find((o) => o.shape === 'circle' && o.index === index)!, {
      ...referenceSlice(index),
      ...pixel,
    }),
  }));

  it('have the volume between them, with slices left out, whatever their order', () => {
    expect(measureBody(drawn, distance).volumeMl).toBeCloseTo(ml, 9);
    expect(measureBody(drawn.toReversed(), distance).volumeMl).toBeCloseTo(ml, 9);
  });

  it('on every slice have the sum of their areas times the distance', () => {
    const three = drawn.slice(0, 3);
    const sum = three.reduce((all, { areaMm2 }) => all + areaMm2, 0);
    expect(measureBody(three, 1.25).volumeMl).toBeCloseTo((sum * 1.25) / 1000, 9);
  });

  it('on one slice have no volume, and two of them there have both areas', () => {
    const one = measureBody([drawn[0]!, { ...drawn[0]! }], distance);
    expect(one).toMatchObject({ slices: 1, volumeMl: undefined, pixels: 2 * drawn[0]!.pixels });
    expect(one.areaMm2).toBeCloseTo(2 * drawn[0]!.areaMm2, 9);
  });
});
