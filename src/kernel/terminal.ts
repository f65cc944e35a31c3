/** The only way out to a terminal or a log: nothing that these would obey passes, whoever wrote it. */
import { visibleText } from '../protocol/words/visibleText.ts';
import { reasonOf, systemCodeOf } from './base/plainErrors.ts';

let isLost = false;

/** True where results could not be printed, as on a full disk. Who stops reading them, as `head` does, has had enough. */
export function isOutputLost(): boolean {
  return isLost;
}

// A run is not its terminal: cells go on, and files are written, when nobody is left to be told.
process.stdout.on('error', (error) => {
  if (isLost || systemCodeOf(error) === 'EPIPE') return;
  isLost = true;
  report(`The results cannot be printed: ${reasonOf(error)}.`);
});
process.stderr.on('error', () => {});

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

/** A bar that redraws itself on a terminal, plain lines elsewhere: at most one for each tenth of a step. */
export function progressLine() {
  const terminal = process.stderr.isTTY;
  let lastLine = '';
  return {
    show(message: string, fraction: number) {
      if (terminal) {
        const filled = Math.round(fraction * 24);
        redraw(
          `${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(fraction * 100).toFixed(0).padStart(3)} %  ${message}`,
        );
        return;
      }
      const line = `${(Math.floor(fraction * 10) * 10).toString().padStart(3)} %  ${message.replace(/[:,]? (slice |part )?\d+ of \d+( files)?$/, '')}`;
      if (line !== lastLine) report(line);
      lastLine = line;
    },
    clear() {
      if (terminal) redraw('');
    },
  };
}
