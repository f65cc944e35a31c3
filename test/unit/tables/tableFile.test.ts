/** Files of tables that other programs wrote (test/reference/tables.py), and our own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readTable, writeTable } from '../../../src/kernel/tables/tableFile.ts';
import { openPath } from '../../../src/kernel/verbs/load/openPath.ts';

const FOLDER = join(import.meta.dirname, '../../reference/tables');
const ROWS = [
  { patient: '007', class: 'ggo', score: 1, percent: 12.5, prone: true, scanned: '2021-03-04' },
  { patient: 'P02', class: 'ggo', score: undefined, percent: undefined, prone: false, scanned: undefined },
  { patient: 'Ωmega', class: 'normal', score: 4, percent: 1 / 3, prone: undefined, scanned: '1999-12-31' },
  { patient: 'P04', class: undefined, score: 0, percent: 0, prone: true, scanned: '2024-02-29' },
];

const opened = async (path: string) => {
  const found = await openPath(path, { resolvePath: (p) => p, servers: [] }, unattended);
  if (found.kind !== 'table') throw new Error('not a table');
  return found;
};
/** Rows with missing cells as undefined, whatever the format calls them. */
const rowsOf = (found: { objects(): object[] }) =>
  found
    .objects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null || Number.isNaN(value) ? undefined : value]),
      ),
    );

describe('a table', () => {
  it.each([
    'snappy.parquet',
    'gzip.parquet',
    'zstd.parquet',
    'none.parquet',
    'lz4.feather',
    'zstd.feather',
    'uncompressed.feather',
    'book.xlsx',
  ])('is read from %s as pandas wrote it', async (file) => {
    expect(rowsOf((await opened(join(FOLDER, file))).table)).toEqual(ROWS);
  });

  it('is read without the row numbers of pandas', async () => {
    const { table: found } = await opened(join(FOLDER, 'reversed.parquet'));
    expect(rowsOf(found)).toEqual([...ROWS].reverse());
  });

  it('comes from the first sheet of a workbook, and the others are named', async () => {
    expect((await opened(join(FOLDER, 'book.xlsx'))).otherSheets).toEqual(['Old scores']);
  });

  it('is refused where a sheet has more on it', async () => {
    await expect(opened(join(FOLDER, 'remark.xlsx'))).rejects.toThrow(
      'The first sheet "Sheet" of remark.xlsx is not a table: row 3 has a cell under no heading.',
    );
  });

  it.each([
    ['UTF-8', Buffer.from('\uFEFFpatient,note\nP1,größer\n')],
    ['UTF-16, as Excel’s Unicode text', Buffer.from('\uFEFFpatient\tnote\r\nP1\tgrößer\r\n', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\uFEFFpatient,note\nP1,größer\n', 'utf16le').swap16()],
    ['the code page of Western Windows', Buffer.from('patient;note\r\nP1;größer\r\n', 'latin1')],
  ])('is read from %s', async (_, bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'lungnb-table-'));
    try {
      writeFileSync(join(folder, 'a.csv'), bytes);
      expect(rowsOf((await opened(join(folder, 'a.csv'))).table)).toEqual([{ patient: 'P1', note: 'größer' }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('in the format of old Excel is refused with what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lungnb-table-'));
    try {
      writeFileSync(join(folder, 'a.xls'), Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]));
      await expect(opened(join(folder, 'a.xls'))).rejects.toThrow('Save it as .xlsx or .csv');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['parquet', 'arrow', 'csv', 'tsv', 'json'] as const)(
    'is written as %s and read back the same',
    async (format) => {
      const columns = Object.keys(ROWS[0]!).map((name) => [name, ROWS.map((row) => row[name as 'patient'])] as const);
      const bytes = Buffer.from(writeTable(table(Object.fromEntries(columns)), format));
      // Texts of days are read as days by Arquero.
      const read = rowsOf((await readTable(bytes, 'x')).table).map((row) =>
        row.scanned instanceof Date ? { ...row, scanned: row.scanned.toISOString().slice(0, 10) } : row,
      );
      expect(read).toEqual(ROWS);
    },
  );

  it.each(['snappy.parquet', 'lz4.feather', 'book.xlsx'])(
    'that is cut short is refused with its name: %s',
    async (file) => {
      const folder = mkdtempSync(join(tmpdir(), 'lungnb-table-'));
      try {
        const bytes = readFileSync(join(FOLDER, file));
        for (const part of [0.3, 0.6, 0.95]) {
          writeFileSync(join(folder, file), bytes.subarray(0, Math.floor(bytes.length * part)));
          await expect(opened(join(folder, file))).rejects.toMatchObject({
            name: 'UserError',
            message: expect.stringContaining(file),
          });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
