/** What goes into a page of a value, and what comes out of it again. */
import { table as tableOf } from 'arquero';
import { describe, expect, it } from 'vitest';
import { canBeCarried, carried, takenUp } from '../../../src/kernel/page/carried.ts';
import type { MeasurementsValue, TableValue } from '../../../src/kernel/values/value.ts';
import { throughJson } from '../../harness/pageOf.ts';

const provenance = { software: 'LungNB', models: [], inputs: {}, parameters: {} };
const CELLS = {
  number: [0.1 + 0.2, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, 2 ** 53],
  missing: [null, undefined, null, 1, undefined, 2],
  date: [new Date(0), new Date(Number.NaN), null, new Date(1.7e12), undefined, new Date(-1)],
  text: ['a', 'a', 'a', 'a', 'a', '__proto__'],
  mixed: ['1', 1, true, false, 10n, ''],
};

function value(more: Partial<TableValue> = {}): TableValue {
  return { kind: 'table', table: tableOf(CELLS), cutPoints: [1, 25], provenance, ...more };
}

describe('a table', () => {
  it('comes out of a page cell for cell as it went in', () => {
    const out = takenUp(throughJson(carried(value())!)) as TableValue;
    for (const [name, cells] of Object.entries(CELLS)) expect(Array.from(out.table.array(name)), name).toEqual(cells);
    expect(Object.is(out.table.get('number', 1), -0)).toBe(true);
    expect(out.cutPoints).toEqual([1, 25]);
  });

  it('that computes by functions of its own goes into none', () => {
    expect(canBeCarried(value({ statistics: (table) => table }))).toBe(false);
    expect(carried(value({ figures: {} }))).toBeUndefined();
  });
});

describe('measurements', () => {
  it('go in without the files of their CTs, and whatever else is on this computer', () => {
    const secret = '/data/MUELLER^HANS/1.dcm';
    const series = { id: 'series-1', visit: 2, scanner: 'S', sources: [{ file: secret }], scanned: { named: secret } };
    const models = { textures: { folder: secret, manifest: { task: 'textures', classes: [], file: secret } } };
    const measured = [{ patient: 'P01', series, sha256: 'ab', cacheKey: 'cd', models, decisions: undefined }];
    const table = tableOf({ patient: ['P01'] });
    // SAFETY: as much of measurements as is looked at.
    const all = { kind: 'measurements', table, density: table, measured, flags: [], provenance } as unknown;
    const written = carried(all as MeasurementsValue);
    expect(JSON.stringify(written)).not.toContain('MUELLER');
    expect(takenUp(throughJson(written!))).toMatchObject({
      measured: [{ patient: 'P01', series: { id: 'series-1', visit: 2, scanner: 'S' }, cacheKey: 'cd' }],
    });
  });
});
