/** Sheets of paper, in mm and in the units of word processors: twips, twentieths of a point. */
export const SHEET_NAMES = ['a4', 'letter'] as const;
export type SheetName = (typeof SHEET_NAMES)[number];

export const MM_PER_INCH = 25.4;
/** Of style sheets. */
export const PIXELS_PER_INCH = 96;
const TWIPS_PER_MM = 1440 / MM_PER_INCH;
export const MARGIN_MM = 20;
export const SHEETS_MM: Readonly<Record<SheetName, readonly [width: number, height: number]>> = {
  a4: [210, 297],
  letter: [215.9, 279.4],
};

export function twips(mm: number): number {
  return Math.round(mm * TWIPS_PER_MM);
}

/** Width and height of a sheet that stands, in twips. */
export function sheetSize(sheet: SheetName): { readonly width: number; readonly height: number } {
  const [width, height] = SHEETS_MM[sheet];
  return { width: twips(width), height: twips(height) };
}

/** Between the margins, in mm. */
export function textWidthMm(sheet: SheetName, isLandscape: boolean): number {
  const [width, height] = SHEETS_MM[sheet];
  return (isLandscape ? height : width) - 2 * MARGIN_MM;
}
