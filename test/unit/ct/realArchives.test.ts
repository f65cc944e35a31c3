/** What archives, scanners and anonymising programs do to DICOM files, case by case: what belongs together, and what is said. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, change, SPACING, TAG, temporaryFolder, writeSeries } from './helpers.ts';

let folder: string;
let files: string[];
beforeEach(() => {
  folder = temporaryFolder();
  files = writeSeries(join(folder, 'P01'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Tags = Parameters<Parameters<typeof change>[1]>[0];
const TAGS = {
  sopClass: ['00080016', 'UI'],
  sopUid: ['00080018', 'UI'],
  acquisitionTime: ['00080032', 'TM'],
  contentTime: ['00080033', 'TM'],
  modality: ['00080060', 'CS'],
  description: ['0008103E', 'LO'],
  name: ['00100010', 'PN'],
  patientId: ['00100020', 'LO'],
  birthDate: ['00100030', 'DA'],
  thickness: ['00180050', 'DS'],
  triggerTime: ['00181060', 'DS'],
  kernel: ['00181210', 'SH'],
  study: ['0020000D', 'UI'],
  series: ['0020000E', 'UI'],
  seriesNumber: ['00200011', 'IS'],
  acquisition: ['00200012', 'IS'],
  instance: ['00200013', 'IS'],
  position: ['00200032', 'DS'],
  frameOfReference: ['00200052', 'UI'],
  temporalPosition: ['00200100', 'IS'],
  comments: ['00204000', 'LT'],
  spacing: ['00280030', 'DS'],
  padding: ['00280120', 'US'],
  rescaleType: ['00281054', 'LO'],
} as const;
const set = (tags: Tags, values: Partial<Record<keyof typeof TAGS, unknown>>) => {
  for (const [name, value] of Object.entries(values)) {
    // SAFETY: the names of `values` are those of TAGS.
    const [tag, vr] = TAGS[name as keyof typeof TAGS];
    tags[tag] = { vr, Value: Array.isArray(value) ? value : [value] };
  }
};
const each = (edit: (tags: Tags, n: number) => void) => {
  for (const [n, file] of files.entries()) change(file, (tags) => edit(tags, n));
};

/** A second scan in the same series: its slices `above` mm higher, its values `more` HU higher, changed by `edit`. */
function scanAgain(name: string, edit: (tags: Tags, n: number) => void, { above = 0, more = 100 } = {}): void {
  mkdirSync(join(folder, 'P01', name));
  for (const [n, file] of files.entries()) {
    const copy = join(folder, 'P01', name, `${(n * 7) % 24}.dcm`);
    copyFileSync(file, copy);
    change(copy, (tags) => {
      const [x, y, z] = tags[TAG.position]!.Value as number[];
      const pixels = new Int16Array((tags['7FE00010']!.Value as ArrayBuffer[])[0]!.slice(0));
      tags['7FE00010'] = { vr: 'OW', Value: [pixels.map((value) => value + more).buffer] };
      set(tags, { sopUid: `1.2.${name.length}.${n}`, position: [x, y, Number(z) + above] });
      edit(tags, n);
    });
  }
}

const load = () => discoverCohort(folder, unattended);
const found = async () => {
  const { patients, problems } = await load();
  const series = patients.flatMap((patient) => patient.series);
  const all = [...problems, ...series.flatMap((one) => one.problems)];
  return {
    patients: patients.map(({ id }) => id),
    slices: series.map(({ size }) => size[2]),
    series,
    codes: all.map(({ code }) => code),
    said: (code: string) => all.find((one) => one.code === code)?.message ?? '',
  };
};
/** How much higher each series' values are than those of the first scan, the same in all its slices. */
const offsets = async () => {
  const { series } = await found();
  const own = asymmetricVolume().hu;
  return Promise.all(
    series.map(async (one) => {
      const { volume } = await readSeries(one, unattended);
      const differences = new Set(volume.hu.map((value, n) => value - own[n]!));
      return differences.size === 1 ? [...differences][0] : 'mixed';
    }),
  );
};

