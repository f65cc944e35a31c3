/**
 * Real series in which tags are spoilt as archives and anonymising programs spoil them: in every image, in half of them,
 * in one. The volume stays the same, and a message names the tag. Headers alone are changed: files and frame of a series
 * say which volume is read.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import type { DicomHeader } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { describeDicomSeries } from '../../../src/kernel/ct/dicom/dicomSeries.ts';
import { groupBySeries } from '../../../src/kernel/ct/dicom/seriesGroups.ts';
import { findFiles } from '../../../src/kernel/ct/files/findFiles.ts';
import { createListing } from '../../../src/kernel/ct/files/listing.ts';
import { type FoundFile, scanFiles } from '../../../src/kernel/ct/files/scan.ts';
import { createSourceReader } from '../../../src/kernel/ct/files/sources.ts';

const sharedData = join(import.meta.dirname, '../../../../shared/data');
if (!existsSync(sharedData)) console.log(`Skipped: the real series of ${sharedData} are not on this machine.`);
const SERIES = [
  'ct/LIDC-IDRI-0314.zip',
  'ct/LUNG1-001.zip',
  'dicom/j2k-series',
  'dicom/odd/ge-gantry-tilt-and-gaps.zip',
];

interface Spoiling {
  /** The tag that the message names; none where its values differ in sound series as well. */
  readonly tag: string | undefined;
  /** What is changed, with the number of the image. */
  readonly change: (header: DicomHeader, n: number) => Partial<DicomHeader>;
}

const jitter = (values: readonly number[], n: number, by: number) =>
  values.map((value, k) => value + ((n + k) % 3) * by);
const timed = (timing: DicomHeader['timing'], change: Partial<DicomHeader['timing']>) => ({
  timing: { ...timing, ...change },
});

const SPOILINGS: Readonly<Record<string, Spoiling>> = {
  'another frame of reference': { tag: 'FrameOfReferenceUID', change: (_, n) => ({ frameOfReferenceUid: `1.2.${n}` }) },
  'no frame of reference': { tag: 'FrameOfReferenceUID', change: () => ({ frameOfReferenceUid: undefined }) },
  'another kernel': { tag: 'ConvolutionKernel', change: () => ({ convolutionKernel: 'X' }) },
  'a kernel per image': { tag: 'ConvolutionKernel', change: (_, n) => ({ convolutionKernel: `B${n}` }) },
  'no kernel': { tag: 'ConvolutionKernel', change: () => ({ convolutionKernel: undefined }) },
  'a thickness of other digits': {
    tag: 'SliceThickness',
    change: ({ sliceThicknessMm = 1 }, n) => ({ sliceThicknessMm: sliceThicknessMm + 0.02 + (n % 2) * 0.005 }),
  },
  'no thickness': { tag: 'SliceThickness', change: () => ({ sliceThicknessMm: undefined }) },
  'pixel spacing of other digits': {
    tag: 'PixelSpacing',
    change: ({ pixelSpacing }, n) => ({ pixelSpacing: [pixelSpacing![0] + (n % 3) * 1e-5, pixelSpacing![1] + 1e-5] }),
  },
  'pixel spacing that varies in the third digit': {
    tag: 'PixelSpacing',
    change: ({ pixelSpacing: [down, across] = [1, 1] }, n) => ({
      pixelSpacing: [down + (n % 2) * 0.003, across + 0.002],
    }),
  },
  'directions of other digits': {
    tag: 'ImageOrientationPatient',
    change: ({ orientation }, n) => ({ orientation: jitter(orientation!, n, 1e-4) }),
  },
  'another series number': { tag: 'SeriesNumber', change: (_, n) => ({ seriesNumber: 100 + n }) },
  'another study': { tag: 'StudyInstanceUID', change: (_, n) => ({ studyInstanceUid: `1.3.${n}` }) },
  'no modality': { tag: 'Modality', change: () => ({ modality: undefined }) },
  'one SOPInstanceUID': { tag: 'SOPInstanceUID', change: () => ({ sopInstanceUid: '1.2.3' }) },
  'no SOPInstanceUID': { tag: 'SOPInstanceUID', change: () => ({ sopInstanceUid: undefined }) },
  'the image number 1': { tag: 'InstanceNumber', change: () => ({ instanceNumber: 1 }) },
  'another acquisition': { tag: undefined, change: (_, n) => ({ acquisitionNumber: n }) },
  'the other acquisition': { tag: undefined, change: () => ({ acquisitionNumber: 77 }) },
  'another acquisition time': {
    tag: undefined,
    change: ({ timing }, n) => timed(timing, { acquisitionTime: `20200101 10${n}` }),
  },
  'another content date': { tag: undefined, change: ({ timing }) => timed(timing, { contentTime: '20210101 101010' }) },
  'a trigger time': { tag: undefined, change: ({ timing }) => timed(timing, { triggerTime: '250' }) },
  'a temporal position': { tag: undefined, change: ({ timing }) => timed(timing, { temporalPosition: '2' }) },
  'another description': { tag: undefined, change: () => ({ description: 'other' }) },
  'another image type': { tag: undefined, change: () => ({ imageType: ['DERIVED', 'SECONDARY'] }) },
};

