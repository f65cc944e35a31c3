import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CtResult, forgetResults, resultsOf, writeResult } from '../../../src/kernel/engine/ctResult.ts';
import { nextPause } from '../../../src/kernel/engine/jobEngine.ts';
import { measureArguments } from '../../../src/kernel/engine/measureCommand.ts';
import { numberedFile } from '../../../src/kernel/engine/numberedFile.ts';
import { openWork } from '../../../src/kernel/engine/work.ts';
import { meansOfList, readWorkList } from '../../../src/kernel/engine/workList.ts';
import { findModel } from '../../../src/kernel/inference/model.ts';
import type { Measuring } from '../../../src/kernel/lungs/means.ts';
import type { GivenMasks } from '../../../src/kernel/masks/givenMasks.ts';
import type { CtToMeasure } from '../../../src/kernel/values/engine.ts';

const MODELS = join(import.meta.dirname, '../../../models');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-work-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ctOf(patient: string): CtToMeasure {
  const { id, sources }: Pick<CtToMeasure['series'], 'id' | 'sources'> = {
    id: 'series-1',
    sources: [{ file: `/data/${patient}` }],
  };
  // SAFETY: of a series that is only listed, nothing else is looked at.
  return { patient, series: { id, sources } as unknown as CtToMeasure['series'] };
}

async function workOf(cts: readonly CtToMeasure[], tasks: number, masksOf?: (ct: CtToMeasure) => Partial<Measuring>) {
  const models = {
    lobes: await findModel([MODELS], 'lung-lobes', 'lobes'),
    textures: await findModel([MODELS], 'lung-texture', 'textures'),
  };
  const meansOf = (ct: CtToMeasure) => ({ ...models, ...masksOf?.(ct) });
  return openWork({ cts, meansOf, modelFolders: [MODELS], cacheFolder: folder, cacheFrom: ['/handed/on'], tasks });
}

describe('the work of a job', () => {
  const cts = ['A', 'B', 'C', 'D', 'E'].map(ctOf);

  it('gives each task a list of its own CTs alone, with their places among all', async () => {
    const { files } = await workOf(cts, 2);
    const lists = await Promise.all([1, 2].map((task) => readWorkList(numberedFile(files.lists, task))));
    expect(lists.map((list) => list!.cts.map(({ place, patient }) => `${place} ${patient}`))).toEqual([
      ['0 A', '2 C', '4 E'],
      ['1 B', '3 D'],
    ]);
    expect(lists[0]!.cts[0]!.means).toEqual({ lobes: { model: 'lung-lobes' }, textures: { model: 'lung-texture' } });
  });

  it('carries masks in the place of models, and nothing that tells whose they are', async () => {
    const lobesOf = (name: string, digest = 'ab'): GivenMasks => ({
      name: 'edited',
      digest: `${digest} ${name}`,
      patientId: `ID-${name}`,
      frameOfReferenceUid: '1.2.3',
      files: [
        {
          kind: 'volume',
          sources: [{ file: `/masks/${name}.nrrd` }],
          sha256: 'cd',
          segments: [{ key: 1, structure: 'RUL' }],
          owner: { label: name, path: ['names', name], patientId: `ID-${name}`, frameOfReferenceUid: '1.2.4' },
          grid: { size: [1, 1, 1], affine: [1] },
        },
      ],
    });
    const { files } = await workOf(cts, 1, ({ patient }) => (patient === 'A' ? { lobes: lobesOf(patient) } : {}));
    const path = numberedFile(files.lists, 1);
    const list = (await readWorkList(path))!;
    for (const identifier of ['ID-A', '1.2.3', '1.2.4']) expect(readFileSync(path, 'utf8')).not.toContain(identifier);
    const meansOf = await meansOfList(list);
    const [first, second] = list.cts.map(meansOf);
    // SAFETY: the next line looks at it.
    const given = first!.lobes as GivenMasks;
    expect(given).toMatchObject({ digest: 'ab A', files: [{ sha256: 'cd', segments: [{ structure: 'RUL' }] }] });
    // The same patient as before, and another frame.
    expect(given.patientId).toBe(given.files[0]!.owner.patientId);
    expect(given.frameOfReferenceUid).not.toBe(given.files[0]!.owner.frameOfReferenceUid);
    expect(second!.lobes).toHaveProperty('manifest.id', 'lung-lobes');
    const other = await workOf(cts, 1, () => ({ lobes: lobesOf('A', 'ef') }));
    expect(other.files.folder).not.toBe(files.folder);
  });

  it('is found again by the same CTs, and is another one for others', async () => {
    const first = await workOf(cts, 2);
    await first.add('17');
    expect((await workOf(cts, 2)).jobs()).toEqual(['17']);
    expect((await workOf(cts.slice(1), 2)).jobs()).toEqual([]);
    expect((await workOf(cts, 3)).jobs()).toEqual([]);
  });

  it('is measured with the caches that were handed on', async () => {
    const { files } = await workOf(cts, 2);
    expect(measureArguments(files).join(' ')).toContain(` --cache ${folder} --cache-from /handed/on`);
  });
});

describe('results by place', () => {
  const resultOf = (patient: string): CtResult => ({
    patient,
    series: 'series-1',
    state: 'measured',
    seconds: 1,
    peakMb: 1,
  });

  it('are found of the places that are asked for, in folders of a thousand', async () => {
    for (const place of [0, 999, 1000, 99_999]) await writeResult(folder, place, resultOf(`P${place}`));
    expect(JSON.parse(readFileSync(join(folder, '99', '99999.json'), 'utf8'))).toEqual(resultOf('P99999'));
    const found = await resultsOf(folder, [0, 1, 1000, 2000, 99_999]);
    expect([...found].map(([place, { patient }]) => [place, patient])).toEqual([
      [0, 'P0'],
      [1000, 'P1000'],
      [99_999, 'P99999'],
    ]);
    await forgetResults(folder, [1000, 5]);
    expect([...(await resultsOf(folder, [999, 1000])).keys()]).toEqual([999]);
  });
});

it('looks soon again after a step that is worth it, and seldom while one of many CTs is always just done', () => {
  expect(nextPause(10_000, 1 / 4)).toBe(500);
  let pause = 500;
  for (let n = 0; n < 20; n++) pause = nextPause(pause, 1 / 100_000);
  expect(pause).toBe(15_000);
});
