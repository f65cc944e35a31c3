/** `--pdf`, `--docx`, `--paper` and `--browser` of `lungnb run`. */
import { type Notebook, viewsOf } from '../../protocol/notebook.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { UserError } from '../base/userError.ts';
import { drawFigures } from '../browser/drawFigures.ts';
import { PRINTING_PROGRAM } from '../browser/drawnPage.ts';
import { drawSlices } from '../browser/drawSlices.ts';
import { findBrowser } from '../browser/findBrowser.ts';
import { printPage } from '../browser/printPage.ts';
import { built } from '../ownFiles.ts';
import type { Picture } from '../paper/blocks.ts';
import { SHEET_NAMES, type SheetName, textWidthMm } from '../paper/page.ts';
import { UsageError } from './usageError.ts';

/** Of figures in `--docx`: what journals ask of pictures with letters in them is 300 and more. */
const FIGURE_DPI = 300;

export interface PaperOptions {
  readonly pdf?: string | undefined;
  readonly docx?: string | undefined;
  readonly paper?: string | undefined;
  readonly browser?: string | undefined;
}

export interface PaperFiles {
  /** What will be missing of them, said before a run that may take hours. */
  readonly warnings: readonly string[];
  readonly pdf: (made: Made) => Promise<Uint8Array>;
  readonly docx: (made: Made) => Promise<Uint8Array>;
}

export interface Made {
  readonly title: string;
  readonly executed: Notebook;
  /** The notebook as an HTML page. */
  readonly page: () => string;
}

/** Throws a UsageError for what the options do not allow. */
export async function paperFiles(options: PaperOptions): Promise<PaperFiles> {
  const sheet = sheetOf(options.paper);
  const { pdf, docx } = options;
  if (pdf === undefined && docx === undefined && options.paper !== undefined)
    throw new UsageError('--paper says on what --pdf and --docx are laid out. Name a file for one of them.');
  const browser = pdf === undefined && docx === undefined ? undefined : foundBrowser(options.browser);
  const missing = browser instanceof UserError ? browser.message : undefined;
  const program = typeof browser === 'string' ? await built(PRINTING_PROGRAM, 'Pages for paper need') : '';
  return {
    warnings: [
      ...(missing && pdf !== undefined ? [`--pdf: ${missing} Everything else is run and written.`] : []),
      ...(missing && docx !== undefined
        ? [`--docx: ${missing} Until then its figures and slices are told in words.`]
        : []),
    ],
    async pdf({ title, page }) {
      if (browser instanceof UserError) throw browser;
      return printPage(browser ?? '', { html: page(), program, title, sheet });
    },
    async docx({ title, executed, page }) {
      const { notebookFile } = await import('../paper/notebookFile.ts');
      const drawn =
        typeof browser === 'string'
          ? [
              ...(await figures(browser, executed, sheet)),
              ...(await slices(browser, executed, { page, program, sheet })),
            ]
          : [];
      return notebookFile({ title, sheet, notebook: executed, pictures: new Map(drawn) });
    },
  };
}

type Pictures = readonly (readonly [ViewModel, Picture])[];

/** Every figure of the notebook as broad as the text, in print quality. */
async function figures(browser: string, notebook: Notebook, sheet: SheetName): Promise<Pictures> {
  const views = viewsOf(notebook.cells).filter((view) => view.type === 'figure');
  if (views.length === 0) return [];
  const widthMm = textWidthMm(sheet, false);
  const wanted = views.map((view) => ({ view, widthMm, dpi: FIGURE_DPI, description: view.description }));
  const drawn = await drawFigures(browser, wanted);
  return drawn.map(({ bytes, heightMm }, n) => [views[n]!, { png: bytes, widthMm, heightMm }]);
}

async function slices(
  browser: string,
  notebook: Notebook,
  { page, program, sheet }: Pick<Made, 'page'> & { readonly program: string; readonly sheet: SheetName },
): Promise<Pictures> {
  const views = viewsOf(notebook.cells).filter((view) => view.type === 'slices');
  if (views.length === 0) return [];
  const drawn = await drawSlices(browser, { html: page(), program });
  return drawn.slice(0, views.length).map((picture, n) => [views[n]!, within(picture, textWidthMm(sheet, false))]);
}

/** No broader than the text. */
function within({ png, widthMm, heightMm }: Picture, most: number): Picture {
  const scale = Math.min(1, most / widthMm);
  return { png, widthMm: widthMm * scale, heightMm: heightMm * scale };
}

function foundBrowser(named: string | undefined): string | UserError {
  try {
    return findBrowser(named);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function sheetOf(written = 'a4'): SheetName {
  const sheet = SHEET_NAMES.find((name) => name === written.toLowerCase());
  if (sheet) return sheet;
  throw new UsageError(`--paper expects ${SHEET_NAMES.join(' or ')}, not "${written}".`);
}
