/** Flags on their way: from files and self-checks into `load`, `describe`, `quantify` and `show`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { parse } from '../../../src/kernel/language/parser.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { SliceView, TableView, ViewModel } from '../../../src/protocol/view.ts';
import { plainText } from '../../../src/protocol/views/index.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { change, TAG, writeSeries } from '../ct/helpers.ts';

/** Soft tissue with a row of air beside it, and a box of air in it that the fixture's network calls right upper lobe; of `slices` slices of 2 mm. */
function box(slices: number, airHu: number): Volume {
  const size = [60, 50, slices] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < slices - 6; k++)
    for (let j = 10; j < 40; j++) hu.fill(airHu, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 50);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

const QUANTIFY = 'quantify c with "tiny-textures" lobes "tiny-lobes" as ai';
const PRONE = { patient: 'A01', series: 'series-1', severity: 'warning', code: 'prone' };

let notebook: TestSession;
const run = (source: string) => notebook.shown(source);
const flagsIn = (shown: readonly ViewModel[]): SeriesRemark[] =>
  shown.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));
const tableIn = (shown: readonly ViewModel[]): TableView => shown.find((view) => view.type === 'table')!;
const column = ({ columns, rows }: TableView, name: string) => {
  const index = columns.findIndex((c) => c.name === name);
  return rows.map((row) => row[index]);
};

beforeAll(async () => {
  notebook = startSession();
  const { folder } = notebook;
  const prone = writeSeries(join(folder, 'cohort', 'A01'), box(25, -800), 'A');
  for (const file of prone)
    change(file, (tags) => {
      tags[TAG.patientPosition] = { vr: 'CS', Value: ['HFP'] };
    });
  rmSync(prone[12]!);
  writeSeries(join(folder, 'cohort', 'B02'), box(25, 40), 'B');
  writeSeries(join(folder, 'cohort', 'C03'), box(25, -800), 'C');
  await run('load "cohort" as c');
  await run(QUANTIFY);
}, 60_000);

describe('flags of a cohort', () => {
  it('stand in the rows of `describe`, with their reasons beside', async () => {
    const shown = await run('describe c');
    const implausible = { code: 'hu-implausible', message: expect.stringContaining('is near −1000 HU') };
    expect(column(tableIn(shown), 'flags')).toEqual([
      'missing-slices, prone, hu-implausible',
      'not-hounsfield',
      'hu-implausible',
    ]);
    expect(flagsIn(shown)).toEqual([
      { ...PRONE, code: 'missing-slices', message: expect.stringContaining('1 slice seems to be missing') },
      { ...PRONE, message: expect.stringContaining('lay prone (HFP)') },
      { ...PRONE, ...implausible },
      { ...PRONE, patient: 'B02', severity: 'error', code: 'not-hounsfield', message: expect.any(String) },
      { ...PRONE, patient: 'C03', ...implausible },
    ]);
  });

  it('are shown once where `load` and `describe` share a cell', async () => {
    const shown = await run('load "cohort" as again\ndescribe again');
    expect(flagsIn(shown).map(({ code }) => code)).toEqual([
      'missing-slices',
      'prone',
      'hu-implausible',
      'not-hounsfield',
      'hu-implausible',
    ]);
    expect(shown.at(-1)?.type).toBe('table');
  });
});

