/** DICOMDIR, the list of the files of a disc (PS3.10 section 8, PS3.3 annex F): used to say which of them are missing. */
import { relative, sep } from 'node:path';
import dcmjs from 'dcmjs';
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { rememberNames } from '../../base/fileNames.ts';
import { interruptible } from '../../base/interruptible.ts';
import { warning } from '../../base/remarks.ts';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

/** The class of a DICOMDIR, Media Storage Directory Storage, and no longer UID that begins with it. */
const MEDIA_STORAGE_DIRECTORY = /1\.2\.840\.10008\.1\.3\.10(?![0-9.])/;
/** Preamble and file meta information lie within this. */
const META_BYTES = 1024;

/** True for the first bytes of a DICOMDIR, whatever it is called. */
export function isDicomDirectory(start: Buffer): boolean {
  return MEDIA_STORAGE_DIRECTORY.test(start.toString('latin1', 0, META_BYTES));
}

/**
 * The files that a DICOMDIR's bytes list, as paths from its folder, in lower case: discs and copies of them differ in it.
 * A hospital's export of 100 000 images takes many seconds, and an interrupt ends it.
 */
export function filesInDicomdir(bytes: Buffer): string[] {
  const records = interruptible(() => {
    const { dict } = DicomMessage.readFile(new Uint8Array(bytes).buffer);
    return DicomMetaDictionary.naturalizeDataset(dict).DirectoryRecordSequence;
  });
  return (Array.isArray(records) ? records : [records]).flatMap(
    (record: { ReferencedFileID?: unknown } | undefined) => {
      const parts = record?.ReferencedFileID;
      if (parts === undefined || parts === null) return [];
      return [(Array.isArray(parts) ? parts : String(parts).split('\\')).join('/').toLowerCase()];
    },
  );
}

/** A file's path from a folder as {@link filesInDicomdir} writes it. */
export function asListed(folder: string, file: string): string {
  return relative(folder, file).split(sep).join('/').toLowerCase();
}

/** What is missing of a disc. `there` holds the paths of all files from the folder of the DICOMDIR, as listed. */
export function missingFiles(listed: readonly string[], there: ReadonlySet<string>): Remark[] {
  const missing = listed.filter((file) => !there.has(file));
  if (missing.length === 0) return [];
  const words = `${missing.length} of the ${counted(listed.length, 'file')} that the DICOMDIR lists`;
  rememberNames(words, missing);
  return [
    warning(
      'missing-files',
      `${words} ${missing.length === 1 ? 'is' : 'are'} missing. Copy the disc again if a series is incomplete.`,
    ),
  ];
}
