/** A thread that reads one table at a time, so that no file can hold up or end the kernel. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { type PackedTable, packTable, transferOf } from './packedTable.ts';
import { readTable } from './tableFile.ts';
import { refuseTooManyCells } from './tableLimits.ts';
import { readWorkbook } from './workbook.ts';

export interface TableRequest {
  readonly path: string;
  readonly form: 'table' | 'workbook';
}

export interface ReadFile {
  readonly type: 'read';
  readonly table: PackedTable;
  /** Sheets of the workbook that were passed over. */
  readonly otherSheets: readonly string[];
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

async function read({ path, form }: TableRequest): Promise<ReadFile> {
  const bytes = await readFile(path);
  const name = basename(path);
  const { table, otherSheets } =
    form === 'workbook' ? await readWorkbook(bytes, name) : { table: await readTable(bytes, name), otherSheets: [] };
  refuseTooManyCells(table.numRows(), table.numCols(), name);
  return {
    type: 'read',
    table: packTable(table),
    otherSheets,
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
