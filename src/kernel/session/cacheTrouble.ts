/** What can be wrong with the cache's folder or its disk, in words for users; none of it costs a measurement. */
import { getSystemErrorName } from 'node:util';
import { systemErrorOf } from '../../files/systemError.ts';
import type { Remark } from '../../protocol/remark.ts';
import { warning } from '../base/remarks.ts';
import { ForeignFolder } from './cacheFolder.ts';

/** A folder, pipe or link lies where the cache has a file. */
export class NotRegular extends Error {}

const CHOOSE_ANOTHER =
  'choose another folder for the cache (setting lungnb.cacheFolder, or --cache on the command line)';

/**
 * The system's name of an error, such as ENOSPC; undefined where it is none of the file system and so a bug. cacache
 * gives every error of moving a file the code EEXIST, but leaves the number.
 */
export function cacheErrorCode(error: unknown): string | undefined {
  if (error instanceof ForeignFolder) return 'EPERM';
  if (error instanceof NotRegular) return 'EISDIR';
  const { errno, code } = systemErrorOf(error);
  if (errno !== undefined) return errno < 0 ? getSystemErrorName(errno) : code;
  // What cacache itself finds missing has a code alone.
  return code === 'ENOENT' ? code : undefined;
}

/** Of an entry that could not be written. */
export function notKept(error: unknown): Remark {
  return warning(
    'not-cached',
    `The results are complete, but could not be kept in the cache: ${reason(error)}. What was measured or looked through is so again in the next session. ${remedy(error)}`,
  );
}

/** Of an entry that could not be read, removed or counted. */
export function passedOver(error: unknown): Remark {
  return warning(
    'cache-passed-over',
    `An entry of the cache was passed over: ${reason(error)}. The results are complete. ${remedy(error)}`,
  );
}

function reason(error: unknown): string {
  if (error instanceof ForeignFolder) return 'its folder, or the link that leads to it, belongs to another user';
  const cause = cacheErrorCode(error);
  switch (cause) {
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return `in its folder, something else lies where a file or a folder of the cache belongs (${cause})`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `its disk is full (${cause})`;
    case 'EROFS':
      return `its disk is read only (${cause})`;
    case 'EACCES':
    case 'EPERM':
      return `its folder may not be read or written (${cause})`;
    default:
      return `the system says ${cause}`;
  }
}

function remedy(error: unknown): string {
  switch (cacheErrorCode(error)) {
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return `Clear the cache (LungNB: Clear Cache, or remove its folder measured-cts), or ${CHOOSE_ANOTHER}.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `Make room there, or ${CHOOSE_ANOTHER}.`;
    default:
      return `To have them kept, ${CHOOSE_ANOTHER}.`;
  }
}