describe('phases of a gated or dynamic scan', () => {
  it.each<[string, (tags: Tags, phase: number) => void]>([
    ['temporal position', (tags, phase) => set(tags, { temporalPosition: phase })],
    ['percent of the cycle', (tags, phase) => set(tags, { comments: `${phase}0 %` })],
    ['trigger time', (tags, phase) => set(tags, { triggerTime: phase * 250 })],
    ['acquisition time', (tags, phase) => set(tags, { acquisitionTime: `10000${phase}` })],
    ['content time', (tags, phase) => set(tags, { contentTime: `10000${phase}` })],
  ])('are told apart by %s, whatever order they were numbered in', async (words, edit) => {
    each((tags, n) => {
      set(tags, { instance: (n * 5) % 24 });
      edit(tags, 1);
    });
    scanAgain('2', (tags, n) => {
      set(tags, { instance: 24 + ((n * 11) % 24) });
      edit(tags, 2);
    });
    scanAgain(
      '33',
      (tags, n) => {
        set(tags, { instance: 48 + ((n * 13) % 24) });
        edit(tags, 3);
      },
      { more: 200 },
    );
    expect(await offsets()).toEqual([0, 100, 200]);
    expect((await found()).said('several-reconstructions')).toContain(`3 reconstructions that differ in ${words}`);
  });

  it('borrow no slice from each other where one is missing', async () => {
    each((tags) => set(tags, { temporalPosition: 1 }));
    scanAgain('2', (tags) => set(tags, { temporalPosition: 2 }));
    rmSync(files[9]!);
    const { slices, said } = await found();
    expect(slices).toEqual([24, 24]);
    expect(said('missing-slices')).toContain('23 found where 24 were expected');
    expect((await offsets())[1]).toBe(100);
  });

  it('of two kernels are told apart by both', async () => {
    const tell = (phase: number, kernel: string) => (tags: Tags) => set(tags, { triggerTime: phase, kernel });
    each(tell(0, 'B30f'));
    scanAgain('2', tell(0, 'B60f'));
    scanAgain('33', tell(500, 'B30f'), { more: 200 });
    scanAgain('444', tell(500, 'B60f'), { more: 300 });
    expect((await offsets()).sort()).toEqual([0, 100, 200, 300]);
  });

  it('by the order in which they were numbered, where no tag tells', async () => {
    each((tags, n) => set(tags, { instance: n + 1 }));
    scanAgain('2', (tags, n) => set(tags, { instance: n + 25 }));
    expect(await offsets()).toEqual([0, 100]);
  });

  it('that nothing tells apart are refused, with what was looked at', async () => {
    const numbered = (tags: Tags) => set(tags, { instance: 1 });
    each(numbered);
    scanAgain('2', numbered);
    for (let n = 0; n < 24; n++)
      copyFileSync(join(folder, 'P01', '2', `${n}.dcm`), join(folder, 'P01', `second${n}.dcm`));
    rmSync(join(folder, 'P01', '2'), { recursive: true });
    await expect(load()).rejects.toThrow(
      /48 images are of several scans or phases of the same places, and none of their tags/,
    );
  });
});

describe('two scans in one series', () => {
  const numbered = (tags: Tags, n: number) => set(tags, { instance: n + 1, thickness: SPACING[2] });

  it('half a spacing apart are two, where each was numbered by itself and another acquisition', async () => {
    each(numbered);
    scanAgain(
      '2',
      (tags, n) => {
        numbered(tags, n);
        set(tags, { acquisition: 2 });
      },
      { above: SPACING[2] / 2 },
    );
    expect((await found()).slices).toEqual([24, 24]);
  });

  it('half a spacing apart are one reconstruction that overlaps, where it was numbered through', async () => {
    each((tags, n) => set(tags, { instance: 2 * n, thickness: SPACING[2] }));
    scanAgain('2', (tags, n) => set(tags, { instance: 2 * n + 1, acquisition: 2 }), { above: SPACING[2] / 2 });
    expect((await found()).slices).toEqual([48]);
  });

  it('a little beside each other are two, whatever their tags say', async () => {
    each((tags) => set(tags, { instance: 1 }));
    scanAgain('2', (tags) => set(tags, { instance: 1 }), { above: 0.3 });
    expect((await found()).slices).toEqual([24, 24]);
  });

  it('with the same UIDs are no copies of each other', async () => {
    scanAgain('2', (tags, n) => {
      const own = readFileSync(files[n]!);
      const at = own.indexOf(Buffer.from('\x08\0\x18\0UI', 'latin1'));
      set(tags, { sopUid: own.toString('latin1', at + 8, at + 8 + own.readUInt16LE(at + 6)).replace(/\0$/, '') });
    });
    const { codes, said } = await found();
    expect(said('equal-uids')).toContain(
      '24 images have the SOPInstanceUID and place of another one, and other pixels',
    );
    expect(codes).not.toContain('duplicate-slices');
    expect((await offsets()).sort()).toEqual([0, 100]);
  });
});

