/** How broad the columns of a table for a word processor are, on which side of the sheet, and in which size of letters. */
import type { SheetName } from './page.ts';
import { textWidthMm, twips } from './page.ts';

export interface TableLayout {
  readonly isLandscape: boolean;
  /** In points. */
  readonly size: number;
  /** In twips; together as broad as the text. */
  readonly widths: readonly number[];
  /** Whether every word has room on one line. */
  readonly fits: boolean;
}

/** On either side of a cell's text, in twips. */
export const CELL_PADDING = 80;
/** In parts of the letters' size. Beyond it a text is broken into lines. */
const MOST_WIDTH = 18;
/** Of sentences within a table, at least and at most. */
const PROSE_WIDTH = { least: 9, most: 34 };
/** In points, from the one that reads best to the one that can still be read. */
const SIZES = [9, 8, 7.5, 7, 6] as const;
/** Smaller letters on a sheet that stands are no better than larger ones on one that lies. */
const LEAST_UPRIGHT = 7.5;
/** Lines that cells may have on average, before the sheet is turned; and before letters become smaller on one that lies. */
const MOST_LINES = { upright: 2.5, landscape: 1.2 };

export interface ColumnTexts {
  readonly heading: string;
  readonly cells: readonly string[];
  readonly isProse: boolean;
}

/** Words stay whole where they can. The sheet is turned where the table needs it, or where it `lies` already. */
export function layOut(columns: readonly ColumnTexts[], sheet: SheetName, lies = false): TableLayout {
  const needs = columns.map(needOf);
  const tries = (lies ? [true] : [false, true]).flatMap((isLandscape) => SIZES.map((size) => ({ isLandscape, size })));
  const fits = ({ isLandscape, size }: (typeof tries)[number]) => {
    const room = twips(textWidthMm(sheet, isLandscape));
    const lines = sum(needs, 'wanted', size) / room;
    const isTight = isLandscape
      ? size > LEAST_UPRIGHT && lines > MOST_LINES.landscape
      : size < LEAST_UPRIGHT || lines > MOST_LINES.upright;
    return sum(needs, 'least', size) <= room && !isTight;
  };
  const found = tries.find(fits);
  const chosen = found ?? { isLandscape: true, size: SIZES.at(-1)! };
  return {
    ...chosen,
    fits: found !== undefined,
    widths: widthsOf(needs, chosen.size, twips(textWidthMm(sheet, chosen.isLandscape))),
  };
}

/** In parts of the letters' size. */
interface Need {
  /** Of the longest word. */
  readonly least: number;
  /** Of the longest text. */
  readonly wanted: number;
}

function needOf({ heading, cells, isProse }: ColumnTexts): Need {
  const texts = [{ text: heading, isBold: true }, ...[...new Set(cells)].map((text) => ({ text, isBold: false }))];
  const words = texts.flatMap(({ text, isBold }) => text.split(/[ \n]/).map((word) => widthOf(word, isBold)));
  // A heading may have two lines.
  const longest = Math.max(...texts.map(({ text, isBold }) => widthOf(text, isBold) * (isBold ? 0.6 : 1)));
  const least = Math.max(...words, isProse ? PROSE_WIDTH.least : 1);
  return { least, wanted: Math.max(least, Math.min(isProse ? PROSE_WIDTH.most : MOST_WIDTH, longest)) };
}

/** Of groups of characters in Arial; all others are as broad as a digit. */
const NARROW = /[ijlt.,;:'|!()[\]\u00a0 /-]/;
const BROAD = /[mwMW%@—]/;
const CAPITAL = /[A-ZÄÖÜ<>=+±−×]/;
const BOLD = 1.08;

function widthOf(text: string, isBold: boolean): number {
  const width = [...text].reduce(
    (sum, own) => sum + (NARROW.test(own) ? 0.3 : BROAD.test(own) ? 0.88 : CAPITAL.test(own) ? 0.68 : 0.556),
    0,
  );
  return isBold ? width * BOLD : width;
}

/** With what word processors round, and what other fonts are broader. */
function inTwips(width: number, size: number): number {
  return Math.ceil(width * size * 20 * 1.03) + 2 * CELL_PADDING + 10;
}

function sum(needs: readonly Need[], of: keyof Need, size: number): number {
  return needs.reduce((total, need) => total + inTwips(need[of], size), 0);
}

/** What every column needs at least, and the rest by what each would like to have beyond. */
function widthsOf(needs: readonly Need[], size: number, room: number): number[] {
  const least = needs.map((need) => inTwips(need.least, size));
  const rest = room - least.reduce((a, b) => a + b, 0);
  if (rest < 0) {
    const all = room - rest;
    return least.map((own) => Math.floor((own * room) / all));
  }
  const beyond = needs.map((need, n) => inTwips(need.wanted, size) - least[n]! + 1);
  const all = beyond.reduce((a, b) => a + b, 0);
  return least.map((own, n) => own + Math.floor((rest * beyond[n]!) / all));
}
