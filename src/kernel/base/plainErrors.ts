/** What an error of Node or of a library says, in words that name no file: their texts hold whole paths, and pieces of what was read. */

import { ownValue } from './plainKeys.ts';
import { SYSTEM_ERRORS } from './systemErrors.ts';

/** A reason for the middle of a sentence. */
export function reasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  if (code !== undefined) return ownValue(SYSTEM_ERRORS, code)?.reason ?? `the system says ${code}`;
  const message = error instanceof Error ? error.message : String(error);
  return isOfJson(error, message) ? jsonReason(message) : inSentence(withoutPaths(message));
}

/** `ENOENT` and the like; undefined for all that is no error of the operating system. */
export function systemCodeOf(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === 'string' && syscall !== undefined ? code : undefined;
}

/** Libraries end their sentences, and some say nothing. */
function inSentence(text: string): string {
  return text.replace(/(?<!\.)\.$/, '') || 'it is damaged';
}

/** V8 quotes the text around the place where JSON ends to be JSON. */
function isOfJson(error: unknown, message: string): boolean {
  return error instanceof SyntaxError && /JSON/.test(message);
}

function jsonReason(message: string): string {
  if (/end of JSON input/.test(message)) return 'it ends too early';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  return line === undefined ? 'it is no JSON' : `it is no JSON from line ${line}, column ${column} on`;
}

const ABSOLUTE = String.raw`(?:~?\/(?=[^\s\/])|(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\(?=\w)|file:\/\/)`;
const QUOTED_PATH = new RegExp(String.raw`(['"\`])${ABSOLUTE}[^'"\`\n]*\1`, 'g');
/** A path may have spaces: whatever follows in the line may belong to it. */
const BARE_PATH = new RegExp(String.raw`(?<![\w.<>\/)])${ABSOLUTE}.*$`, 'gm');

/** Absolute paths taken out. They may say who a patient is, and whose computer it is. */
function withoutPaths(text: string): string {
  return text.replace(QUOTED_PATH, 'a file').replace(BARE_PATH, '…').trim();
}

/** What kind of error a bug is, without its text, which may hold anything. */
export function kindOfBug(error: unknown): string {
  const code = systemCodeOf(error);
  if (code !== undefined) return code;
  return error instanceof Error && /^\w{1,40}$/.test(error.name) ? error.name : 'no Error';
}

const FRAME =
  /^\s*at (?:(?<name>[\w.$<>[\] #]+) \((?:.*[\\/])?(?<file>[\w.-]+\.[cm]?[jt]sx?):(?<place>\d+:\d+)\)|(?:.*[\\/])?(?<bare>[\w.-]+\.[cm]?[jt]sx?):(?<barePlace>\d+:\d+))$/;

/** The functions that led to an error, with the names of their source files but not of the folders that these lie in. */
export function framesOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines
    .flatMap((line) => {
      const { name, file, place, bare, barePlace } = FRAME.exec(line)?.groups ?? {};
      if (file !== undefined) return [`at ${name} (${file}:${place})`];
      return bare === undefined ? [] : [`at ${bare}:${barePlace}`];
    })
    .join('\n');
}
