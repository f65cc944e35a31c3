/**
 * Texts that a spreadsheet would take for a formula, and how they are written so that it does not (OWASP, "CSV Injection"):
 * with an apostrophe before them, which `load` takes away again.
 */

/**
 * Signs that begin a formula, also in their wide forms, and characters before which spreadsheets look on; the byte order
 * mark too, which is lost at the beginning of a file. Apostrophes before one are part of it: every text has one form in
 * the file, and every form in the file is one text.
 */
const BEGINS_FORMULA = /^'*[=+\-@\t\r\n\uFEFF\uFF1D\uFF0B\uFF0D\uFF20]/;

/** The text as it is written into csv and tsv. */
export function escapedText(text: string): string {
  return BEGINS_FORMULA.test(text) ? `'${text}` : text;
}

/** The text that {@link escapedText} wrote. */
export function unescapedText(written: string): string {
  return written.startsWith("'") && BEGINS_FORMULA.test(written) ? written.slice(1) : written;
}
