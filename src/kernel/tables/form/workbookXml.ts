/**
 * A small workbook in Office Open XML (ECMA-376): sheets of texts and numbers, with drop-down lists, protection, and panes
 * that stay in view. Only what a scoring sheet needs.
 */
import { strToU8, zipSync } from 'fflate';

/** What a cell looks like, and whether it can be filled in a protected sheet: only answers can. */
export const STYLES = ['plain', 'heading', 'answer', 'text', 'title'] as const;
export type Style = (typeof STYLES)[number];

export interface Cell {
  readonly value?: string | number;
  readonly style?: Style;
}

export interface Validation {
  /** As in `C2:F61 H2:H61`. */
  readonly cells: string;
  /** The cells of a list, as in `Lists!$A$1:$A$5`; numbers of a range; or a longest text. */
  readonly allows:
    | { readonly kind: 'list'; readonly from: string }
    | { readonly kind: 'decimal'; readonly low: number; readonly high: number }
    | { readonly kind: 'length'; readonly most: number };
  /** What is said beside the cell, and where something else is entered. */
  readonly prompt: string;
}

export interface Sheet {
  /** Without quotes and brackets, up to 31 letters. */
  readonly name: string;
  readonly isHidden?: boolean;
  /** In characters. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly (Cell | undefined)[])[];
  /** So many rows and columns stay in view, and are printed on every page. */
  readonly frozen?: { readonly rows: number; readonly columns: number };
  readonly validations?: readonly Validation[];
}

/** Excel's own limits; it takes a file that is beyond them for damaged. */
const LONGEST = { prompt: 255, error: 225 };
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Every sheet is protected without a password: against slips, and not against anybody. The same sheets give the same bytes. */
export function workbookOf(sheets: readonly Sheet[]): Uint8Array {
  const numbered = sheets.map((sheet, n) => ({ sheet, id: n + 1 }));
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${numbered.map(({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${TYPES}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbookXml(sheets),
    'xl/_rels/workbook.xml.rels': relations([
      ...numbered.map(({ id }) => [`rId${id}`, 'worksheet', `worksheets/sheet${id}.xml`] as const),
      [`rId${sheets.length + 1}`, 'styles', 'styles.xml'],
    ]),
    'xl/styles.xml': STYLES_XML,
    ...Object.fromEntries(numbered.map(({ sheet, id }) => [`xl/worksheets/sheet${id}.xml`, sheetXml(sheet)])),
  };
  const files = Object.entries(parts).map(([name, xml]) => [name, strToU8(HEAD + xml)] as const);
  // A day of its own, or the bytes would differ with the clock.
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) });
}

/** Of column n, from 0: A to Z, then AA. */
export function lettersOf(n: number): string {
  return `${n < 26 ? '' : lettersOf(Math.floor(n / 26) - 1)}${String.fromCharCode(65 + (n % 26))}`;
}

