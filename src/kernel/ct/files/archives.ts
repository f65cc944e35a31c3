/**
 * What lies in archives. Entries of a zip file are read in place; a tar file has no table of contents, and what is packed
 * within something packed cannot be entered, so these are unpacked to the folder for temporary files first.
 */
import { systemErrorOf } from '../../../files/systemError.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { inNaturalOrder } from '../../base/naturally.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import type { Source } from '../cohort/cohort.ts';
import { fileState } from './fileState.ts';
import { nameOfSource, type SourceReader } from './sources.ts';
import { TarDamage, tarEntries } from './tarFile.ts';
import { createUnpacking } from './unpacking.ts';

export type ArchiveKind = 'zip' | 'tar';

export interface Archive {
  /** Its files, each with the archive's own file as `file`. */
  readonly entries: readonly Source[];
  readonly problems: readonly Remark[];
}

/** Archives that were unpacked before, by their files. */
const unpacked = new Map<string, { readonly state: string; readonly archive: Archive }>();
/** Each holds names and places alone. */
const MAX_UNPACKED = 100;

/** Throws a UserError where the archive cannot be read, or everything in it is protected by a password. */
export async function archiveIn(
  source: Source,
  kind: ArchiveKind,
  reader: SourceReader,
  signal: AbortSignal,
): Promise<Archive> {
  if (kind === 'zip' && source.zipEntry === undefined)
    return zipIn(source, reader, (zipEntry) => ({ file: source.file, zipEntry }));
  const state = source.zipEntry === undefined ? await fileState(source.file) : undefined;
  const known = unpacked.get(source.file);
  if (known && known.state === state) return known.archive;
  const archive = await (kind === 'zip' ? innerZip(source, reader, signal) : tarIn(source, reader, signal));
  if (state !== undefined) {
    unpacked.delete(source.file);
    unpacked.set(source.file, { state, archive });
    for (const oldest of unpacked.keys()) {
      if (unpacked.size <= MAX_UNPACKED) break;
      unpacked.delete(oldest);
    }
  }
  return archive;
}

async function zipIn(zip: Source, reader: SourceReader, entry: (name: string) => Source): Promise<Archive> {
  const { names, locked, otherwisePacked } = await reader.zipEntries(zip);
  const name = nameOfSource(zip);
  if (names.length === 0 && locked > 0)
    throw new UserError(
      'zip-entry-unreadable',
      `${name} is a zip file that is protected by a password (${counted(locked, 'file')}). Unpack it, and load the folder.`,
    );
  const problem = (count: number, why: string) =>
    count === 0
      ? []
      : [
          warning(
            'zip-entry-unreadable',
            `${counted(count, 'file')} of a zip file ${count === 1 ? 'is' : 'are'} ${why}, and not used. Unpack it, and load the folder.`,
          ),
        ];
  return {
    entries: names.map(entry),
    problems: [
      ...problem(locked, 'protected by a password'),
      ...problem(otherwisePacked, 'packed by another method than deflate'),
    ],
  };
}

async function innerZip(source: Source, reader: SourceReader, signal: AbortSignal): Promise<Archive> {
  const { file } = await createUnpacking(nameOfSource(source)).unpack(await reader.stream(source), signal);
  return zipIn({ ...source, unpacked: { file } }, reader, (zipEntry) => ({
    file: source.file,
    zipEntry: `${source.zipEntry}/${zipEntry}`,
    unpacked: { file, zipEntry },
  }));
}

/** What was whole before the damage is used. */
async function tarIn(source: Source, reader: SourceReader, signal: AbortSignal): Promise<Archive> {
  const name = nameOfSource(source);
  const unpacking = createUnpacking(name);
  const entries: Source[] = [];
  let isCut = false;
  try {
    for await (const entry of tarEntries(await reader.stream(source))) {
      const { file, bytes } = await unpacking.unpack(entry.bytes, signal);
      if (bytes < entry.size) isCut = true;
      else
        entries.push({
          file: source.file,
          zipEntry: source.zipEntry === undefined ? entry.name : `${source.zipEntry}/${entry.name}`,
          unpacked: { file },
        });
    }
  } catch (error) {
    if (signal.aborted || !isDamage(error)) {
      await unpacking.abandon();
      throw error;
    }
    isCut = true;
  }
  const problem = `is cut short or damaged: it was copied or downloaded only in part`;
  if (entries.length === 0 && isCut)
    throw new UserError(
      'tar-unreadable',
      `${name} cannot be read as a tar file: it ${problem}. Copy it again, or unpack it and load the folder.`,
    );
  return {
    entries: await inNaturalOrder(entries, ({ zipEntry }) => zipEntry ?? '', signal),
    problems: isCut
      ? [
          warning(
            'tar-unreadable',
            `A tar file ${problem}. Its first ${counted(entries.length, 'file')} ${entries.length === 1 ? 'is' : 'are'} used; copy it again.`,
          ),
        ]
      : [],
  };
}

/** Of the tar file, or of what it is packed with (zlib's own codes). */
function isDamage(error: unknown): boolean {
  return error instanceof TarDamage || systemErrorOf(error).code?.startsWith('Z_') === true;
}
