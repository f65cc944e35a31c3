/** Failures of the computer, not of LungNB, in plain words: too little memory or disk, rights, and files that went away. */
import { kindOfBug } from './plainErrors.ts';
import { ownValue } from './plainKeys.ts';
import { SYSTEM_ERRORS } from './systemErrors.ts';
import { UserError } from './userError.ts';

const MEMORY =
  'There is too little memory. Close other programs, use a computer with more, or measure fewer or smaller CTs at a time.';
const MEMORY_CODES = ['ENOMEM', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_MEMORY_ALLOCATION_FAILED', 'ERR_BUFFER_TOO_LARGE'];
/** How V8, Node and ONNX Runtime say it. */
const MEMORY_WORDS =
  /array buffer allocation failed|invalid (typed array|array buffer|array|string) length|out of memory|bad_?\s?alloc|failed to allocate|cannot create a (string|buffer) (longer|larger)|can't be created because it is larger/i;

/** The error for users; undefined where the cause is none of these. */
export function plainCause(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (MEMORY_CODES.includes(code) || MEMORY_WORDS.test(message)) return new UserError('memory', MEMORY);
  if (error instanceof RangeError && message.startsWith('Maximum call stack'))
    return new UserError('too-deep', 'Something here is nested too deep to be read. Make it flatter.');
  const said = ownValue(SYSTEM_ERRORS, code)?.told;
  return said === undefined ? undefined : new UserError('system', `${said} (${code})`);
}

/** What is shown of anything that was thrown: a plain cause, or else that it is a bug. */
export function userErrorOf(error: unknown): UserError {
  return plainCause(error) ?? new UserError('internal', bugMessage(error));
}

/** What a bug says may hold anything, names and paths among it: that goes to the screen, and into no file. */
export function bugMessage(error: unknown): string {
  return `Something went wrong inside LungNB (${kindOfBug(error)}). This is a bug; please report it with the details below.`;
}
