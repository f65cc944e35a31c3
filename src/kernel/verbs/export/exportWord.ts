/** `export` of a table to a word processor: as it is shown, with a caption, its notes, and how it was made. */
import { basename, extname } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { TableView } from '../../../protocol/view.ts';
import { UserError } from '../../base/userError.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import type { Named } from '../../values/named.ts';
import { shownTable, tableOfResult } from '../../views/shownTable.ts';
import type { TablePart } from './exportTable.ts';

export const WORD_ENDING = '.docx';
/** Some fifty pages. */
const MOST_ROWS = 2000;

export interface WrittenPart {
  readonly subject: Named<'table' | 'measurements' | 'agreement'>;
  readonly part: TablePart;
  /** Of the subject's part. */
  readonly table: ColumnTable;
}

/** The bytes of the document. Throws a UserError for a table that is too long to be read on paper. */
export async function wordTable(written: WrittenPart, { value: file, span }: Placed<string>): Promise<Uint8Array> {
  const rows = written.table.numRows();
  if (rows > MOST_ROWS)
    throw new UserError(
      'table-too-large',
      `A table for a word processor has ${MOST_ROWS} rows at most, and this one ${rows}. Write it as .csv, or take some of its rows by \`filter\`.`,
      span,
    );
  const view = await shownView(written);
  // Half a megabyte that few sessions need.
  const [{ tableBlock }, { wordFile }] = await Promise.all([
    import('../../paper/blocks.ts'),
    import('../../paper/wordFile.ts'),
  ]);
  const number = numberIn(file);
  const block = tableBlock(view, { number, sheet: 'a4', stands: 'alone', mostRows: MOST_ROWS });
  return wordFile({ title: view.title, sheet: 'a4', blocks: [block] });
}

/** Table 4 of "table4.docx"; the first where the name says none. */
function numberIn(file: string): number {
  const [, digits] = /table[ _-]?0*(\d{1,3})(?!\d)/i.exec(basename(file, extname(file))) ?? [];
  return Number(digits ?? 1) || 1;
}

async function shownView({ subject, part, table }: WrittenPart): Promise<TableView> {
  return part === undefined ? shownTable(subject) : tableOfResult(table, subject, `${subject.name}: ${part}`);
}
