import { describe, expect, it } from 'vitest';
import { seriesChecks } from '../../../src/kernel/ct/cohort/seriesChecks.ts';

const thin = {
  size: [512, 512, 300],
  spacingMm: [0.7, 0.7, 1],
  sliceThicknessMm: 1,
  patientPosition: 'HFS',
  breathing: undefined,
} as const;
const codes = (change: Partial<Parameters<typeof seriesChecks>[0]>) =>
  seriesChecks({ ...thin, ...change }).map(({ code }) => code);

describe('seriesChecks', () => {
  it('says nothing of a thin supine series, nor where a tag is missing', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ sliceThicknessMm: undefined, patientPosition: undefined })).toEqual([]);
  });

  it.each([
    ['HFS', []],
    ['FFS', []],
    ['HFP', ['prone']],
    ['FFP', ['prone']],
    ['HFDR', ['decubitus']],
    ['HFDL', ['decubitus']],
    ['FFDR', ['decubitus']],
    ['FFDL', ['decubitus']],
    ['SITTING UP', []],
  ])('reads the position %s', (patientPosition, expected) => {
    expect(codes({ patientPosition })).toEqual(expected);
  });

  it('notices a scan in expiration', () => {
    expect(codes({ breathing: 'inspiration' })).toEqual([]);
    expect(codes({ breathing: 'expiration' })).toEqual(['expiration']);
  });

  it('names the side that the patient lay on', () => {
    const [flag] = seriesChecks({ ...thin, patientPosition: 'FFDL' });
    expect(flag?.message).toContain('on the left side (FFDL)');
  });

  it('flags a scan in expiration', () => {
    expect(codes({ breathing: 'expiration' })).toEqual(['expiration']);
    expect(codes({ breathing: 'inspiration' })).toEqual([]);
  });

  it.each([
    [19, ['few-slices']],
    [20, []],
  ])('counts %i slices', (slices, expected) => {
    expect(codes({ size: [512, 512, slices] })).toEqual(expected);
  });

  it.each([
    ['thin slices far apart', 1, 10, ['spaced-slices']],
    ['thick slices without gaps', 5, 5, []],
    ['overlapping slices', 5, 2.5, []],
    ['a gap that no network sees', 1.25, 2.5, []],
    ['a gap of a voxel of the lobes', 1, 4, []],
    ['a gap that is larger', 1, 4.1, ['spaced-slices']],
  ])('tells %s', (_, sliceThicknessMm, spacing, expected) => {
    expect(codes({ size: [512, 512, 50], sliceThicknessMm, spacingMm: [0.7, 0.7, spacing] })).toEqual(expected);
  });
});
