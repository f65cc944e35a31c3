/** What a path or an address stands for, told by content: CTs, a manifest of CTs, or a table. */
import { stat } from 'node:fs/promises';

import { basename } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import type { ScoresFile } from '../../../protocol/reading/scores.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Cohort } from '../../ct/cohort/cohort.ts';
import { discoverManifest, pathOfRow } from '../../ct/cohort/manifest.ts';
import { isWebAddress } from '../../ct/dicomWeb/address.ts';
import { type Discovering, discoverCohort } from '../../ct/files/discover.ts';
import { isImageOrArchive } from '../../ct/files/scan.ts';
import { readStart } from '../../ct/files/sources.ts';
import { isZip, openZip } from '../../ct/files/zipFile.ts';
import { discoverMasks, someMasks } from '../../masks/discoverMasks.ts';
import type { LabelsAsked, Masks } from '../../masks/maskFile.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { type MappedColumn, mappedLabels } from '../../tables/columnNames.ts';
import { readTableFile } from '../../tables/readTableFile.ts';
import { isScoresFile, readScoresFile } from '../../tables/scoresFileTable.ts';
import { isTable } from '../../tables/tableFile.ts';
import { manifestColumns, type TableOfFile, withAskedColumns } from '../../tables/tableOfFile.ts';

export interface OpenedTable extends TableOfFile {
  readonly kind: 'table';
  /** Where it is what somebody read in a session of LungNB. */
  readonly scores?: ScoresFile;
  readonly file: string;
}

export interface OpenedCohort {
  readonly kind: 'cohort';
  /** The manifest, where it is from one. */
  readonly file?: string;
  readonly cohort: Cohort;
}

export interface OpenedMasks {
  readonly kind: 'masks';
  readonly masks: Masks;
}

const START_BYTES = 4096;
/** How files of Excel, Word and PowerPoint 97 to 2003 begin. */
const OLD_WORKBOOK = Buffer.from('d0cf11e0a1b11ae1', 'hex');

export interface Opening {
  /** Makes a manifest's relative paths absolute. */
  readonly resolvePath: (path: string) => string;
  readonly servers: readonly DicomWebServer[];
  /** What messages call the path: its last part, unless said otherwise. */
  readonly named?: string;
  /** Of a table: rows at its top that are passed over, its sheet, and what its columns shall be called. */
  readonly asTable?: TableReading;
  /** What labels of masks stand for, where that is said: then masks are meant, whatever else is there. */
  readonly labels?: LabelsAsked | undefined;
  /** Where headers of many files are kept between runs. */
  readonly headers?: Discovering['headers'];
}

export interface TableReading {
  readonly skip?: number | undefined;
  readonly sheet?: string | undefined;
  readonly columns?: readonly MappedColumn[] | undefined;
}

/** Throws a UserError where there is nothing that can be used. */
export async function openPath(
  path: string,
  { resolvePath, servers, named = basename(path), asTable, labels, headers }: Opening,
  task: Task,
): Promise<OpenedTable | OpenedCohort | OpenedMasks> {
  if (labels) return { kind: 'masks', masks: someMasks(await discoverMasks(path, labels, task, named), named) };
  if (isWebAddress(path)) return { kind: 'cohort', cohort: await discoverCohort(path, task, { servers }) };
  const read = await tableIn(path, task, asTable);
  if (!read) return cohortOrMasks(path, { named, headers }, task);
  const { table } = read;
  const name = basename(path);
  const columns = table.columnNames();
  const [patient, written, visits, since] = manifestColumns(table);
  if (patient === undefined || written === undefined) return { kind: 'table', file: path, ...read };
  const text = (column: string) => Array.from(table.array(column), (value) => String(value ?? '').trim());
  const patients = text(patient);
  const visit = visits && text(visits);
  const days = since === undefined ? undefined : Array.from(table.array(since), (cell) => numberInCell(cell));
  const rows = text(written).map((own, n) => ({
    patient: patients[n]!,
    path: pathOfRow(own, resolvePath),
    visit: visit?.[n] ?? '',
    days: days?.[n],
    // Line 1 is the header; blank lines, which a table may have, are not counted.
    line: n + 2,
  }));
  if (rows.length === 0) throw new UserError('empty-table', `${name} is a manifest without rows.`);
  const cohort = await discoverManifest(name, rows, { servers, headers }, task);
  const used = [patient, written, visits, since].filter((column) => column !== undefined);
  const others = columns.filter((column) => !used.includes(column));
  const said = others.length
    ? [
        warning(
          'manifest-columns',
          `${name} is read as a manifest: only its columns ${allOf(used)} are used, not ${others.join(', ')}.`,
        ),
      ]
    : [];
  return {
    kind: 'cohort',
    file: path,
    cohort: { ...cohort, problems: [...read.remarks, ...said, ...cohort.problems] },
  };
}

