/** Volume files in every form: the same sizes, places and values as SimpleITK and nibabel (test/reference/volumes.py). */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { createSourceReader } from '../../../src/kernel/ct/files/sources.ts';
import { openVolumeFile, readVoxels } from '../../../src/kernel/ct/formats/volumeFile.ts';
import {
  ORIENTATIONS,
  orderOfOrientation,
  reorderData,
  reorderGrid,
} from '../../../src/kernel/ct/geometry/orientation.ts';
import { type Affine, axisAlignedAffine, type Grid } from '../../../src/kernel/ct/geometry/volume.ts';
import { asymmetricVolume, temporaryFolder, writeZip } from './helpers.ts';
import { metaHeader, niftiHeader, nrrdHeader, SIZE, VARIANTS, voxelBytes, writeVariant } from './volumeVariants.ts';

interface Reference {
  readonly name: string;
  readonly size: readonly number[];
  readonly affine: readonly number[];
  /** What SimpleITK reads where nibabel reads another affine; null where it reads none. */
  readonly itk?: readonly number[] | null;
  readonly sum: number;
  /** Of every voxel, 16 bits little endian, x fastest. */
  readonly sha256: string;
}

const data = join(import.meta.dirname, '../../../../shared/data');
const references = JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/volumes.json'), 'utf8')) as {
  readonly variants: readonly Reference[];
  readonly shared: readonly Reference[];
};
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the volume files of ${data} are not on this machine.`);

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(file: string): Promise<Grid & { values: Int16Array }> {
  const reader = createSourceReader();
  const form = readFileSync(file).readUInt16BE() === 0x1f8b ? ('gzip' as const) : undefined;
  try {
    return await readVoxels({ file, ...(form && { form }) }, reader, unattended, -32768);
  } finally {
    reader.close();
  }
}

function expectSame({ size, affine, values }: Grid & { values: Int16Array }, reference: Reference): void {
  expect(size).toEqual(reference.size);
  for (const [n, value] of reference.affine.entries()) expect(affine[n]).toBeCloseTo(value, 4);
  expect(values.reduce((sum, value) => sum + value, 0)).toBe(reference.sum);
  const { buffer, byteOffset, byteLength } = values;
  const sha256 = createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength));
  expect(sha256.digest('hex')).toBe(reference.sha256);
}

describe('a volume file', () => {
  const byName = new Map(references.variants.map((reference) => [reference.name, reference]));

  it.each(VARIANTS.map((variant) => [variant.name, variant] as const))(
    'of %s is read as others read it',
    async (name, variant) => {
      const reference = byName.get(name)!;
      const { follows = reference.affine } = variant;
      const affine = follows === 'itk' ? reference.itk! : follows;
      expectSame(await read(writeVariant(folder, variant)), { ...reference, affine });
    },
  );

  it.skipIf(!hasData).each(references.shared.map((reference) => [reference.name, reference] as const))(
    '%s is read as others read it',
    async (name, reference) => expectSame(await read(join(data, name)), reference),
    60_000,
  );
});

describe('every orientation', () => {
  const volume = asymmetricVolume(4, 5, 24);
  const steps = (affine: Affine) => [0, 1, 2].map((axis) => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!]);
  const origin = (affine: Affine) => [affine[3]!, affine[7]!, affine[11]!];
  const length = (v: readonly number[]) => Math.hypot(...v);
  const written = {
    'volume.nrrd': (grid: Grid, bytes: Buffer) => {
      const fields = {
        sizes: grid.size.join(' '),
        'space directions': steps(grid.affine)
          .map((step) => `(${step.join(',')})`)
          .join(' '),
        'space origin': `(${origin(grid.affine).join(',')})`,
        encoding: 'gzip',
      };
      return Buffer.concat([nrrdHeader(fields), gzipSync(bytes)]);
    },
    'volume.mha': (grid: Grid, bytes: Buffer) => {
      const axes = steps(grid.affine);
      const fields = {
        DimSize: grid.size.join(' '),
        TransformMatrix: axes.flatMap((step) => step.map((v) => v / length(step))).join(' '),
        ElementSpacing: axes.map(length).join(' '),
        Offset: origin(grid.affine).join(' '),
      };
      return Buffer.concat([metaHeader(fields), bytes]);
    },
    'volume.nii': (grid: Grid, bytes: Buffer) => {
      const rows = [0, 1, 2].map((r) => grid.affine.slice(r * 4, r * 4 + 4).map((v) => (r < 2 ? -v : v)));
      return Buffer.concat([niftiHeader({ version: 2, size: grid.size, rows }), bytes]);
    },
  };

  it.each(Object.entries(written))(
    'written to %s gives the same volume back, at any place and spacing',
    async (name, write) => {
      const millimetres = (from: number, to: number) => fc.integer({ min: from * 8, max: to * 8 }).map((n) => n / 8);
      for (const orientation of ORIENTATIONS)
        await fc.assert(
          fc.asyncProperty(
            fc.tuple(millimetres(0.5, 1), millimetres(0.5, 1), millimetres(0.5, 5)),
            fc.tuple(millimetres(-300, 300), millimetres(-300, 300), millimetres(-1500, 1500)),
            async (spacing, place) => {
              const grid = { size: volume.size, affine: axisAlignedAffine(spacing, place) };
              const order = orderOfOrientation(orientation);
              const bytes = Buffer.from(Int16Array.from(reorderData(volume.hu, volume.size, order)).buffer);
              writeFileSync(join(folder, name), write(reorderGrid(grid, order), bytes));
              const { patients } = await discoverCohort(join(folder, name), unattended);
              const loaded = (await readSeries(patients[0]!.series[0]!, unattended)).volume;
              expect(loaded.size).toEqual(grid.size);
              for (const [n, value] of grid.affine.entries()) expect(loaded.affine[n]).toBeCloseTo(value, 4);
              expect(loaded.hu).toEqual(volume.hu);
            },
          ),
          { numRuns: 3 },
        );
    },
    60_000,
  );
});

describe('describing volume files', () => {
  const codesOf = async (path: string) => {
    const { patients, problems } = await discoverCohort(path, unattended);
    return [...problems, ...patients.flatMap((p) => p.series.flatMap((s) => s.problems))].map((p) => p.code);
  };
  const chest = { size: [5, 4, 30] } as const;
  const voxels = voxelBytes('int16', true, 5 * 4 * 30);

  it('sets label maps aside, and says so', async () => {
    const header = nrrdHeader({ type: 'uchar', sizes: chest.size.join(' ') });
    writeFileSync(join(folder, 'P01.nrrd'), Buffer.concat([nrrdHeader({ sizes: chest.size.join(' ') }), voxels]));
    const labels = Buffer.from(Array.from({ length: 600 }, (_, n) => n % 6));
    writeFileSync(join(folder, 'P01.lungs.nrrd'), Buffer.concat([header, labels]));
    const { patients, problems } = await discoverCohort(folder, unattended);
    expect(patients.map(({ id }) => id)).toEqual(['P01']);
    expect(problems).toMatchObject([
      { code: 'label-map', message: expect.stringMatching(/^P01, file 1 is not used.*6 different values.*0 to 5/) },
    ]);
  });

  it.each([
    ['NIfTI', 'a.nii', Buffer.concat([niftiHeader({ ...chest, sformCode: 0 }), voxels])],
    ['NRRD', 'a.nrrd', Buffer.concat([nrrdHeader({ sizes: '5 4 30', space: 'scanner-xyz' }), voxels])],
    [
      'MetaImage',
      'a.mha',
      Buffer.concat([
        Buffer.from(
          metaHeader({ DimSize: '5 4 30' })
            .toString()
            .replace(/Transform.*\n/, ''),
        ),
        voxels,
      ]),
    ],
  ])('warns of %s that does not say how the patient lies in it', async (_, name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    expect(await codesOf(folder)).toContain('no-orientation');
  });

  it.each([
    [
      'sform with steps of 1',
      'two-spacings',
      /1 × 1 × 1 mm by its sform, and 0\.75 × 0\.8 × 2\.5 mm by pixdim\. Those of the pixdim are used.*0\.667 times/,
    ],
    [
      'pixdim of 1 beside an sform',
      'two-spacings',
      /0\.75 × 0\.8 × 2\.5 mm by its sform, and 1 × 1 × 1 mm by pixdim\. Those of the sform are used.*0\.667 times/,
    ],
    [
      'sform turned against the qform',
      'two-orientations',
      /sform \(code 1\) and qform \(code 1\) differ by 29°\. The sform is used/,
    ],
    [
      'sform of a template beside a qform',
      'two-orientations',
      /sform \(code 4\) and qform \(code 1\) differ by 29°\. The qform is used/,
    ],
    ['sform beside a qform', 'two-orientations', /differ by 180°/],
  ])('says which of two sizes or axes is taken: %s', async (name, code, message) => {
    const file = writeVariant(folder, VARIANTS.find((variant) => variant.name === `nifti-1 ${name}`)!);
    const { header } = await openVolumeFile({ file }, createSourceReader());
    expect(header.problems).toEqual([{ severity: 'warning', code, message: expect.stringMatching(message) }]);
  });

  it.each([
    'sform of zeros',
    'sform of zeros alone',
    'pixdim of 0 beside an sform',
    'sheared sform',
    'sheared sform with the distance of slices',
    'micrometres',
    'qform',
  ])('says nothing where a header contradicts nothing: %s', async (name) => {
    const file = writeVariant(folder, VARIANTS.find((variant) => variant.name === `nifti-1 ${name}`)!);
    expect((await openVolumeFile({ file }, createSourceReader())).header.problems).toEqual([]);
  });

  it('takes the size that a chest can have, where pixdim is out of all bounds', async () => {
    const options = {
      size: [60, 50, 30],
      rows: [
        [-6, 0, 0, 0],
        [0, -6, 0, 0],
        [0, 0, 6, 0],
      ],
      pixdim: [6000, 6000, 6000],
    };
    writeFileSync(
      join(folder, 'a.nii'),
      Buffer.concat([niftiHeader(options), voxelBytes('int16', true, 60 * 50 * 30)]),
    );
    expect(await codesOf(folder)).toEqual(['two-spacings', 'hu-implausible']);
  });

  it('reads the axes of a MetaImage without a matrix from its anatomical letters', async () => {
    const fields = { DimSize: '5 4 30', AnatomicalOrientation: 'LPI' };
    const header = metaHeader(fields)
      .toString()
      .replace(/Transform.*\n/, '');
    writeFileSync(join(folder, 'a.mha'), Buffer.concat([Buffer.from(header), voxels]));
    expect((await read(join(folder, 'a.mha'))).affine).toEqual([
      -0.75, 0, 0, -12.5, 0, -0.8, 0, 7.25, 0, 0, 2.5, 100, 0, 0, 0, 1,
    ]);
  });

  it('reads a packed NIfTI within a zip file, and takes no other packed file for one', async () => {
    const volume = asymmetricVolume(5, 4, 30);
    const bytes = Buffer.concat([niftiHeader(chest), Buffer.from(Int16Array.from(volume.hu).buffer)]);
    writeFileSync(join(folder, 'P01.nii.gz'), gzipSync(bytes));
    writeFileSync(join(folder, 'log.gz'), gzipSync('nothing to see'));
    writeZip(join(folder, 'all.zip'), [join(folder, 'P01.nii.gz'), join(folder, 'log.gz')]);
    const { patients, problems } = await discoverCohort(join(folder, 'all.zip'), unattended);
    expect(patients.map(({ id, series }) => [id, series[0]!.format])).toEqual([['P01', 'nifti']]);
    expect(problems.map(({ code }) => code)).toEqual(['not-an-image']);
    expect((await readSeries(patients[0]!.series[0]!, unattended)).volume.hu.length).toBe(600);
  });

  it('does not count the data files of headers among the foreign ones', async () => {
    mkdirSync(join(folder, 'P01'));
    writeVariant(join(folder, 'P01'), VARIANTS.find(({ name }) => name === 'nrrd detached list')!);
    expect(await codesOf(folder)).toEqual(['impossible-spacing', 'few-slices']);
  });

  const huge = '100000 100000 100000';
  it.each([
    ['claims an absurd size (NRRD)', 'a.nrrd', Buffer.concat([nrrdHeader({ sizes: huge }), voxels]), /no CT has/],
    ['claims an absurd size (MetaImage)', 'a.mha', Buffer.concat([metaHeader({ DimSize: huge }), voxels]), /no CT has/],
    [
      'claims an absurd size (NIfTI)',
      'a.nii',
      Buffer.concat([niftiHeader({ version: 2, size: [1e5, 1e5, 1e5] }), voxels]),
      /no CT has/,
    ],
    ['claims more than it holds', 'a.nrrd', Buffer.concat([nrrdHeader({ sizes: '512 512 500' }), voxels]), /cut short/],
    [
      'claims more than its packed bytes can hold',
      'a.nrrd',
      Buffer.concat([nrrdHeader({ sizes: '512 512 500', encoding: 'gzip' }), gzipSync(voxels)]),
      /cut short/,
    ],
    [
      'has damaged packed bytes',
      'a.nrrd',
      Buffer.concat([nrrdHeader({ encoding: 'gzip' }), gzipSync(voxels).fill(7, 12)]),
      /damaged/,
    ],
    ['has four axes (NIfTI)', 'a.nii', Buffer.concat([niftiHeader({ size: [5, 4, 3, 10] }), voxels]), /not one volume/],
    [
      'has four axes (NRRD)',
      'a.nrrd',
      Buffer.concat([nrrdHeader({ dimension: '4', sizes: '3 5 4 10' }), voxels]),
      /not one volume/,
    ],
    ['is packed with bzip2', 'a.nrrd', Buffer.concat([nrrdHeader({ encoding: 'bzip2' }), voxels]), /gzip or raw/],
    ['has no endianness', 'a.nrrd', Buffer.concat([nrrdHeader({ endian: '' }), voxels]), /endian/],
    ['holds colours', 'a.mha', Buffer.concat([metaHeader({ ElementNumberOfChannels: '3' }), voxels]), /several values/],
    [
      'has axes without volume',
      'a.mha',
      Buffer.concat([metaHeader({ TransformMatrix: '1 0 0 1 0 0 0 0 1' }), voxels]),
      /make no volume/,
    ],
    [
      'has lost its data file',
      'a.mhd',
      metaHeader({}, 'gone.raw'),
      /the file with the voxels, which it names, is missing/,
    ],
    ['leads out of its folder', 'a.mhd', metaHeader({}, '../../etc/passwd'), /another folder/],
    ['leads to an absolute path', 'a.nhdr', nrrdHeader({ 'data file': '/etc/passwd' }, ''), /another folder/],
    ['never ends', 'a.nrrd', Buffer.from(`NRRD0004\ntype: short\n${'# x\n'.repeat(100)}`), /cut short/],
  ])('refuses a file that %s, with the reason', async (_, name, bytes, message) => {
    writeFileSync(join(folder, name), bytes);
    await expect(discoverCohort(join(folder, name), unattended)).rejects.toMatchObject({
      code: 'volume-file',
      message: expect.stringMatching(message),
    });
  });

  const LARGE = [170, 160, 160] as const;
  const largeVoxels = () => voxelBytes('int16', true, LARGE[0] * LARGE[1] * LARGE[2]);
  const largeNifti = () => Buffer.concat([niftiHeader({ size: LARGE }), largeVoxels()]);

  it.each([
    ['few', 'a.nrrd', () => gzipSync(voxelBytes('int16', true, 60_000)), '40 50 30'],
    ['many', 'a.nrrd', () => gzipSync(largeVoxels()), LARGE.join(' ')],
    ['many', 'a.nii.gz', () => gzipSync(largeNifti()), ''],
  ])(
    'says at once that packed voxels end too early, %s of them (%s)',
    async (_, name, packed, sizes) => {
      const header = sizes ? nrrdHeader({ sizes, encoding: 'gzip' }) : Buffer.alloc(0);
      writeFileSync(join(folder, name), Buffer.concat([header, packed().subarray(0, -100)]));
      await expect(discoverCohort(join(folder, name), unattended)).rejects.toMatchObject({
        code: 'volume-file',
        message: expect.stringContaining(`${name} cannot be read as a CT`),
      });
    },
    60_000,
  );

  it('reads voxels that are packed in several parts, and such with bytes behind them', async () => {
    const bytes = largeNifti();
    const parts = [bytes.subarray(0, 5_000_001), bytes.subarray(5_000_001), Buffer.from('more')];
    writeFileSync(join(folder, 'a.nii.gz'), Buffer.concat(parts.map((part) => gzipSync(part))));
    const { patients } = await discoverCohort(join(folder, 'a.nii.gz'), unattended);
    expect((await readSeries(patients[0]!.series[0]!, unattended)).volume.size).toEqual(LARGE);
  }, 60_000);

  it('holds as many voxels as the variants say', () => {
    expect(references.variants).toHaveLength(VARIANTS.length);
    expect(references.variants.filter(({ size }) => size.join() !== SIZE.join())).toEqual([]);
  });
});
