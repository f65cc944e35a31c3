/** Slices by their positions alone. */
import { describe, expect, it } from 'vitest';
import { orderSlices } from '../../../src/kernel/ct/dicom/sliceOrder.ts';

const codesOf = (...positions: readonly number[]) =>
  orderSlices(positions.map((positionMm, n) => ({ positionMm, source: { file: `/ct/${n}.dcm` } }))).problems.map(
    ({ code }) => code,
  );

describe('slices every 2 mm', () => {
  it.each<[string, number, string[]]>([
    ['is one place', 10.009, ['duplicate-slices']],
    ['are two places', 10.011, ['uneven-slices']],
  ])('of which two lie as close as %s', (_, position, expected) =>
    expect(codesOf(0, 2, 4, 6, 8, 10, position, 12, 14, 16)).toEqual(expected),
  );

  // A distance of one and a half spacings is no longer a rounding of one.
  it.each<[number, string[]]>([
    [2.09, []],
    [2.11, ['uneven-slices']],
    [1.91, []],
    [1.89, ['uneven-slices']],
    [2.99, ['uneven-slices']],
    [3.01, ['missing-slices']],
  ])('of which two are %s mm apart', (mm, expected) => {
    const after = 8 + mm;
    expect(codesOf(0, 2, 4, 6, 8, after, after + 2, after + 4, after + 6)).toEqual(expected);
  });
});

describe('positions in tenths of a millimetre', () => {
  const inTenths = (spacing: number) =>
    Array.from({ length: 30 }, (_, n) => ({
      positionMm: Number((-100 + n * spacing).toFixed(1)),
      source: { file: `/ct/${n}.dcm` },
    }));

  it.each([0.25, 0.625, 0.75, 1.25])('lie evenly every %s mm, though no two distances need be alike', (spacing) => {
    const { spacingMm, problems } = orderSlices(inTenths(spacing));
    expect(problems).toEqual([]);
    expect(spacingMm).toBeCloseTo(spacing, 2);
  });

  it('are uneven where one lies further off than rounding takes it', () => {
    const slices = inTenths(0.625);
    slices[15] = { ...slices[15]!, positionMm: slices[15]!.positionMm + 0.2 };
    expect(orderSlices(slices).problems.map(({ code }) => code)).toContain('uneven-slices');
  });
});
