/** A table or a figure with its caption and notes, as the blocks of a word processor's document. */
import {
  AlignmentType,
  BorderStyle,
  ImageRun,
  Paragraph,
  SimpleField,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { type Caption, type Captioned, captionOf } from '../../protocol/methods/caption.ts';
import type { FigureView, SliceView, TableView } from '../../protocol/view.ts';
import { plainText } from '../../protocol/views/index.ts';
import { RESEARCH_ONLY } from '../../protocol/views/viewKind.ts';
import { CELL_PADDING, type ColumnTexts, layOut, type TableLayout } from './columnWidths.ts';
import { MM_PER_INCH, PIXELS_PER_INCH, type SheetName } from './page.ts';
import { cellsOf, inParts, type TableCells } from './tableCells.ts';
import { proseRuns } from './text.ts';

export interface Block {
  readonly children: readonly (Paragraph | Table)[];
  readonly isLandscape: boolean;
}

export interface Place {
  /** Table 4; the field counts on from it. */
  readonly number: number;
  readonly sheet: SheetName;
  readonly stands: 'alone' | 'among others';
  /** Rows beyond are left out, and counted. */
  readonly mostRows: number;
}

/** In half points, as word processors count letters. */
const NOTE_SIZE = 16;
/** Tables of more columns lose those that say the same in every row. */
const MOST_COLUMNS = 12;
/** Rows of a table that is not broken over pages, headings included. */
const ROWS_TOGETHER = 18;
const RULE = { style: BorderStyle.SINGLE, size: 8, color: '000000' };
const THIN_RULE = { style: BorderStyle.SINGLE, size: 4, color: '000000' };
const NO_RULE = { style: BorderStyle.NONE, size: 0, color: 'auto' };

/** One that is broader than a sheet stands in parts below one another. */
export function tableBlock(view: TableView, place: Place): Block {
  const cells = cellsOf(view, place.mostRows, MOST_COLUMNS);
  const layoutOf = (part: TableCells) => layOut(columnsOf(part), place.sheet);
  const whole = layoutOf(cells);
  const parts = whole.fits ? [cells] : inParts(cells, (part) => layoutOf(part).fits);
  const caption = captionOf(view, place.stands);
  return {
    isLandscape: whole.isLandscape,
    children: [
      captionLine('Table', place.number, caption, true),
      ...parts.flatMap((part, n) => [
        ...(n > 0 ? [new Paragraph({ spacing: { before: 120, after: 60 }, keepNext: true })] : []),
        // Of a sheet that lies all parts are for one that lies.
        table(part, whole.fits ? whole : layOut(columnsOf(part), place.sheet, true)),
      ]),
      ...notesBelow(view, caption, [
        ...cutShort(view, cells),
        ...view.messages.filter(({ severity }) => severity !== 'info').map(({ text }) => text),
        ...view.notes,
        ...cells.notes,
      ]),
    ],
  };
}

/** Three rules, as journals want them: above, below, and under the headings, which repeat on every page. */
function table({ headings, kinds, rows }: TableCells, { size, widths }: TableLayout): Table {
  const all = [headings, ...rows];
  return new Table({
    width: { size: widths.reduce((a, b) => a + b, 0), type: WidthType.DXA },
    columnWidths: [...widths],
    layout: TableLayoutType.FIXED,
    margins: { left: CELL_PADDING, right: CELL_PADDING, top: 30, bottom: 30, marginUnitType: WidthType.DXA },
    borders: {
      top: RULE,
      bottom: RULE,
      left: NO_RULE,
      right: NO_RULE,
      insideHorizontal: NO_RULE,
      insideVertical: NO_RULE,
    },
    rows: all.map((texts, r) =>
      row(texts, {
        kinds,
        size,
        widths,
        isHeading: r === 0,
        // What is short stays whole.
        staysWithNext: r === 0 || (all.length <= ROWS_TOGETHER && r < all.length - 1),
      }),
    ),
  });
}

export interface Picture {
  readonly png: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** Without a picture, what it would show is told in words. */
export function figureBlock(view: FigureView | SliceView, picture: Picture | undefined, place: Place): Block {
  const caption = captionOf(view, place.stands);
  const description = view.type === 'figure' ? view.description : plainText(view);
  const notes = view.type === 'figure' ? view.notes : notesOnSlices(view);
  const inPixels = (mm: number) => (mm / MM_PER_INCH) * PIXELS_PER_INCH;
  const drawn = picture
    ? new ImageRun({
        type: 'png',
        data: picture.png,
        transformation: { width: inPixels(picture.widthMm), height: inPixels(picture.heightMm) },
        altText: { name: view.title, title: view.title, description },
      })
    : new TextRun({ text: `[${description}]`, italics: true });
  return {
    isLandscape: false,
    children: [
      new Paragraph({ keepNext: true, alignment: AlignmentType.LEFT, children: [drawn] }),
      captionLine('Figure', place.number, caption, false),
      ...notesBelow(view, caption, notes),
    ],
  };
}

function notesOnSlices({ facts, reason, edited = [] }: SliceView): string[] {
  return [facts.map(({ name, value }) => `${name}: ${value}`).join('; '), reason, ...edited].flatMap((note) =>
    note ? [note] : [],
  );
}

function row(
  texts: readonly string[],
  {
    kinds,
    size,
    widths,
    isHeading,
    staysWithNext,
  }: {
    readonly kinds: TableCells['kinds'];
    readonly size: number;
    readonly widths: readonly number[];
    readonly isHeading: boolean;
    readonly staysWithNext: boolean;
  },
): TableRow {
  return new TableRow({
    tableHeader: isHeading,
    cantSplit: true,
    children: texts.map(
      (text, n) =>
        new TableCell({
          width: { size: widths[n]!, type: WidthType.DXA },
          verticalAlign: isHeading ? VerticalAlignTable.BOTTOM : VerticalAlignTable.TOP,
          ...(isHeading ? { borders: { bottom: THIN_RULE } } : {}),
          children: [
            new Paragraph({
              alignment: isNumber(kinds[n]) ? AlignmentType.RIGHT : AlignmentType.LEFT,
              keepNext: staysWithNext,
              spacing: { before: 0, after: 0 },
              children: [new TextRun({ text, size: size * 2, bold: isHeading })],
            }),
          ],
        }),
    ),
  });
}

function columnsOf({ headings, kinds, rows }: TableCells): ColumnTexts[] {
  return headings.map((heading, n) => ({
    heading,
    cells: rows.map((texts) => texts[n] ?? ''),
    isProse: kinds[n] === 'prose',
  }));
}

function isNumber(kind: TableCells['kinds'][number] | undefined): boolean {
  return kind === 'number' || kind === 'p-value';
}

/** The number is a field, so that the word processor counts on where tables come together in one document. */
function captionLine(noun: 'Table' | 'Figure', number: number, { text }: Caption, isAbove: boolean): Paragraph {
  return new Paragraph({
    style: 'Caption',
    keepNext: isAbove,
    children: [
      new TextRun({ text: `${noun} `, bold: true }),
      new SimpleField(`SEQ ${noun} \\* ARABIC \\r ${number}`, String(number)),
      new TextRun({ text: '. ', bold: true }),
      ...proseRuns(text),
    ],
  });
}

function notesBelow(view: Captioned, { methods, byHand }: Caption, notes: readonly string[]): Paragraph[] {
  const isResearch = view.type === 'table' ? view.researchOnly : true;
  const lines = [
    ...notes.map((note) => ({ lead: undefined, note })),
    ...(byHand ? [{ lead: undefined, note: byHand }] : []),
    ...(methods ? [{ lead: 'Methods. ', note: methods }] : []),
    ...(isResearch && ![...notes, methods].some((text) => /research only/i.test(text ?? ''))
      ? [{ lead: undefined, note: RESEARCH_ONLY }]
      : []),
  ];
  return lines.map(
    ({ lead, note }, n) =>
      new Paragraph({
        spacing: { before: n === 0 ? 60 : 0, after: n === lines.length - 1 ? 280 : 20 },
        children: [
          ...(lead ? [new TextRun({ text: lead, italics: true, size: NOTE_SIZE })] : []),
          ...proseRuns(note, { size: NOTE_SIZE }),
        ],
      }),
  );
}

function cutShort({ totalRows }: TableView, { rows }: TableCells): string[] {
  return rows.length < totalRows ? [`The first ${rows.length} of ${totalRows} rows.`] : [];
}