/** CTs, or where there is none, masks. Throws a UserError where there is neither. */
async function cohortOrMasks(
  path: string,
  { named, headers }: Required<Pick<Opening, 'named' | 'headers'>>,
  task: Task,
): Promise<OpenedCohort | OpenedMasks> {
  try {
    return { kind: 'cohort', cohort: await discoverCohort(path, task, { named, headers }) };
  } catch (error) {
    if (!(error instanceof UserError) || NOTHING_THERE.includes(error.code)) throw error;
    const masks = await discoverMasks(path, { by: 'file' }, task, named);
    // What has not even the values of a mask was meant for a CT.
    if (masks.files.length === 0 && masks.problems.every(({ code }) => code === 'mask-values')) throw error;
    return { kind: 'masks', masks: someMasks(masks, named) };
  }
}

/** Nothing that a mask could be, either. */
const NOTHING_THERE: readonly RemarkCode[] = ['path-missing', 'empty-folder', 'special-file', 'bad-path'];

/** The paths and addresses of a manifest; undefined where the file holds images. Throws a UserError where it cannot be read. */
export async function manifestPathsIn(
  path: string,
  resolvePath: (path: string) => string,
  task: Task,
): Promise<string[] | undefined> {
  const read = await tableIn(path, task);
  const [patient, written] = read ? manifestColumns(read.table) : [];
  if (!read || patient === undefined || written === undefined) return read && [];
  return Array.from(read.table.array(written), (own) => pathOfRow(String(own ?? '').trim(), resolvePath)).filter(
    Boolean,
  );
}

/** The table at a path, and whether it names the CTs of a cohort; undefined where there is none. Throws a UserError where it cannot be read. */
export async function tableAt(
  path: string,
  task: Task,
  reading: TableReading,
): Promise<{ readonly table: ColumnTable; readonly isManifest: boolean } | undefined> {
  const read = await tableIn(path, task, reading);
  return read && { table: read.table, isManifest: !manifestColumns(read.table).slice(0, 2).includes(undefined) };
}

/** Undefined where there is none: images, a folder, or nothing. */
async function tableIn(
  path: string,
  task: Task,
  { skip, sheet, columns = [] }: TableReading = {},
): Promise<TableOfFile | undefined> {
  const info = await stat(path).catch(() => undefined);
  const kind = info?.isFile() ? await kindOf(path) : 'images';
  if (kind === 'images') return undefined;
  if (sheet !== undefined && kind !== 'workbook')
    throw new UserError('unknown-sheet', `${basename(path)} is no workbook, so it has no sheets. Leave \`sheet\` out.`);
  const read =
    kind === 'scores'
      ? await readScoresFile(path, basename(path))
      : await readTableFile({ path, form: kind, skip, labels: mappedLabels(columns), sheet }, task);
  return withAskedColumns(read, columns, basename(path));
}

/** Told by the first bytes: neither an image whose header is text, nor with a zero byte as images and archives have. */
async function kindOf(path: string): Promise<'images' | 'table' | 'workbook' | 'scores'> {
  const start = await readStart(path, START_BYTES);
  if (start.subarray(0, OLD_WORKBOOK.length).equals(OLD_WORKBOOK))
    throw new UserError(
      'old-workbook',
      `${basename(path)} is in the format of Excel 97 to 2003. Save it as .xlsx or .csv, and load that.`,
    );
  if (isScoresFile(start)) return 'scores';
  if (isZip(start)) return (await isWorkbook(path)) ? 'workbook' : 'images';
  return !isImageOrArchive(start) && isTable(start) ? 'table' : 'images';
}

/** A zip file that cannot be read is none; the loader of images says what is wrong with it. */
async function isWorkbook(path: string): Promise<boolean> {
  const opened = await openZip(path, basename(path)).catch(() => undefined);
  if (!opened) return false;
  opened.zip.close();
  return opened.entries.has('xl/workbook.xml');
}
