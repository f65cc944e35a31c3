/** A thread that reads one table at a time, so that no file can hold up or end the kernel. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { Remark } from '../../protocol/remark.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { type PackedTable, packTable, transferOf } from './packedTable.ts';
import { readTable } from './tableFile.ts';
import { refuseTooManyCells } from './tableLimits.ts';
import { readWorkbook, type Workbook } from './workbook.ts';

export interface TableRequest {
  readonly path: string;
  readonly form: 'table' | 'workbook';
  /** Rows at the top that are passed over. */
  readonly skip?: number | undefined;
  /** Columns of a text that hold labels, beside those that do by their names. */
  readonly labels?: readonly string[] | undefined;
  /** Of a workbook: its first one unless said. */
  readonly sheet?: string | undefined;
}

export interface ReadFile {
  readonly type: 'read';
  readonly table: PackedTable;
  /** Sheets of the workbook that were passed over. */
  readonly otherSheets: readonly string[];
  readonly percentColumns: readonly string[];
  readonly cutPoints?: readonly number[] | undefined;
  readonly remarks: readonly Remark[];
  readonly sha256: string;
}

/** Where it failed: with a code if it is a UserError, since an Error loses its own fields between threads. */
export type TableReply =
  | ReadFile
  | {
      readonly type: 'failed';
      readonly code: RemarkCode | undefined;
      /** A sentence where it has a code, else a part of one. */
      readonly message: string;
    };

async function read({ path, form, skip = 0, labels, sheet }: TableRequest): Promise<ReadFile> {
  const bytes = await readFile(path);
  const name = basename(path);
  const { table, otherSheets, percentColumns, cutPoints, remarks }: Workbook =
    form === 'workbook'
      ? await readWorkbook(bytes, name, { skip, sheet })
      : { ...(await readTable(bytes, name, { skip, labels })), otherSheets: [] };
  refuseTooManyCells(table.numRows(), table.numCols(), name);
  return {
    type: 'read',
    table: packTable(table),
    otherSheets,
    percentColumns,
    cutPoints,
    remarks,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

parentPort?.on('message', (request: TableRequest) => {
  const post = (reply: TableReply, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(reply, transfer);
  read(request).then(
    (reply) => post(reply, transferOf(reply.table)),
    (error: Error) => {
      const code = error instanceof UserError ? error.code : undefined;
      post({ type: 'failed', code, message: code === undefined ? reasonOf(error) : error.message });
    },
  );
});
