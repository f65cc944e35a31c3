/** Cells of a workbook that Excel shows in per cent (ECMA-376 part 1, 18.8.30): 11 % is stored as 0.11, and means 11. */

import { attribute, tagsOf, unescapedXml } from './xmlTags.ts';

/** Of the formats that every workbook has: 0 % and 0.00 %. */
const BUILT_IN: readonly number[] = [9, 10];

/** Numbers of the styles that show per cent, from the workbook's `xl/styles.xml`. */
export function percentStyles(styles: string): ReadonlySet<number> {
  const formats = new Set(BUILT_IN);
  for (const tag of tagsOf(styles, 'numFmt')) {
    // A sign in quotes or behind a backslash is only printed.
    const code = unescapedXml(attribute(tag, 'formatCode') ?? '').replace(/"[^"]*"|\\./g, '');
    const id = Number(attribute(tag, 'numFmtId'));
    if (code.includes('%')) formats.add(id);
    else formats.delete(id);
  }
  const cells = /<(?:\w+:)?cellXfs\b[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  const used = tagsOf(cells, 'xf').map((tag) => Number(attribute(tag, 'numFmtId')));
  return new Set(used.flatMap((format, style) => (formats.has(format) ? [style] : [])));
}

export interface SheetInPercent {
  /** With the numbers that are shown. */
  readonly sheet: string;
  /** Letters of the columns that have such cells. */
  readonly columns: ReadonlySet<string>;
}

/** A cell up to its value: its tag, what stands between, and the value. */
const CELL = /(<(?:\w+:)?c\b[^>]*[^/>]>)((?:(?!<\/?(?:\w+:)?c\b)[\s\S])*?<(?:\w+:)?v>)([^<]*)/g;

/** The same sheet, its cells in per cent with a hundred times their number: the value that one reads in Excel. */
export function inPercent(sheet: string, styles: ReadonlySet<number>): SheetInPercent {
  const columns = new Set<string>();
  const changed = sheet.replace(CELL, (all: string, ...[tag, between, value]: string[]) => {
    const kind = attribute(tag!, 't') ?? 'n';
    const number = value!.trim() === '' ? Number.NaN : Number(value);
    const style = Number(attribute(tag!, 's') ?? Number.NaN);
    if (kind !== 'n' || !Number.isFinite(number) || !styles.has(style)) return all;
    columns.add(/^[A-Z]*/i.exec(attribute(tag!, 'r') ?? '')?.[0]?.toUpperCase() ?? '');
    return `${tag}${between}${timesHundred(number)}`;
  });
  return { sheet: changed, columns };
}

/** Without the rounding errors of a multiplication: 0.07 is 7. */
function timesHundred(value: number): number {
  return Number((value * 100).toPrecision(15));
}