describe('a CT’s series', () => {
  it.each(['RTSTRUCT', 'SR', 'PR'])('with a %s that sorts first is a CT, and the object is named', async (modality) => {
    copyFileSync(files[0]!, join(folder, 'P01', '0-first.dcm'));
    change(join(folder, 'P01', '0-first.dcm'), (tags) => {
      set(tags, { modality, sopUid: '1.2.3' });
      for (const tag of ['00280010', '00280011', '7FE00010']) delete tags[tag];
    });
    const { slices, said } = await found();
    expect(slices).toEqual([24]);
    expect(said('not-ct')).toContain(`1 file of its UID is of modality ${modality}`);
  });

  it.each(['PT', 'SEG'])('with %s images of the same places is the CT alone', async (modality) => {
    scanAgain('2', (tags) => set(tags, { modality }));
    expect(await offsets()).toEqual([0]);
    expect((await found()).said('not-ct')).toContain(`24 files of its UID are of modality ${modality}`);
  });

  it('with a screenshot at one place keeps its own slice', async () => {
    const shot = join(folder, 'P01', '0-shot.dcm');
    copyFileSync(files[5]!, shot);
    change(shot, (tags) => set(tags, { sopUid: '1.2.3', sopClass: '1.2.840.10008.5.1.4.1.1.7' }));
    const { slices, said } = await found();
    expect(slices).toEqual([24]);
    expect(said('not-ct')).toContain('1 image is a secondary capture');
  });

  it('of secondary captures alone is a CT that was converted', async () => {
    each((tags) => set(tags, { sopClass: '1.2.840.10008.5.1.4.1.1.7' }));
    expect((await found()).slices).toEqual([24]);
  });

  it('whose images have a SeriesInstanceUID each is one series, and that is said', async () => {
    each((tags, n) => set(tags, { series: `1.2.3.${n}` }));
    const { slices, said } = await found();
    expect(slices).toEqual([24]);
    expect(said('tags-not-obeyed')).toContain('SeriesInstanceUID has 24 values in 24 images');
  });

  it('gets back the one image that was given another SeriesInstanceUID', async () => {
    change(files[7]!, (tags) => set(tags, { series: '1.2.3.4' }));
    const { slices, codes } = await found();
    expect(slices).toEqual([24]);
    expect(codes).toEqual(['tags-not-obeyed']);
  });

  it('whose images all lie at one place is refused by the name of the tag', async () => {
    each((tags) => set(tags, { position: [0, 0, 0] }));
    await expect(load()).rejects.toThrow(/ImagePositionPatient is the same in all/);
  });
});

