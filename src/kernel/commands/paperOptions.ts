/** `--pdf`, `--docx`, `--paper` and `--browser` of `lungnb run`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Notebook } from '../../protocol/notebook.ts';
import { UserError } from '../base/userError.ts';
import { findBrowser } from '../browser/findBrowser.ts';
import { PRINTING_PROGRAM, printPage, SHEET_NAMES, type Sheet } from '../browser/printPage.ts';
import { UsageError } from './usageError.ts';

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
    docx: () => Promise.reject(new Error('not yet')),
  };
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
