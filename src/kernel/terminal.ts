/** The only way out to a terminal or a log: nothing that these would obey passes, whoever wrote it. */
import { visibleText } from '../protocol/words/visibleText.ts';

/** Results, on standard output. */
export function print(text: string): void {
  console.log(visibleText(text));
}

/** Problems and progress, on standard error. */
export function report(text: string): void {
  console.error(visibleText(text));
}

/** Redraws the last line of a terminal; empty text clears it. */
export function redraw(text: string): void {
  process.stderr.write(`\r\x1b[2K${visibleText(text).replaceAll('\n', ' ')}`);
}