describe('numbers', () => {
  /** dcmjs writes no comma: the point of each number in the tag becomes one. */
  const withComma = (file: string, opening: string) => {
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.from(opening, 'latin1'));
    const end = at + 8 + bytes.readUInt16LE(at + 6);
    writeFileSync(
      file,
      Buffer.concat([
        bytes.subarray(0, at + 8),
        Buffer.from(bytes.toString('latin1', at + 8, end).replaceAll('.', ',')),
        bytes.subarray(end),
      ]),
    );
  };

  it.each([
    ['pixel spacing', '\x28\0\x30\0DS'],
    ['positions', '\x20\0\x32\0DS'],
  ])('with a decimal comma are read as such, and that is said: %s', async (_, opening) => {
    for (const file of files) withComma(file, opening);
    const { series, said } = await found();
    expect(series[0]!.spacingMm).toEqual([0.7, 0.8, 2.5].map((mm) => expect.closeTo(mm, 9)));
    expect(said('decimal-comma')).toMatch(/of 24 headers/);
  });

  it('of padding that are those of tissue are kept as tissue', async () => {
    each((tags) => set(tags, { padding: asymmetricVolume().hu[40]! + 1024 }));
    expect(await offsets()).toEqual([0]);
    expect((await found()).said('padding')).toContain('24 of 24 images');
  });

  it('of 32 bits are read, as programs for research write them', async () => {
    each((tags) => {
      const pixels = new Uint16Array((tags['7FE00010']!.Value as ArrayBuffer[])[0]!.slice(0));
      for (const [tag, value] of [
        ['00280100', 32],
        ['00280101', 32],
        ['00280102', 31],
      ] as const)
        tags[tag] = { vr: 'US', Value: [value] };
      tags['7FE00010'] = { vr: 'OW', Value: [Uint32Array.from(pixels).buffer] };
    });
    expect(await offsets()).toEqual([0]);
  });

  it('that scale some slices in another way are flagged, with the files', async () => {
    for (const n of [9, 10])
      change(files[n]!, (tags) => {
        delete tags[TAG.slope];
        delete tags[TAG.intercept];
      });
    expect((await found()).said('mixed-rescale')).toMatch(
      /1 and -1024 in 22 of 24 images, and neither in 2 \(P01, series-1, files 10, 11\)/,
    );
  });
});