describe('flags of measurements', () => {
  const measurements = () => notebook.value('ai', 'measurements');
  /** Of a box of 30 ml in which only the right upper lobe is. */
  const ofBox = [
    'hu-implausible',
    'implausible-volume',
    'lobe-missing',
    'lobe-missing',
    'lobe-missing',
    'lobe-missing',
    'asymmetry',
  ];

  it('are kept per patient and series, with what the files say and with CTs that could not be measured', () => {
    const { flags } = measurements();
    const codesOf = (patient: string) => flags.filter((f) => f.patient === patient).map(({ code }) => code);
    expect(codesOf('A01')).toEqual(['missing-slices', 'prone', ...ofBox]);
    expect(codesOf('C03')).toEqual(ofBox);
    expect(flags.filter(({ patient }) => patient === 'B02')).toEqual([
      {
        patient: 'B02',
        series: 'series-1',
        severity: 'error',
        code: 'no-lung',
        message: expect.stringMatching(/^Not measured: No lung was found/),
      },
    ]);
  });

  it('stand above the slices, and nowhere else in the cell, where `quantify` and `show` share it', async () => {
    const { flags } = measurements();
    const shown = await run(`${QUANTIFY.replace(' as ai', ' as here')}\nshow c "A01" overlay here`);
    const viewer = shown.find((view): view is SliceView => view.type === 'slices')!;
    expect(viewer.flags).toEqual(flags.filter(({ patient }) => patient === 'A01'));
    expect(flagsIn(shown)).toEqual(flags.filter(({ patient }) => patient !== 'A01'));
  });

  it('are said where the cell ends before its slices are shown', async () => {
    const { flags } = measurements();
    const before = notebook.outputs.length;
    await notebook.problem(`${QUANTIFY.replace(' as ai', ' as there')}\nshow c "A99" overlay there`);
    expect(flagsIn(notebook.outputs.slice(before).map(({ view }) => view))).toEqual(flags);
  });

  it('are the same from the cache, and stay with scored measurements', async () => {
    const { flags } = measurements();
    expect(flagsIn(await run(QUANTIFY.replace(' as ai', ' as same')))).toEqual(flags);
    await run('score ai as scored');
    expect(notebook.value('scored', 'measurements').flags).toEqual(flags);
  });

  it('are the rows of `describe`, patient by patient', async () => {
    const table = tableIn(await run('describe ai'));
    expect(column(table, 'patient')).toEqual([...Array(9).fill('A01'), 'B02', ...Array(7).fill('C03')]);
    expect(column(table, 'flag')).toEqual(measurements().flags.map(({ code }) => code));
    expect(column(table, 'reason')).toEqual(measurements().flags.map(({ message }) => message));
  });

  it('are none in `describe` where nothing was found', async () => {
    const value = measurements();
    const only = value.measured.filter(({ patient }) => patient === 'C03');
    const [statement] = parse('describe ai', VERBS);
    const scope = {
      results: new Map([['ai', { ...value, measured: only, flags: [] }]]),
      waiting: new Set<string>(),
      parameters: {},
      selected: new Set<string>(),
      place: () => ({ startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 }),
    };
    // SAFETY: `describe` reads its subject alone, and nothing of the session.
    const { view } = await VERBS.get('describe')!.run(statement!, scope, undefined as never);
    expect(((await view!()) as TableView).rows).toEqual([['C03', 'series-1', 'none', null]]);
  });

  it('are shown with the slices of their patient alone', async () => {
    const slicesOf = async (source: string) => (await run(source)).at(-1) as SliceView;
    const measured = await slicesOf('show c "C03" overlay ai');
    expect(measured.flags?.map(({ patient, code }) => [patient, code])).toEqual(ofBox.map((code) => ['C03', code]));
    expect(plainText(measured)).toContain('warning: C03, series-1 [asymmetry]: The left lung holds 0 % of both');
    const plain = await slicesOf('show c "A01"');
    expect(plain.flags?.map(({ code }) => code)).toEqual(['missing-slices', 'prone', 'hu-implausible']);
    expect((await slicesOf('show c "C03"')).flags?.map(({ code }) => code)).toEqual(['hu-implausible']);
  });
});

describe('patients left out', () => {
  const patientsOf = (name: string) => {
    const value = notebook.value(name, 'measurements');
    return { patients: [...new Set(value.table.array('patient'))], flow: value.flow };
  };

  it('are in the flow where no CT of theirs could be measured', () => {
    expect(patientsOf('ai')).toEqual({
      patients: ['A01', 'C03'],
      flow: {
        start: { name: 'c', patients: 3 },
        steps: [{ reason: 'could not be measured', excluded: ['B02'], name: 'ai', remaining: 2 }],
      },
    });
  });

  it('can be those with a flag, with all that belongs to them', async () => {
    await run('exclude flagged "prone" from ai because "lay prone" as supine');
    const { patients, flow } = patientsOf('supine');
    expect(patients).toEqual(['C03']);
    expect(flow?.steps.map(({ reason, remaining }) => [reason, remaining])).toEqual([
      ['could not be measured', 2],
      ['lay prone', 1],
    ]);
    await run('exclude flagged "prone" from c because "lay prone" as kept');
    await run(QUANTIFY.replace('quantify c', 'quantify kept').replace(' as ai', ' as kept_ai'));
    expect(patientsOf('kept_ai').flow?.steps.map(({ excluded }) => excluded)).toEqual([['A01'], ['B02']]);
  });
});
