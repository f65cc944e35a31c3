/** Failures of the computer, not of LungNB, in plain words: too little memory or disk, rights, and files that went away. */
import { kindOfBug } from './plainErrors.ts';
import { UserError } from './userError.ts';

/** Codes of the system (errno) and of Node, with what to do. They name no file, since its name may be a person's. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, and run this again; what was measured before is kept.',
  EDQUOT: 'Your share of the disk is used up. Free some space, and run this again.',
  EACCES: 'A file or folder may not be opened. Ask for the right to it, or copy it to a place of your own.',
  EPERM: 'The system forbids this with a file or folder. Ask for the right to it, or copy it to a place of your own.',
  EROFS: 'The disk is read-only. Choose a folder that can be written to.',
  EMFILE: 'Too many files are open at once. Raise the limit (`ulimit -n 4096`), or close other programs.',
  ENFILE: 'Too many files are open on this computer. Close other programs.',
  EIO: 'The disk could not be read or written. It may be damaged, or a network drive was lost: copy the files elsewhere.',
  ENOENT: 'A file or folder is no longer there. Was it moved or renamed? Load it again.',
  ENOTDIR: 'A file lies where a folder is needed. Check the path.',
  EISDIR: 'A folder lies where a file is needed. Check the path.',
  ELOOP: 'Links lead in a circle. Name the file itself.',
  ENAMETOOLONG: 'A name or path is longer than the system allows. Shorten it.',
  EBUSY: 'A file is in use by another program. Close that, and run this again.',
  ETXTBSY: 'A file is in use by another program. Close that, and run this again.',
  ESTALE: 'A network drive was lost. Connect it, and load the files again.',
  ETIMEDOUT: 'The disk or network did not answer in time. Try again.',
  ENXIO: 'A named pipe, socket or device lies where a file is needed. Copy its contents to a file.',
  ERR_FS_FILE_TOO_LARGE: 'A file is larger than 2 GB, more than can be read at once. Divide it.',
};
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
  const said = Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined;
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
