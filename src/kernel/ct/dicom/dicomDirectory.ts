/** DICOMDIR, the list of the files of a disc (PS3.10 section 8, PS3.3 annex F): used to say which of them are missing. */
import { dirname, relative, sep } from 'node:path';
import dcmjs from 'dcmjs';
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { rememberNames } from '../../base/fileNames.ts';
import { interruptible } from '../../base/interruptible.ts';
import { info, warning } from '../../base/remarks.ts';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

/** The class of a DICOMDIR, Media Storage Directory Storage, and no longer UID that begins with it. */
const MEDIA_STORAGE_DIRECTORY = /1\.2\.840\.10008\.1\.3\.10(?![0-9.])/;
/** Preamble and file meta information lie within this. */
const META_BYTES = 1024;

/** True for the first bytes of a DICOMDIR, whatever it is called. */
export function isDicomDirectory(start: Buffer): boolean {
  return MEDIA_STORAGE_DIRECTORY.test(start.toString('latin1', 0, META_BYTES));
}

/** A file as a record names it. */
export interface ListedFile {
  /** Parts of its path from the disc's own folder, as written. */
  readonly parts: readonly string[];
  /** Of the image or document in it. */
  readonly sopInstanceUid: string | undefined;
}

/**
 * The files that a DICOMDIR's bytes list. A hospital's export of 100 000 images takes many seconds, and an interrupt ends
 * it. Throws an Error where the bytes are cut short or damaged.
 */
export function filesInDicomdir(bytes: Buffer): ListedFile[] {
  const records: unknown = interruptible(() => {
    const { dict } = DicomMessage.readFile(withoutCharacterSets(bytes));
    return DicomMetaDictionary.naturalizeDataset(dict).DirectoryRecordSequence;
  });
  return [records].flat().flatMap((record) => {
    // SAFETY: what dcmjs gives of a record is an object, or nothing; its fields are looked at as unknown.
    const { ReferencedFileID: id, ReferencedSOPInstanceUIDInFile: uid } = (record ?? {}) as Record<string, unknown>;
    const parts = (Array.isArray(id) ? id : String(id ?? '').split('\\')).map(String).filter(Boolean);
    return parts.length ? [{ parts, sopInstanceUid: uid === undefined ? undefined : String(uid) }] : [];
  });
}

/** SpecificCharacterSet as a DICOMDIR has it, which is always explicit and little endian (PS3.10 section 8.6). */
const CHARACTER_SET = Buffer.from([0x08, 0x00, 0x05, 0x00, 0x43, 0x53]);

/** A copy that names no character sets: dcmjs reads no more than one, and paths and UIDs are in ASCII, whatever names are in. */
function withoutCharacterSets(bytes: Buffer): ArrayBuffer {
  const copy = Buffer.from(new Uint8Array(bytes).buffer);
  for (let at = copy.indexOf(CHARACTER_SET); at !== -1; at = copy.indexOf(CHARACTER_SET, at + 8))
    if (at + 8 <= copy.length) copy.fill(' ', at + 8, Math.min(copy.length, at + 8 + copy.readUInt16LE(at + 6)));
  return copy.buffer;
}

/** Discs and copies of them differ in case, in the version that a disc's own system appends, and in endings that copying adds. */
function comparable(path: string): string {
  return path
    .toLowerCase()
    .replace(/;\d+$/, '')
    .replace(/\.(dcm|ima)?$/, '');
}

/** Which of the listed files lie at their places below a folder; `files` are paths of this computer. */
export function listedBelow(
  folder: string,
  listed: readonly ListedFile[],
  files: readonly string[],
): { readonly used: readonly string[]; readonly missing: readonly ListedFile[] } {
  const wanted = new Set(listed.map(({ parts }) => comparable(parts.join('/'))));
  const found = new Map(files.map((file) => [comparable(relative(folder, file).split(sep).join('/')), file]));
  return {
    used: [...found].flatMap(([path, file]) => (wanted.has(path) ? [file] : [])),
    missing: listed.filter(({ parts }) => !found.has(comparable(parts.join('/')))),
  };
}

/** What was found beside a DICOMDIR. */
export interface BesideDirectory {
  /** The folder or file that was loaded: nothing above it is looked at. */
  readonly root: string;
  readonly files: readonly string[];
  /** Of all DICOM files. */
  readonly sopInstanceUids: ReadonlySet<string | undefined>;
}

/**
 * What is missing of a disc: files that lie neither at their places, from the folder of the DICOMDIR or one above it, nor
 * anywhere else by their UIDs.
 */
export function missingFiles(
  directory: string,
  listed: readonly ListedFile[],
  { root, files, sopInstanceUids }: BesideDirectory,
): Remark[] {
  let missing = listed.filter(
    ({ sopInstanceUid }) => sopInstanceUid === undefined || !sopInstanceUids.has(sopInstanceUid),
  );
  for (let folder = dirname(directory); missing.length > 0; folder = dirname(folder)) {
    missing = [...listedBelow(folder, missing, files).missing];
    if (folder.length <= root.length || folder === dirname(folder)) break;
  }
  if (missing.length === 0) return [];
  const words = `${missing.length} of the ${counted(listed.length, 'file')} that the DICOMDIR lists`;
  rememberNames(
    words,
    missing.map(({ parts }) => parts.join('/')),
  );
  if (missing.length === listed.length && sopInstanceUids.size > 0)
    return [
      info(
        'missing-files',
        'A DICOMDIR lists none of the files that are here; it belongs to another copy of the disc, and is passed over.',
      ),
    ];
  return [
    warning(
      'missing-files',
      `${words} ${missing.length === 1 ? 'is' : 'are'} missing. Copy the disc again if a series is incomplete.`,
    ),
  ];
}
