/** What the system, and Node for it, says of files that cannot be read or written, in plain words. They name no file, since its name may be a person's. */

interface PlainWords {
  /** A reason for the middle of a sentence, of a file that was named before. */
  readonly reason: string;
  /** Sentences of their own: what is wrong, and what to do. */
  readonly told: string;
}

/** By their codes (errno, and Node's own). */
export const SYSTEM_ERRORS: Readonly<Record<string, PlainWords>> = {
  ENOSPC: {
    reason: 'the disk is full',
    told: 'The disk is full. Free some space, and run this again; what was measured before is kept.',
  },
  EDQUOT: {
    reason: 'your share of the disk is full',
    told: 'Your share of the disk is used up. Free some space, and run this again.',
  },
  EACCES: {
    reason: 'you may not open it',
    told: 'A file or folder may not be opened. Ask for the right to it, or copy it to a place of your own.',
  },
  EPERM: {
    reason: 'you may not open it',
    told: 'The system forbids this with a file or folder. Ask for the right to it, or copy it to a place of your own.',
  },
  EROFS: {
    reason: 'nothing can be written on that disk',
    told: 'The disk is read-only. Choose a folder that can be written to.',
  },
  EMFILE: {
    reason: 'too many files are open',
    told: 'Too many files are open at once. Raise the limit (`ulimit -n 4096`), or close other programs.',
  },
  ENFILE: {
    reason: 'too many files are open',
    told: 'Too many files are open on this computer. Close other programs.',
  },
  EIO: {
    reason: 'the disk cannot be read or written there',
    told: 'The disk could not be read or written. It may be damaged, or a network drive was lost: copy the files elsewhere.',
  },
  ENOENT: {
    reason: 'it is not there',
    told: 'A file or folder is no longer there. Was it moved or renamed? Load it again.',
  },
  ENOTDIR: {
    reason: 'a file is where a folder should be',
    told: 'A file lies where a folder is needed. Check the path.',
  },
  EISDIR: {
    reason: 'a folder of that name is there',
    told: 'A folder lies where a file is needed. Check the path.',
  },
  ELOOP: {
    reason: 'its links lead in a circle',
    told: 'Links lead in a circle. Name the file itself.',
  },
  ENAMETOOLONG: {
    reason: 'its name is too long',
    told: 'A name or path is longer than the system allows. Shorten it.',
  },
  EBUSY: {
    reason: 'another program uses it',
    told: 'A file is in use by another program. Close that, and run this again.',
  },
  ETXTBSY: {
    reason: 'another program uses it',
    told: 'A file is in use by another program. Close that, and run this again.',
  },
  ESTALE: {
    reason: 'its network drive was lost',
    told: 'A network drive was lost. Connect it, and load the files again.',
  },
  ETIMEDOUT: {
    reason: 'the disk or network did not answer in time',
    told: 'The disk or network did not answer in time. Try again.',
  },
  ENXIO: {
    reason: 'it is a named pipe, socket or device',
    told: 'A named pipe, socket or device lies where a file is needed. Copy its contents to a file.',
  },
  ERR_FS_FILE_TOO_LARGE: {
    reason: 'it is larger than 2 GB, more than can be read at once',
    told: 'A file is larger than 2 GB, more than can be read at once. Divide it.',
  },
  EEXIST: {
    reason: 'something of that name is there already',
    told: 'Something of the same name is there already. Choose another name.',
  },
  EFBIG: {
    reason: 'it is too large for the disk',
    told: 'A file would be larger than the disk allows. Choose a place on another disk.',
  },
};
