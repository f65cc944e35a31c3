/** CTs whose Hounsfield units were stored with a number added: told, and read with `offset`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { ViewModel } from '../../../src/protocol/view.ts';
import { startSession } from '../../harness/session.ts';
import { change, niftiFile, TAG, writeSeries } from '../ct/helpers.ts';

const SIZE = [20, 20, 24] as const;
/** A chest in strips: padding, air, lung, soft tissue. */
const HU = Int16Array.from({ length: SIZE[0] * SIZE[1] * SIZE[2] }, (_, n) => {
  const x = n % SIZE[0];
  return x < 2 ? -1024 : (x < 6 ? -1000 : x < 12 ? -850 : 40) + (((n * 7919) % 31) - 15);
});
const chest = (added: number): Volume => ({
  size: SIZE,
  affine: axisAlignedAffine([7, 7, 2.5], [0, 0, 0]),
  hu: HU.map((hu) => hu + added),
});
const flags = (shown: readonly ViewModel[]): SeriesRemark[] =>
  shown.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));

describe('`offset`', () => {
  it.each([1000, 1024])(
    'is offered for CTs with %i added, and reads them as they were',
    async (added) => {
      const notebook = startSession();
      const cohort = join(notebook.folder, 'cohort');
      // The rescale that the writer wrote is lost, as by a careless anonymiser.
      for (const file of writeSeries(join(cohort, 'P01'), chest(0)))
        change(file, (tags) => {
          tags[TAG.intercept] = { vr: 'DS', Value: [Number(tags[TAG.intercept]!.Value![0]) + added] };
        });
      writeFileSync(join(cohort, 'P02.nii'), niftiFile(chest(added), 1));
      const told = flags(await notebook.shown('load "cohort" as c'));
      expect(told.map(({ patient, code }) => [patient, code])).toEqual([
        ['P01', 'shifted-hounsfield'],
        ['P02', 'shifted-hounsfield'],
      ]);
      const { hints } = await notebook.run('load "cohort" as again', 'again');
      const place = { startLine: 0, startColumn: 13, endLine: 0, endColumn: 13 };
      expect(hints).toEqual([
        {
          code: 'shifted-hounsfield',
          message: `2 CTs have Hounsfield units to which ${added} was added.`,
          span: { ...place, startColumn: 5 },
          fixes: [{ title: `Add \`offset -${added}\``, span: place, text: ` offset -${added}` }],
        },
      ]);
      expect((await notebook.run(`load "cohort" offset -${added} as right`, 'right')).hints).toBeUndefined();
      for (const { message } of told) expect(message).toContain(`Add \`offset -${added}\` to \`load\``);
      expect(flags(await notebook.shown(`load "cohort" offset -${added} as right`, 'right'))).toEqual([]);
      for (const { series } of notebook.value('right', 'cohort').cohort.patients)
        expect((await readSeries(series[0]!, unattended)).volume.hu).toEqual(HU);
    },
    60_000,
  );

  it('takes a unit and a parameter, and is refused for a table', async () => {
    const notebook = startSession({ files: { 'a.csv': 'patient,score\nP01,2\n' } });
    writeFileSync(join(notebook.folder, 'ct.nii'), niftiFile(chest(1024), 1));
    await notebook.shown('load "ct.nii" offset -1024 HU as a');
    await notebook.shown('param added = -1024 in -2000..0', 'p');
    await notebook.shown('load "ct.nii" offset added as b');
    expect(notebook.value('b', 'cohort').cohort.patients[0]!.series[0]!.offsetHu).toBe(-1024);
    expect(await notebook.problem('load "a.csv" offset -1024 as t')).toMatch(
      /^idle-clause: `offset` does nothing in `load` of a table/,
    );
    expect(await notebook.problem('load "ct.nii" offset 5 ml as d')).toMatch(/^wrong-unit: /);
  });

  it('measures with other values than without it, whatever was measured before', async () => {
    const notebook = startSession();
    writeFileSync(join(notebook.folder, 'ct.nii'), niftiFile(chest(0), 1));
    const measured = async (offset: number) => {
      await notebook.shown(`load "ct.nii" offset ${offset} as c${-offset}`);
      const patient = notebook.value(`c${-offset}`, 'cohort').cohort.patients[0]!;
      return (await readSeries(patient.series[0]!, unattended)).sha256;
    };
    expect(await measured(0)).not.toBe(await measured(-10));
  });
});
