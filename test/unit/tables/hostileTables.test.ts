/** Files that are far larger than they look, or are not what they say: each is refused in words, and the next one is read. */
import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { table } from 'arquero';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { packTable, unpackTable } from '../../../src/kernel/tables/packedTable.ts';
import { readTableFile } from '../../../src/kernel/tables/readTableFile.ts';
import { writeTable } from '../../../src/kernel/tables/tableFile.ts';
import { temporaryFolder } from '../ct/helpers.ts';

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string, bytes: string | Uint8Array, form: 'table' | 'workbook' = 'table') => {
  writeFileSync(join(folder, name), bytes);
  return readTableFile({ path: join(folder, name), form }, unattended);
};

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
/** A workbook of sheets whose cells hold their own addresses. */
const workbook = (...sheets: readonly (readonly string[])[]) => {
  const numbered = sheets.map((cells, n) => ({ cells, n: n + 1 }));
  const row = (cell: string) => cell.replace(/\D/g, '');
  return zipSync({
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${numbered.map(({ n }) => `<sheet name="S${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${numbered.map(({ n }) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}</Relationships>`,
    ),
    ...Object.fromEntries(
      numbered.map(({ cells, n }) => [
        `xl/worksheets/sheet${n}.xml`,
        strToU8(
          `<worksheet xmlns="${MAIN}"><sheetData>${cells.map((cell) => `<row r="${row(cell)}"><c r="${cell}" t="inlineStr"><is><t>${cell}</t></is></c></row>`).join('')}</sheetData></worksheet>`,
        ),
      ]),
    ),
  });
};

/** Ten of the one before, nine times over. */
const BILLION_LAUGHS = `<!DOCTYPE x [<!ENTITY l0 "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')}]>`;

describe('a table', () => {
  it('is refused with its size where a cell lies at the end of the sheet', async () => {
    await expect(read('far.xlsx', workbook(['A1', 'A2', 'XFD1048576']), 'workbook')).rejects.toMatchObject({
      code: 'table-too-large',
      message: expect.stringContaining('The first sheet "S1" of far.xlsx has cells so far down'),
    });
  });

  it('is read where only a sheet behind it is too large', async () => {
    const found = await read('second.xlsx', workbook(['A1', 'A2'], ['XFD1048576']), 'workbook');
    expect(found.table.objects()).toEqual([{ A1: 'A2' }]);
    expect(found.otherSheets).toEqual(['S2']);
  });

  it('is refused where the directory of a workbook lies about a size', async () => {
    const bytes = Buffer.from(workbook(['A1', 'A2']));
    const entry = bytes.indexOf('xl/worksheets/sheet1.xml', bytes.indexOf('PK\x01\x02'));
    bytes.writeUInt32LE(9, entry - 46 + 24);
    await expect(read('lies.xlsx', bytes, 'workbook')).rejects.toMatchObject({
      code: 'bad-table',
      message: expect.stringContaining('lies.xlsx cannot be read as an Excel workbook'),
    });
  });

  it.each([
    ['another file', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', '&e;'],
    ['an address', '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>', '&e;'],
    ['a parameter entity', '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', 'text'],
    ['itself a billion times over', BILLION_LAUGHS, '&l9;'],
  ])('takes nothing from %s that an entity of its text names', async (_, doctype, text) => {
    const parts = unzipSync(workbook(['A1', 'A2']));
    const sheet = Buffer.from(parts['xl/worksheets/sheet1.xml']!).toString().replace('<t>A2</t>', `<t>${text}</t>`);
    const bytes = zipSync({ ...parts, 'xl/worksheets/sheet1.xml': strToU8(`<?xml version="1.0"?>${doctype}${sheet}`) });
    const told = await read('entities.xlsx', bytes, 'workbook').catch((error: unknown) => error);
    if (told instanceof Error) expect(told).toMatchObject({ code: 'bad-table' });
    else {
      const cells = JSON.stringify((told as { table: { objects(): object[] } }).table.objects());
      expect(cells).not.toContain(hostname());
      expect(cells.length).toBeLessThan(100);
    }
  });

  it('is refused with its size where a small parquet file holds millions of equal cells', async () => {
    const data = new Array(20_000_001).fill(true);
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', type: 'BOOLEAN', data }] }));
    await expect(read('equal.parquet', bytes)).rejects.toMatchObject({
      code: 'table-too-large',
      message: expect.stringContaining('equal.parquet has 20 million cells (20000001 rows, 1 columns)'),
    });
  }, 60_000);

  it('is refused in words, read, or given up when interrupted, wherever one byte of a parquet file is another', async () => {
    const columns = { patient: ['P1', 'P2', 'P3'], score: [1, 2, 3], percent: [0.5, undefined, 7] };
    const whole = Buffer.from(writeTable(table(columns), 'parquet'));
    for (let at = 4; at < whole.length; at += 15) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 0x55;
      writeFileSync(join(folder, 'flipped.parquet'), bytes);
      const signal = AbortSignal.timeout(2000);
      const told = await readTableFile(
        { path: join(folder, 'flipped.parquet'), form: 'table' },
        { ...unattended, signal },
      ).catch((error: unknown) => error);
      if (told instanceof Error) expect(['UserError', 'TimeoutError']).toContain(told.name);
    }
    expect((await read('whole.parquet', whole)).table.numRows()).toBe(3);
  }, 120_000);

  it('is given up as soon as it is interrupted, and the next one is read', async () => {
    writeFileSync(join(folder, 'long.csv'), `a,b\n${'1,2\n'.repeat(1_000_000)}`);
    const controller = new AbortController();
    const reading = readTableFile(
      { path: join(folder, 'long.csv'), form: 'table' },
      { ...unattended, signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect((await read('next.csv', 'a,b\n1,2\n')).table.objects()).toEqual([{ a: 1, b: 2 }]);
  });

  it('comes from its thread as it was read: every type, and null and undefined told apart', () => {
    const many = Array.from({ length: 12_000 }, (_, n) => `text ${n}`);
    const columns = {
      numbers: many.map((_, n) => [-0, 0.1, Number.NaN, null, undefined, Infinity][n % 6]),
      days: many.map((_, n) => [new Date(0), null, new Date(Number.NaN), undefined][n % 4]),
      words: many.map((_, n) => ['a', '', true, false, null, undefined][n % 6]),
      labels: many,
      mixed: many.map((_, n) => [1, 'a', -0, null, undefined][n % 5]),
    };
    const sent = structuredClone(packTable(table(columns)));
    const found = unpackTable(sent);
    for (const [name, values] of Object.entries(columns)) expect(found.array(name)).toStrictEqual(values);
  });
});