describe('by its header a series is', () => {
  const said = async (values: Parameters<typeof set>[1]) => {
    each((tags) => set(tags, values));
    return (await found()).codes;
  };

  it.each([
    'EXP_1.25',
    'Thorax Exspiration 1.0',
    'Espirazione',
    'Espiración',
    'Ausatmung',
    'Thorax expi',
    'max. Exhale',
    '呼気',
  ])('in expiration: %s', async (description) => {
    each((tags) => {
      set(tags, { description });
      tags['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
    });
    expect((await found()).codes).toEqual(['expiration']);
  });

  it.each(['Thorax_INSP_1.0', 'Chest export', 'Experimental', 'respiration gated', 'Inspirazione'])(
    'not in expiration: %s',
    async (description) => expect(await said({ description })).toEqual([]),
  );

  it.each(['MIP 8 mm', 'Thorax MinIP', 'AX_MIP_10'])('a projection: %s', async (description) =>
    expect(await said({ description })).toEqual(['projection']),
  );

  it('none for words that only contain such', async () =>
    expect(await said({ description: 'Tmipon chip' })).toEqual([]));

  it('of another quantity', async () => expect(await said({ rescaleType: 'MGML' })).toEqual(['other-quantity']));

  it('in Hounsfield units, or in those that a scanner left open', async () => {
    expect(await said({ rescaleType: 'US' })).toEqual([]);
    expect(await said({ rescaleType: 'HU' })).toEqual([]);
  });

  it('computed from two energies', async () =>
    expect(await said({ description: 'MonoE 40 keV' })).toEqual(['spectral-image']));
});

describe('people', () => {
  const second = (edit: (tags: Tags) => void, name = 'P02') => {
    const own = files;
    files = writeSeries(join(folder, name));
    each((tags) => edit(tags));
    files = own;
  };
  const PEOPLE = [
    { name: 'Alpha', birthDate: '19500101' },
    { name: 'Beta', birthDate: '19610101' },
  ] as const;

  it('of one PatientID whose names and birth dates differ are two patients, and that is said', async () => {
    each((tags) => set(tags, PEOPLE[0]));
    second((tags) => set(tags, PEOPLE[1]));
    const { patients, codes } = await found();
    expect(patients).toEqual(['P01', 'P02']);
    expect(codes).toEqual(['shared-patient-id']);
  });

  it('whose name alone differs are one, as after a marriage', async () => {
    each((tags) => set(tags, PEOPLE[0]));
    second((tags) => set(tags, { ...PEOPLE[0], name: 'Gamma' }));
    expect((await found()).codes).toContain('one-patient');
  });

  it('whose tags change within a series are one, and that is said', async () => {
    each((tags, n) => set(tags, n % 2 ? PEOPLE[0] : { ...PEOPLE[1], patientId: 'ID-2' }));
    const { patients, said } = await found();
    expect(patients).toEqual(['P01']);
    expect(said('tags-not-obeyed')).toContain('PatientID has 2 values in 24 images');
  });

  it('without any tag that tells are one patient for each folder, and several studies are said', async () => {
    const nameless = { patientId: '', name: '', birthDate: '' };
    each((tags) => set(tags, { ...nameless, study: '1.2.1', series: '1.2.1.1' }));
    second((tags) => set(tags, { ...nameless, study: '1.2.2', series: '1.2.2.1' }), join('P01', 'second'));
    const { codes } = await found();
    expect(codes).toEqual(['unknown-people', 'several-studies']);
  });

  it('of whom nothing is used are named beside what is said of them, since no result shows their labels', async () => {
    second((tags) => set(tags, { patientId: 'ID-2', study: '1.2.2', series: '1.2.2.1', modality: 'MR' }), 'Doe, Jane');
    const { problems } = await load();
    expect(problems.map(({ code, patients }) => [code, patients])).toEqual([['not-ct', ['Doe, Jane']]]);
  });

  it('scanned twice have one study measured, and that is said', async () => {
    each((tags) => set(tags, { study: '1.2.1', series: '1.2.1.1' }));
    second((tags) => set(tags, { study: '1.2.2', series: '1.2.2.1' }), join('P01', 'second'));
    const { patients, problems } = await load();
    expect(problems.map(({ code }) => code)).toEqual(['several-studies']);
    expect(patients[0]!.choices.map(({ reason }) => reason)).toEqual([
      'the earlier study',
      'series-1 has the earlier study',
    ]);
  });
});

describe('a file’s first bytes', () => {
  /** The file again, with other file meta information and another opening of the data set. */
  const rewrite = (edit: (meta: Buffer, data: Buffer) => Buffer) => {
    for (const file of files) {
      const bytes = readFileSync(file);
      const end = 144 + bytes.readUInt32LE(140);
      writeFileSync(file, edit(bytes.subarray(0, end), bytes.subarray(end)));
    }
  };
  const CHARACTER_SET = (value: string) => {
    const padded = value.padEnd(value.length + (value.length % 2));
    return Buffer.concat([
      Buffer.from('\x08\0\x05\0CS', 'latin1'),
      Buffer.from([padded.length, 0]),
      Buffer.from(padded),
    ]);
  };

  it.each(['\\ISO 2022 IR 87', '\\ISO 2022 IR 149', 'ISO 2022 IR 13\\ISO 2022 IR 87', 'UTF-8', 'no such set'])(
    'may name character sets that the parser does not know: %s',
    async (value) => {
      rewrite((meta, data) => Buffer.concat([meta, CHARACTER_SET(value), data]));
      expect(await offsets()).toEqual([0]);
    },
  );

  it('may lack the length of the file meta information', async () => {
    rewrite((meta, data) => Buffer.concat([meta.subarray(0, 132), meta.subarray(144), data]));
    expect(await offsets()).toEqual([0]);
  });

  it('may have a wrong length of the file meta information', async () => {
    rewrite((meta, data) => {
      meta.writeUInt32LE(meta.readUInt32LE(140) + 10, 140);
      return Buffer.concat([meta, data]);
    });
    expect(await offsets()).toEqual([0]);
  });

  it('may name a transfer syntax that is not the one of the data set', async () => {
    // Implicit little endian, called so in a file that is explicit.
    rewrite((meta, data) => {
      const at = meta.indexOf('1.2.840.10008.1.2.1');
      meta.write('1.2.840.10008.1.2\0\0\0', at, 'latin1');
      return Buffer.concat([meta, data]);
    });
    expect(await offsets()).toEqual([0]);
  });
});
