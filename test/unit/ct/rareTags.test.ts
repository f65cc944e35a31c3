/** Tags and pixels as few archives have them: each is read as what it is, or said. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, change, TAG, temporaryFolder, writeSeries } from './helpers.ts';

let folder: string;
let files: string[];
beforeEach(() => {
  folder = temporaryFolder();
  files = writeSeries(join(folder, 'P01'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Tags = Parameters<Parameters<typeof change>[1]>[0];
const each = (edit: (tags: Tags, n: number) => void) => {
  for (const [n, file] of files.entries()) change(file, (tags) => edit(tags, n));
};
const decimals = (...value: readonly (number | string)[]) => ({ vr: 'DS', Value: [...value] });
const words = (value: number) => ({ vr: 'US', Value: [value] });
const stored = (tags: Tags) => new Uint16Array((tags['7FE00010']!.Value as ArrayBuffer[])[0]!.slice(0));
const store = (tags: Tags, pixels: Uint16Array) => {
  tags['7FE00010'] = { vr: 'OW', Value: [pixels.buffer] };
};
/** An image more, a copy of the n-th that is changed by `edit`. */
const add = (name: string, n: number, edit: (tags: Tags) => void) => {
  copyFileSync(files[n]!, join(folder, 'P01', name));
  change(join(folder, 'P01', name), (tags) => {
    tags['00080018'] = { vr: 'UI', Value: [`1.2.3.${name.length}`] };
    edit(tags);
  });
};

const found = async () => {
  const { patients, problems } = await discoverCohort(folder, unattended);
  const series = patients.flatMap((patient) => patient.series);
  const remarks = [...problems, ...series.flatMap((one) => one.problems)];
  return { series, codes: remarks.map(({ code }) => code), remarks };
};
/** How much higher voxels are than those that were written, each difference once. */
const differences = async (own = asymmetricVolume().hu) => {
  const { series } = await found();
  const { volume } = await readSeries(series[0]!, unattended);
  expect(volume.hu.length).toBe(own.length);
  return [...new Set(volume.hu.map((value, n) => value - own[n]!))];
};

describe('known tags of unknown representation (VR UN)', () => {
  const asUnknown = (tags: Tags, tag: string) => {
    const { vr, Value: value = [] } = tags[tag]!;
    const text = value.join('\\');
    const bytes = vr === 'US' ? Uint16Array.from(value.map(Number)) : Buffer.from(text.length % 2 ? `${text} ` : text);
    tags[tag] = { vr: 'UN', Value: [bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)] };
  };

  it.each([
    ['of the scale', [TAG.slope, TAG.intercept]],
    ['of the place', [TAG.position, TAG.orientation, '00280030']],
    ['of the pixels', ['00280010', '00280011', '00280100', '00280101', '00280102', '00280103']],
    ['of the series', ['00080018', TAG.modality, TAG.patientId, '0020000D', TAG.seriesUid]],
  ])('are read as what they are: those %s', async (_, tags) => {
    each((all) => {
      for (const tag of tags) asUnknown(all, tag);
    });
    const group = Buffer.from(tags[0]!.match(/../g)!.join(''), 'hex').swap16();
    expect(readFileSync(files[0]!).includes(Buffer.concat([group, Buffer.from('UN')]))).toBe(true);
    expect(await differences()).toEqual([0]);
    expect((await found()).codes).toEqual([]);
  });
});

describe('bits above those that are stored', () => {
  const in12Bits = (tags: Tags) => {
    Object.assign(tags, { '00280101': words(12), '00280102': words(11) });
    Object.assign(tags, { '60000010': words(6), '60000100': words(1), '60000102': words(12) });
  };

  it('are overlays, and no values', async () => {
    each((tags) => {
      in12Bits(tags);
      store(
        tags,
        stored(tags).map((value, p) => value | (0x1000 << (p % 4))),
      );
    });
    expect(await differences()).toEqual([0]);
  });

  it('are no signs of values with sign', async () => {
    each((tags) => {
      in12Bits(tags);
      Object.assign(tags, { '00280103': words(1), [TAG.intercept]: decimals(0) });
      store(
        tags,
        stored(tags).map((value, p) => ((value - 1024) & 0xfff) | (p % 2 ? 0xf000 : 0x1000)),
      );
    });
    expect(await differences()).toEqual([0]);
  });
});

