/** Sheets of word processors, in their units: twips, twentieths of a point. */
export type SheetName = 'a4' | 'letter';

const TWIPS_PER_MM = 1440 / 25.4;
export const MARGIN_MM = 20;
const SHEETS_MM: Readonly<Record<SheetName, readonly [width: number, height: number]>> = {
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
