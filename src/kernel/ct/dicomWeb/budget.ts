/** Counts what a `load` has fetched, and looks at the disk that it goes to. */
import { statfs } from 'node:fs/promises';
import { UserError } from '../../base/userError.ts';
import { bytesInWords, type WebLimits } from './limits.ts';

/** The disk is asked anew after this many bytes. */
const ASKED_AFTER_BYTES = 32 * 1024 ** 2;

export interface Budget {
  /** Counts bytes of a study before they are written into `folder`. Throws a UserError where they are too many. */
  take(study: string, bytes: number, folder: string): Promise<void>;
  /** Of an answer that was thrown away. */
  giveBack(study: string, bytes: number): void;
}

export function createBudget(host: string, limits: WebLimits): Budget {
  const studies = new Map<string, number>();
  let total = 0;
  let unasked = Number.POSITIVE_INFINITY;
  const add = (study: string, bytes: number) => {
    const ofStudy = (studies.get(study) ?? 0) + bytes;
    studies.set(study, ofStudy);
    total += bytes;
    return ofStudy;
  };
  return {
    async take(study, bytes, folder) {
      const ofStudy = add(study, bytes);
      if (ofStudy > limits.studyBytes)
        throw tooLarge(host, `more than ${bytesInWords(limits.studyBytes)} for one study`);
      if (total > limits.loadBytes)
        throw tooLarge(host, `more than ${bytesInWords(limits.loadBytes)} for one \`load\``);
      unasked += bytes;
      if (unasked < ASKED_AFTER_BYTES) return;
      unasked = 0;
      const { bavail, blocks, bsize } = await statfs(folder);
      if (bavail * bsize < Math.min(limits.freeBytes, limits.freeShare * blocks * bsize)) throw diskFull(host);
    },
    giveBack: (study, bytes) => void add(study, -bytes),
  };
}

export function tooLarge(host: string, what: string): UserError {
  return new UserError(
    'web-too-large',
    `${host} sends ${what}, more than LungNB takes. Load fewer studies or a single series by address; if they are really as large, save them to a folder and load that.`,
  );
}

export function diskFull(host: string): UserError {
  return new UserError(
    'disk-full',
    `The disk that holds temporary files is nearly full, and what ${host} sends would not fit. Make room, set TMPDIR (TEMP on Windows) to a folder on another disk and start again, or load fewer studies.`,
  );
}