/** Every image, every other one, the lower half, one in the middle. */
const WHICH: Readonly<Record<string, (n: number, of: number) => boolean>> = {
  'in every image': () => true,
  'in every other image': (n) => n % 2 === 1,
  'in half of them': (n, of) => n < of / 2,
  'in one': (n, of) => n === of >> 1,
};

async function imagesOf(path: string): Promise<FoundFile[]> {
  const reader = createSourceReader();
  const root = join(sharedData, path);
  const { files } = await findFiles(root, { servers: [], reader, named: path }, unattended);
  const { dicom } = await scanFiles(
    files,
    { reader, listing: createListing(), under: { root, named: path } },
    unattended,
  );
  reader.close();
  return dicom
    .filter(({ header }) => header.modality === 'CT')
    .map((file, n) => ({ ...file, source: { ...file.source, place: `file ${n}` } }));
}

const described = async (files: readonly FoundFile[]) => {
  const groups = await Promise.all(
    groupBySeries(files).map((group) =>
      describeDicomSeries('P', group, { same: async () => false, of: async () => undefined }),
    ),
  );
  return {
    series: groups.flatMap(({ series }) => series),
    messages: groups
      .flatMap(({ series, problems }) => [...problems, ...series.flatMap((one) => one.problems)])
      .map(({ message }) => message),
  };
};
/** What the voxels hang on: which file is which slice, and the grid. */
const volumes = (series: readonly Series[], about: (mm: number) => unknown = (mm) => mm) =>
  series
    .map(({ sources, size, matrix, spacingMm }) => ({
      // A tilted stack is made wider by a row more or less.
      size: [...matrix, size[2]],
      slices: sources.map(({ place }) => place),
      spacing: spacingMm.map(about),
    }))
    .sort((a, b) => a.slices.join().localeCompare(b.slices.join()));
const expected = (series: readonly Series[]) => volumes(series, (mm) => expect.closeTo(mm, 2));

describe.skipIf(!existsSync(sharedData)).each(SERIES)('%s', (path) => {
  const spoilt = (files: readonly FoundFile[], { change }: Spoiling, which: (n: number, of: number) => boolean) =>
    files.map((file, n) =>
      which(n, files.length) ? { ...file, header: { ...file.header, ...change(file.header, n) } } : file,
    );

  it.each(Object.entries(SPOILINGS))('is the same volume with %s', async (_, spoiling) => {
    const files = await imagesOf(path);
    const whole = await described(files);
    expect(whole.series.length).toBeGreaterThan(0);
    for (const [where, which] of Object.entries(WHICH)) {
      const { series, messages } = await described(spoilt(files, spoiling, which));
      expect({ where, volumes: volumes(series) }).toEqual({ where, volumes: expected(whole.series) });
      // Where all images of a stack say the same, nothing differs; a number of an image is odd where others have it, too.
      const isOdd =
        where !== 'in every image' &&
        series.length === 1 &&
        !(where === 'in one' && /^(SOP|Instance)/.test(spoiling.tag ?? ''));
      if (spoiling.tag && isOdd) expect(messages.join('\n')).toContain(spoiling.tag);
    }
  });

  it('is the same volume with any two of them, each in some of the images', async () => {
    const files = await imagesOf(path);
    const whole = expected((await described(files)).series);
    const one = fc.constantFrom(...Object.values(SPOILINGS));
    const some = fc.constantFrom(...Object.values(WHICH));
    await fc.assert(
      fc.asyncProperty(one, some, one, some, async (first, where, second, elsewhere) => {
        const { series } = await described(spoilt(spoilt(files, first, where), second, elsewhere));
        expect(volumes(series)).toEqual(whole);
      }),
      { numRuns: 60, seed: 20 },
    );
  });
});
