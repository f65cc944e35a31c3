/** `--pdf`, `--docx`, `--paper` and `--browser` of `lungnb run`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Notebook } from '../../protocol/notebook.ts';
import type { FigureView } from '../../protocol/view.ts';
import { UserError } from '../base/userError.ts';
import { drawFigures } from '../browser/drawFigures.ts';
import { findBrowser } from '../browser/findBrowser.ts';
import { PRINTING_PROGRAM, printPage, SHEET_NAMES, type Sheet } from '../browser/printPage.ts';
import type { Picture } from '../paper/blocks.ts';
import { textWidthMm } from '../paper/page.ts';
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

/** `built` is the folder of built files. Throws a UsageError for what the options do not allow. */
export async function paperFiles(options: PaperOptions, built: URL): Promise<PaperFiles> {
  const sheet = sheetOf(options.paper);
  const { pdf, docx } = options;
  if (pdf === undefined && docx === undefined && options.paper !== undefined)
    throw new UsageError('--paper says on what --pdf and --docx are laid out. Name a file for one of them.');
  const browser = pdf === undefined && docx === undefined ? undefined : foundBrowser(options.browser);
  const missing = browser instanceof UserError ? browser.message : undefined;
  const program = pdf === undefined || missing ? '' : await printingProgram(built);
  return {
    warnings: [
      ...(missing && pdf !== undefined ? [`--pdf: ${missing} Everything else is run and written.`] : []),
      ...(missing && docx !== undefined ? [`--docx: ${missing} Until then its figures are told in words.`] : []),
    ],
    async pdf({ title, page }) {
      if (browser instanceof UserError) throw browser;
      return printPage(browser ?? '', { html: page(), program, title, sheet });
    },
    async docx({ title, executed }) {
      const { notebookFile } = await import('../paper/notebookFile.ts');
      const figures =
        browser instanceof UserError || browser === undefined ? new Map() : await pictures(browser, executed, sheet);
      return notebookFile({ title, sheet, notebook: executed, pictures: figures });
    },
  };
}

/** Every figure of the notebook as broad as the text, in print quality. */
async function pictures(browser: string, notebook: Notebook, sheet: Sheet): Promise<ReadonlyMap<FigureView, Picture>> {
  const views = figuresIn(notebook);
  const widthMm = textWidthMm(sheet, false);
  const wanted = views.map((view) => ({ view, widthMm, dpi: FIGURE_DPI, description: view.description }));
  const drawn = wanted.length ? await drawFigures(browser, wanted) : [];
  return new Map(drawn.map(({ bytes, heightMm }, n) => [views[n]!, { png: bytes, widthMm, heightMm }]));
}

function figuresIn({ cells }: Notebook): FigureView[] {
  return cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ view }) => (view?.type === 'figure' ? [view] : [])));
}

function foundBrowser(named: string | undefined): string | UserError {
  try {
    return findBrowser(named);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function sheetOf(written = 'a4'): Sheet {
  const sheet = SHEET_NAMES.find((name) => name === written.toLowerCase());
  if (sheet) return sheet;
  throw new UsageError(`--paper expects ${SHEET_NAMES.join(' or ')}, not "${written}".`);
}

async function printingProgram(built: URL): Promise<string> {
  const file = new URL(PRINTING_PROGRAM, built);
  if (existsSync(file)) return readFile(file, 'utf8');
  throw new UserError('not-built', `--pdf needs ${fileURLToPath(file)}, which \`npm run build\` makes.`);
}
