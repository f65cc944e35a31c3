/** What a path or an address stands for, told by content: CTs, a manifest of CTs, or a table. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { DicomWebServer } from '../../protocol/kernelApi.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { type Cohort, warning } from '../ct/cohort.ts';
import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { discoverCohort } from '../ct/discover.ts';
import { discoverManifest, pathOfRow } from '../ct/manifest.ts';
import { isImageOrArchive } from '../ct/scan.ts';
import { readStart } from '../ct/sources.ts';
import { readTable } from '../tables/delimited.ts';

export interface OpenedTable {
  readonly kind: 'table';
  readonly file: string;
  readonly bytes: Buffer;
  readonly table: ColumnTable;
}

export interface OpenedCohort {
  readonly kind: 'cohort';
  /** The manifest, where it is from one. */
  readonly file?: string;
  readonly cohort: Cohort;
}

const START_BYTES = 4096;
const MANIFEST_COLUMNS = ['patient', 'path'];

/** `resolvePath` makes a manifest's relative paths absolute. Throws a UserError where there is nothing that can be used. */
export async function openPath(
  path: string,
  resolvePath: (path: string) => string,
  servers: readonly DicomWebServer[],
  task: Task,
): Promise<OpenedTable | OpenedCohort> {
  if (isWebAddress(path)) return { kind: 'cohort', cohort: await discoverCohort(path, task, servers) };
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile() || !(await isText(path))) return { kind: 'cohort', cohort: await discoverCohort(path, task) };
  const bytes = await readFile(path);
  const name = basename(path);
  const table = readTable(bytes.toString('utf8'), name);
  const columns = table.columnNames();
  const [patient, written] = MANIFEST_COLUMNS.map((wanted) => columns.find((c) => c.toLowerCase() === wanted));
  if (patient === undefined || written === undefined) return { kind: 'table', file: path, bytes, table };
  const text = (column: string) => Array.from(table.array(column), (value) => String(value ?? '').trim());
  const labels = text(patient);
  const rows = text(written).map((own, n) => ({
    patient: labels[n]!,
    path: pathOfRow(own, resolvePath),
    // Line 1 is the header; blank lines, which a table may have, are not counted.
    line: n + 2,
  }));
  if (rows.length === 0) throw new UserError('empty-table', `${name} is a manifest without rows.`);
  const cohort = await discoverManifest(name, rows, servers, task);
  const others = columns.filter((column) => column !== patient && column !== written);
  const said = others.length
    ? [
        warning(
          'manifest-columns',
          `${name} is read as a manifest: only its columns ${patient} and ${written} are used, not ${others.join(', ')}.`,
        ),
      ]
    : [];
  return { kind: 'cohort', file: path, cohort: { ...cohort, problems: [...said, ...cohort.problems] } };
}

/** Neither an image whose header is text, nor with a zero byte in its first part, as images and archives have. */
async function isText(path: string): Promise<boolean> {
  const start = await readStart(path, START_BYTES);
  return !isImageOrArchive(start) && !start.includes(0);
}
