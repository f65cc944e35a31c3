/** Whatever one patient's CT ends in stays with that patient: the others of the cohort are measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import type { createImageService } from '../../../src/kernel/lungs/imageService.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { TableView, ViewModel } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { change, niftiFile, writeSeries } from '../ct/helpers.ts';

/** What opening the CT of P02 ends in. */
let failure: (() => unknown) | undefined;
vi.mock('../../../src/kernel/lungs/imageService.ts', async (original) => {
  const own = await original<{ createImageService: typeof createImageService }>();
  return {
    ...own,
    createImageService: () => {
      const images = own.createImageService();
      return {
        ...images,
        open: (async (series, task) => {
          if (failure && series.sources[0]!.file.includes('P02')) throw failure();
          return images.open(series, task);
        }) satisfies typeof images.open,
      };
    },
  };
});
afterEach(() => {
  failure = undefined;
});

/** Soft tissue with air in front, and a box of air that the fixture's network calls right upper lobe. */
function box(): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < 19; k++)
    for (let j = 10; j < 40; j++) hu.fill(-800, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 50);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

const QUANTIFY = 'quantify c with "tiny-textures" lobes "tiny-lobes" as ai';
const flagsIn = (shown: readonly ViewModel[]): SeriesRemark[] =>
  shown.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));
const patientsIn = (shown: readonly ViewModel[]): unknown[] => {
  const table: TableView | undefined = shown.find((view) => view.type === 'table');
  return [...new Set(table?.rows.map(([patient]) => patient))];
};

function inMetres(volume: Volume): Buffer {
  const bytes = niftiFile(volume, 1);
  bytes[123] = 1;
  return bytes;
}

describe('a cohort with one bad patient', () => {
  let notebook: TestSession;
  beforeAll(() => {
    notebook = startSession();
    const cohort = join(notebook.folder, 'cohort');
    writeSeries(join(cohort, 'P01'), box(), 'A');
    mkdirSync(join(cohort, 'P02'));
    writeFileSync(join(cohort, 'P02', 'ct.nii'), inMetres(box()));
    for (const file of writeSeries(join(cohort, 'P03'), box(), 'C'))
      change(file, (tags) => {
        tags['00280030'] = { vr: 'DS', Value: [15, 75] };
      });
    writeSeries(join(cohort, 'P04'), box(), 'D');
  });

  it('has the CTs that no chest is as large as refused by name, with their sizes, and the others measured', async () => {
    const described = await notebook.shown('load "cohort" as c\ndescribe c');
    const refused = flagsIn(described).filter(({ code }) => code === 'impossible-spacing');
    expect(refused.toSorted((a, b) => a.patient.localeCompare(b.patient))).toEqual([
      expect.objectContaining({
        patient: 'P02',
        severity: 'error',
        message: expect.stringContaining(
          'By its header this CT is 90000 × 75000 × 50000 mm large: 60 × 50 × 25 voxels of 1500 × 1500 × 2000 mm. A chest’s field of view is 10 to 1000 mm wide and up to 2100 mm long',
        ),
      }),
      expect.objectContaining({ patient: 'P03', message: expect.stringContaining('4500 × 750 × 50 mm large') }),
    ]);
    const shown = await notebook.shown(QUANTIFY);
    expect(patientsIn(shown)).toEqual(['P01', 'P04']);
    const failed = flagsIn(shown).filter(({ message }) => message.startsWith('Not measured: By its header'));
    expect(failed.map(({ patient }) => patient).sort()).toEqual(['P02', 'P03']);
  }, 60_000);
});

describe('a failure of any kind', () => {
  it.each([
    ['an allocation', () => new RangeError('Array buffer allocation failed'), 'memory'],
    ['a mistake of ours', () => new TypeError("Cannot read properties of undefined (reading 'size')"), 'internal'],
    ['the end of the thread', () => Object.assign(new Error('gone'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), 'memory'],
    ['something that is no error', () => 'a text', 'internal'],
  ])(
    'is that of its patient alone: %s',
    async (_, thrown, code) => {
      failure = thrown;
      const notebook = startSession();
      for (const name of ['P01', 'P02', 'P03']) writeSeries(join(notebook.folder, 'cohort', name), box(), name);
      await notebook.shown('load "cohort" as c');
      const shown = await notebook.shown(QUANTIFY);
      expect(patientsIn(shown)).toEqual(['P01', 'P03']);
      expect(flagsIn(shown).filter(({ patient }) => patient === 'P02')).toEqual([expect.objectContaining({ code })]);
    },
    60_000,
  );
});