function relations(all: readonly (readonly [id: string, kind: string, target: string])[]): string {
  const each = all.map(
    ([id, kind, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function workbookXml(sheets: readonly Sheet[]): string {
  const each = sheets.map(
    ({ name, isHidden }, n) =>
      `<sheet name="${escaped(name)}" sheetId="${n + 1}"${isHidden ? ' state="hidden"' : ''} r:id="rId${n + 1}"/>`,
  );
  const titles = sheets.flatMap(({ name, frozen }, n) =>
    frozen
      ? [
          `<definedName name="_xlnm.Print_Titles" localSheetId="${n}">'${escaped(name)}'!$A:$${lettersOf(frozen.columns - 1)},'${escaped(name)}'!$1:$${frozen.rows}</definedName>`,
        ]
      : [],
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><workbookProtection lockStructure="1"/><bookViews><workbookView/></bookViews><sheets>${each.join('')}</sheets>${titles.length ? `<definedNames>${titles.join('')}</definedNames>` : ''}</workbook>`;
}

/** The order of the elements is the schema's. */
function sheetXml({ widths, rows, frozen, validations = [] }: Sheet): string {
  const columns = widths.map((width, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`);
  const data = rows.map(
    (row, r) => `<row r="${r + 1}"${heightOf(row, widths)}>${row.map((cell, c) => cellXml(cell, r, c)).join('')}</row>`,
  );
  return [
    `<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`,
    `<sheetViews><sheetView workbookViewId="0"${frozen ? ' tabSelected="1"' : ''}>${frozen ? paneXml(frozen) : ''}</sheetView></sheetViews>`,
    `<cols>${columns.join('')}</cols><sheetData>${data.join('')}</sheetData>`,
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>',
    validations.length
      ? `<dataValidations count="${validations.length}">${validations.map(validationXml).join('')}</dataValidations>`
      : '',
    `<pageSetup paperSize="9" orientation="landscape" fitToWidth="${pagesAcross(widths)}" fitToHeight="0"/></worksheet>`,
  ].join('');
}

/** On a page of A4 across, so many characters can still be read. */
const PAGE_CHARACTERS = 150;

function pagesAcross(widths: readonly number[]): number {
  return Math.max(1, Math.ceil(widths.reduce((sum, width) => sum + width, 0) / PAGE_CHARACTERS));
}

const LINE_POINTS = 15;

/** Of rows with our own texts: LibreOffice does not make room for lines that are broken. Rows of answers grow as they are filled in. */
function heightOf(row: readonly (Cell | undefined)[], widths: readonly number[]): string {
  const lines = row.map((cell, c) =>
    typeof cell?.value === 'string' && (cell.style === 'heading' || cell.style === 'text')
      ? linesOf(cell.value, widths[c] ?? 10)
      : 1,
  );
  const most = Math.max(1, ...lines);
  return most > 1 ? ` ht="${most * LINE_POINTS}" customHeight="1"` : '';
}

/** How many lines a text takes in a column of so many characters, broken between words. */
function linesOf(text: string, width: number): number {
  return text.split('\n').reduce((lines, paragraph) => {
    let [own, length] = [1, 0];
    for (const word of paragraph.split(/(?<=-)|\s/)) {
      const next = length === 0 ? word.length : length + 1 + word.length;
      if (next <= width || length === 0) length = next;
      else [own, length] = [own + 1, word.length];
    }
    return lines + own;
  }, 0);
}

function paneXml({ rows, columns }: NonNullable<Sheet['frozen']>): string {
  const first = `${lettersOf(columns)}${rows + 1}`;
  return `<pane xSplit="${columns}" ySplit="${rows}" topLeftCell="${first}" activePane="bottomRight" state="frozen"/><selection pane="bottomRight" activeCell="${first}" sqref="${first}"/>`;
}

function cellXml(cell: Cell | undefined, row: number, column: number): string {
  if (!cell) return '';
  const { value, style = 'plain' } = cell;
  const start = `<c r="${lettersOf(column)}${row + 1}" s="${STYLES.indexOf(style)}"`;
  if (value === undefined) return `${start}/>`;
  if (typeof value === 'number') return `${start}><v>${value}</v></c>`;
  return `${start} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

function validationXml({ cells, allows, prompt }: Validation): string {
  const said = (most: number) => escaped(prompt.length > most ? `${prompt.slice(0, most - 1)}…` : prompt);
  const messages = `allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="Not on the scale" error="${said(LONGEST.error)}" prompt="${said(LONGEST.prompt)}" sqref="${cells}"`;
  switch (allows.kind) {
    case 'list':
      return `<dataValidation type="list" ${messages}><formula1>${escaped(allows.from)}</formula1></dataValidation>`;
    case 'decimal':
      return `<dataValidation type="decimal" operator="between" ${messages}><formula1>${allows.low}</formula1><formula2>${allows.high}</formula2></dataValidation>`;
    case 'length':
      return `<dataValidation type="textLength" operator="lessThanOrEqual" ${messages}><formula1>${allows.most}</formula1></dataValidation>`;
  }
}

/** In the order of STYLES. */
const STYLES_XML = `<styleSheet xmlns="${MAIN}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="14"/><name val="Calibri"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE3EAF0"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF9E5"/></patternFill></fill></fills><borders count="2"><border/><border><left style="thin"><color rgb="FFB8C4CC"/></left><right style="thin"><color rgb="FFB8C4CC"/></right><top style="thin"><color rgb="FFB8C4CC"/></top><bottom style="thin"><color rgb="FFB8C4CC"/></bottom></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf><xf numFmtId="0" fontId="0" fillId="3" borderId="1" xfId="0" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="top" wrapText="1"/><protection locked="0"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** Characters that XML cannot hold are left out. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
