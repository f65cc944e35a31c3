/** The parts of an Excel workbook (ECMA-376 part 2, a zip file), unpacked with their sizes checked, and put together again. */
import type { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import yauzl from 'yauzl';
import { inPercent, percentStyles } from './percentCells.ts';
import { MAX_CELLS, refuseTooManyBytes } from './tableLimits.ts';
import { attribute, tagsOf, unescapedXml } from './xmlTags.ts';

/** More parts than any workbook has: a few for each sheet. */
const MAX_PARTS = 10_000;
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/;
/** The address of a cell or the number of a row; whatever else looks like one counts too. */
const PLACE = /\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']/g;

/** What stands in the place of a sheet that is too large. No user writes it into a cell. */
export const TOO_LARGE = '\u{F0000}too large';
const EMPTY_SHEET = Buffer.from(
  `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${TOO_LARGE}</t></is></c></row></sheetData></worksheet>`,
);

export interface CheckedWorkbook {
  /** A zip file. */
  readonly file: Buffer;
  /** Letters of the columns with cells in per cent, by the name of their sheet. */
  readonly percentColumns: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * A workbook of the same parts and nothing else. Sheets whose cells reach too far for a table hold {@link TOO_LARGE}
 * instead; cells that are shown in per cent hold the number that is shown. Throws a UserError where all is too large
 * together, and an Error that says why where it is no zip file, or where its directory is not true.
 */
export async function checkedWorkbook(bytes: Buffer, name: string): Promise<CheckedWorkbook> {
  const unchecked = await unpacked(bytes, name);
  const styles = percentStyles(textOf(unchecked.get('xl/styles.xml')));
  const parts: Record<string, Uint8Array> = {};
  const columns = new Map<string, ReadonlySet<string>>();
  for (const [path, part] of unchecked) {
    if (!SHEET.test(path)) parts[path] = part;
    else if (!isTable(part)) parts[path] = EMPTY_SHEET;
    else if (styles.size === 0) parts[path] = part;
    else {
      const shown = inPercent(textOf(part), styles);
      columns.set(path, shown.columns);
      parts[path] = shown.columns.size ? Buffer.from(shown.sheet) : part;
    }
  }
  const percentColumns = new Map(
    [...sheetPaths(unchecked)].map(([sheet, path]) => [sheet, columns.get(path) ?? new Set<string>()]),
  );
  return { file: Buffer.from(zipSync(parts, { level: 0 })), percentColumns };
}

/** Where each sheet lies, by its name. */
function sheetPaths(parts: ReadonlyMap<string, Buffer>): Map<string, string> {
  const targets = new Map(
    tagsOf(textOf(parts.get('xl/_rels/workbook.xml.rels')), 'Relationship').map((tag) => [
      attribute(tag, 'Id'),
      attribute(tag, 'Target')?.replace(/^\/?(xl\/)?/, 'xl/'),
    ]),
  );
  return new Map(
    tagsOf(textOf(parts.get('xl/workbook.xml')), 'sheet').map((tag) => [
      unescapedXml(attribute(tag, 'name') ?? ''),
      targets.get(attribute(tag, '\\w+:id')) ?? '',
    ]),
  );
}

function textOf(part: Buffer | undefined): string {
  return part?.toString('utf8') ?? '';
}

async function unpacked(bytes: Buffer, name: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
  if (zip.entryCount > MAX_PARTS) throw new Error(`it has ${zip.entryCount} parts`);
  const parts = new Map<string, Buffer>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (!/\.xml(\.rels)?$/.test(entry.fileName)) continue;
    total += entry.uncompressedSize;
    refuseTooManyBytes(total, name, 'unpacks to');
    parts.set(entry.fileName, await contents(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

/** yauzl fails where more or fewer bytes come than the directory says. */
async function contents(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** False where the cells from the first to the farthest are more than a table may have. */
function isTable(sheet: Buffer): boolean {
  let [columns, rows] = [1, 1];
  for (const [, letters, digits] of sheet.toString('latin1').matchAll(PLACE)) {
    columns = Math.max(columns, columnOf(letters!));
    rows = Math.max(rows, Number(digits));
  }
  return columns * rows <= MAX_CELLS;
}

/** A is 1, Z 26, AA 27. */
function columnOf(letters: string): number {
  return [...letters.toUpperCase()].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0);
}
