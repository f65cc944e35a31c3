/** Whether numbers can be Hounsfield units of a chest: air is −1000 and water 0 by their definition, what else is found in a chest stands beside the limits. */
import { describe, expect, it } from 'vitest';
import { hounsfieldChecks, hounsfieldRange } from '../../../src/kernel/ct/cohort/hounsfield.ts';

/** A thousand voxels: so many of each value, the rest of soft tissue. */
function picture(counts: Readonly<Record<number, number>>, rest = 40): Int16Array {
  const hu = new Int16Array(1000).fill(rest);
  let at = 0;
  for (const [value, count] of Object.entries(counts)) {
    hu.fill(Number(value), at, at + count);
    at += count;
  }
  return hu;
}
const codes = (hu: Int16Array) => hounsfieldChecks(hu, 'CT').map(({ code }) => code);
const REFUSED = expect.objectContaining({ code: 'not-hounsfield' });

describe('hounsfieldChecks', () => {
  it.each([
    ['a hundredth of air', { '-1000': 10 }, []],
    ['less air than a hundredth', { '-1000': 9 }, ['hu-implausible']],
    ['air of a noisy scanner', { '-1100': 10 }, []],
    ['air that is darker than any', { '-1101': 100 }, ['hu-implausible']],
    ['air that is as bright as emphysema may be', { '-880': 10 }, []],
    ['air that is brighter', { '-879': 100 }, ['hu-implausible']],
  ])('says of %s what it should', (_, counts, expected) => expect(codes(picture(counts))).toEqual(expected));

  it.each([
    ['a tenth', 100, 40, []],
    ['a tenth at its darkest', 100, -150, []],
    ['a tenth at its brightest', 100, 150, []],
    ['less than a tenth', 99, 40, ['hu-implausible']],
    ['what is darker than a tenth', 100, -151, ['hu-implausible']],
    ['what is brighter than a tenth', 100, 151, ['hu-implausible']],
  ])('takes padding for air that was cut off where soft tissue is in its place: %s', (_, count, value, expected) => {
    // 500 of padding do not count, so 50 of the other 500 are a tenth of them.
    expect(codes(picture({ '-1024': 500, [value]: count / 2, '-700': 10 }, 400))).toEqual(expected);
  });

  it('refuses numbers without any air, which lies below -500', () => {
    expect(codes(picture({ '-501': 1 }))).toEqual(['hu-implausible']);
    expect(() => codes(picture({ '-500': 100 }))).toThrow(REFUSED);
  });

  it('refuses numbers that are too much alike', () => {
    expect(codes(picture({ '-1000': 500 }, -800))).toEqual([]);
    expect(() => codes(picture({ '-1000': 500 }, -801))).toThrow(REFUSED);
    expect(() => hounsfieldRange(picture({ 100: 500 }, 299), 'CT')).toThrow(REFUSED);
    expect(hounsfieldRange(picture({ 100: 500 }, 300), 'CT')).toBeUndefined();
  });

  /** A chest: padding, air with noise, lung, fat and muscle, bone. */
  const chest = (of: (hu: number) => number, padding = -1024) =>
    Int16Array.from({ length: 10_000 }, (_, n) => {
      const noise = ((n * 7919) % 41) - 20;
      const kind = n % 10;
      if (kind === 0) return of(padding);
      return of((kind < 3 ? -1000 : kind < 5 ? -850 : kind < 7 ? -90 : kind < 9 ? 50 : 900) + noise);
    });

  it.each([
    ['1024 was added', 1024, (hu: number) => hu + 1024],
    ['1024 was added, and what is below 0 is 0', 1024, (hu: number) => Math.max(0, hu + 1024)],
    ['1000 was added', 1000, (hu: number) => hu + 1000],
    ['1000 was added, and what is below 0 is 0', 1000, (hu: number) => Math.max(0, hu + 1000)],
  ])('tells by air and soft tissue that %s', (_, added, of) => {
    const told = expect.objectContaining({
      code: 'shifted-hounsfield',
      message: expect.stringContaining(`Add \`offset -${added}\` to \`load\``),
    });
    expect(() => codes(chest(of))).toThrow(told);
    expect(() => hounsfieldRange(chest(of), 'CT')).toThrow(told);
  });

  it.each([
    ['as it should be', (hu: number) => hu, []],
    ['without its padding', (hu: number) => Math.max(-1000, hu), []],
  ])('takes a chest for no shifted one: %s', (_, of, expected) => expect(codes(chest(of))).toEqual(expected));

  it.each([
    ['soft tissue and bone alone', { 0: 300, 900: 600 }],
    ['a mask', { 0: 500, 1000: 500 }],
    ['a picture of 12 bits', { 100: 300, 2000: 400, 3000: 300 }],
  ])('finds no shift in what is none of a chest: %s', (_, counts) => {
    expect(() => codes(picture(counts, 500))).toThrow(REFUSED);
  });
});
