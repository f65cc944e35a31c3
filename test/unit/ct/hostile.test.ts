/** Files whose headers say anything at all: they are read, or refused in words, and nothing else happens. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { UserError } from '../../../src/kernel/base/userError.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { asymmetricVolume, change, temporaryFolder, writeSeries } from './helpers.ts';

const folder = temporaryFolder();
let files: string[];
let originals: Buffer[];
beforeAll(() => {
  files = writeSeries(folder, asymmetricVolume(7, 6, 12));
  originals = files.map((file) => readFileSync(file));
});
afterAll(() => rmSync(folder, { recursive: true }));

const decimals = fc.oneof(
  fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((value) => value.toPrecision(6)),
  fc.constantFrom('', '0', '-0', '1e38', '-1e38', '1e-30', 'NaN', 'Infinity', '1.2.3', '0x10'),
);
const several = (count: number) => fc.array(decimals, { minLength: 0, maxLength: count + 1 });
const short = fc
  .oneof(fc.integer({ min: 0, max: 65535 }), fc.constantFrom(0, 1, 7, 8, 12, 16, 32, 65535))
  .map((n) => [n]);
const text = fc
  .oneof(fc.string({ maxLength: 16 }), fc.constantFrom('', 'CT', 'MR', '1.2.840.10008.1.2.4.90'))
  .map((s) => [s]);
/** Everything that decides where a slice lies and what its pixels are. */
const edits = fc.oneof(
  fc.record({ tag: fc.constant('00200032'), vr: fc.constant('DS'), value: several(3) }),
  fc.record({ tag: fc.constant('00200037'), vr: fc.constant('DS'), value: several(6) }),
  fc.record({ tag: fc.constant('00280030'), vr: fc.constant('DS'), value: several(2) }),
  fc.record({ tag: fc.constantFrom('00281052', '00281053', '00180050'), vr: fc.constant('DS'), value: several(1) }),
  fc.record({
    tag: fc.constantFrom('00200011', '00200012', '00200013', '00280008'),
    vr: fc.constant('IS'),
    value: fc.integer().map((n) => [n]),
  }),
  fc.record({
    tag: fc.constantFrom(
      '00280002',
      '00280010',
      '00280011',
      '00280100',
      '00280101',
      '00280102',
      '00280103',
      '00280120',
    ),
    vr: fc.constant('US'),
    value: short,
  }),
  fc.record({ tag: fc.constantFrom('00080060', '00080008', '00185100'), vr: fc.constant('CS'), value: text }),
  fc.record({ tag: fc.constantFrom('00080018', '0020000E', '00200052'), vr: fc.constant('UI'), value: text }),
  fc.record({ tag: fc.constantFrom('00100020', '00181210', '0008103E'), vr: fc.constant('LO'), value: text }),
);
const hostile = fc.array(
  fc.record({
    file: fc.integer({ min: 0, max: 11 }),
    everywhere: fc.boolean(),
    edit: edits,
    keep: fc.oneof(
      { weight: 5, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0.2, max: 1, noNaN: true }) },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

/** The writer refuses values that its tag cannot hold, and reads no file that was cut short before. */
const NOT_WRITTEN = /exceeds max length|past end of input|outside the bounds|currently allocated buffer/;

it('headers with any values are read or refused in words', async () => {
  const came = { written: 0, notWritten: 0, read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(hostile, async (changes) => {
      for (const [n, file] of files.entries()) writeFileSync(file, originals[n]!);
      for (const { file, everywhere, edit, keep } of changes)
        for (const one of everywhere ? files : [files[file]!]) {
          try {
            change(one, (tags) => {
              tags[edit.tag] = { vr: edit.vr, Value: edit.value };
            });
            came.written++;
          } catch (error) {
            if (!NOT_WRITTEN.test((error as Error).message)) throw error;
            came.notWritten++;
          }
          if (keep < 1) writeFileSync(one, readFileSync(one).subarray(0, Math.ceil(originals[0]!.length * keep)));
        }
      try {
        const { patients } = await discoverCohort(folder, unattended);
        for (const { series } of patients) for (const one of series) await readSeries(one, unattended);
        came.read++;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).not.toContain('undefined');
        came.refused++;
      }
    }),
    { numRuns: 100, seed: 4 },
  );
  // The attempts were real ones, and of both kinds.
  expect(came.written).toBeGreaterThan(10 * came.notWritten);
  expect(Math.min(came.read, came.refused)).toBeGreaterThan(20);
}, 120_000);