describe('the scale of values', () => {
  it('is that of the standard’s tags beside private ones', async () => {
    each((tags) => {
      tags['20050010'] = { vr: 'LO', Value: ['Philips MR Imaging DD 001'] };
      tags['2005100D'] = { vr: 'FL', Value: [77] };
      tags['2005100E'] = { vr: 'FL', Value: [0.5] };
    });
    expect(await differences()).toEqual([0]);
  });

  it('may be another in every slice, where values go on from slice to slice', async () => {
    each((tags, n) => {
      if (n % 2 === 0) return;
      tags[TAG.intercept] = decimals(-1000);
      store(
        tags,
        stored(tags).map((value) => value - 24),
      );
    });
    expect(await differences()).toEqual([0]);
    expect((await found()).codes).toEqual([]);
  });

  it.each<[string, (tags: Tags) => void]>([
    [
      'lost',
      (tags) => {
        delete tags[TAG.slope];
        delete tags[TAG.intercept];
      },
    ],
    [
      'changed',
      (tags) => {
        tags[TAG.intercept] = decimals(-900);
      },
    ],
  ])('that was %s in some slices is told by those beside them', async (_, edit) => {
    each((tags, n) => {
      if (n === 9 || n === 10) edit(tags);
    });
    const { remarks } = await found();
    expect(remarks.find(({ code }) => code === 'mixed-rescale')?.message).toContain(
      'the slices beside them show that these tags were lost or changed',
    );
  });
});

describe('places', () => {
  const along = (at: (n: number) => number | string) =>
    each((tags, n) => {
      const [x, y] = tags[TAG.position]!.Value as number[];
      tags[TAG.position] = decimals(x!, y!, at(n));
    });

  it('0.2 mm apart are places of their own', async () => {
    rmSync(join(folder, 'P01'), { recursive: true });
    const volume = asymmetricVolume(7, 6, 60);
    files = writeSeries(join(folder, 'P01'), volume);
    along((n) => (100 + n * 0.2).toFixed(1));
    expect(await differences(volume.hu)).toEqual([0]);
    expect((await found()).series[0]!.spacingMm[2]).toBeCloseTo(0.2, 6);
  });

  it('in tenths of a millimetre are even ones', async () => {
    along((n) => (100 + n * 1.25).toFixed(1));
    const { series, codes } = await found();
    expect(codes).toEqual([]);
    expect(series[0]!.size[2]).toBe(24);
    expect(series[0]!.spacingMm[2]).toBeCloseTo(1.25, 1);
  });

  it('that jitter by a fiftieth of their distance are even ones', async () => {
    along((n) => (100 + n * 2.5 + 0.05 * Math.sin(7 * n)).toFixed(3));
    const { series, codes } = await found();
    expect(codes).toEqual([]);
    expect(series[0]!.size[2]).toBe(24);
  });

  it('with every third slice missing are counted', async () => {
    for (const [n, file] of files.entries()) if (n % 3 === 2) rmSync(file);
    const { remarks } = await found();
    expect(remarks.map(({ code }) => code)).toEqual(['missing-slices']);
    expect(remarks[0]!.message).toContain('16 found where 23 were expected every 2.50 mm');
  });

  it.each([
    ['SpacingBetweenSlices', '00180088', [-2.5]],
    ['SliceThickness', '00180050', [-2.5]],
  ])('are those of the positions, whatever a negative %s says', async (_, tag, value) => {
    each((tags) => {
      tags[tag] = decimals(...value);
    });
    expect(await differences()).toEqual([0]);
    expect((await found()).codes).toEqual([]);
  });

  it('with a negative pixel spacing are refused by its name', async () => {
    each((tags) => {
      tags['00280030'] = decimals(-0.8, -0.7);
    });
    await expect(found()).rejects.toThrow(/pixel spacing is missing or cannot be/);
  });
});

describe('what calls itself CT and is none', () => {
  it.each<[string, (tags: Tags) => void, string[]]>([
    [
      'a dose report in a series of its own',
      (tags) => {
        Object.assign(tags, {
          [TAG.seriesUid]: { vr: 'UI', Value: ['1.2.9'] },
          '00200011': { vr: 'IS', Value: [999] },
        });
        for (const tag of [TAG.position, TAG.orientation, '00280030']) delete tags[tag];
      },
      ['no-geometry'],
    ],
    [
      'a dose report in the CT’s series',
      (tags) => {
        for (const tag of [TAG.position, TAG.orientation]) delete tags[tag];
      },
      ['no-geometry'],
    ],
    [
      'a secondary capture at the place of a slice',
      (tags) => {
        tags['00080016'] = { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] };
        store(tags, stored(tags).fill(3000));
      },
      ['not-ct'],
    ],
    [
      'a screenshot of the class of CTs at the place of a slice',
      (tags) => {
        tags[TAG.imageType] = { vr: 'CS', Value: ['DERIVED', 'SECONDARY', 'SCREEN SAVE'] };
        store(tags, stored(tags).fill(3000));
      },
      ['tags-not-obeyed', 'duplicate-slices'],
    ],
  ])('leaves the CT as it is, and is named: %s', async (_, edit, codes) => {
    add('0-first.dcm', 5, edit);
    expect(await differences()).toEqual([0]);
    expect((await found()).codes).toEqual(codes);
  });
});
