/** Entries of tar files (POSIX.1 pax and ustar, GNU, and old ones), one after another: a tar file has no table of contents. */
import { once } from 'node:events';
import { Parser, type ReadEntry } from 'tar';
import { isHiddenName } from './listFiles.ts';

const BLOCK_BYTES = 512;
/** Where a header keeps the sum of its own bytes, in octal. */
const CHECKSUM = { from: 148, to: 156 } as const;
const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

/** True for the first bytes of a tar file: those of a header that adds up, whichever program wrote it. */
export function isTar(start: Buffer): boolean {
  if (start.length < BLOCK_BYTES || start[0] === 0) return false;
  const written = Number.parseInt(start.toString('latin1', CHECKSUM.from, CHECKSUM.to).replace(/[\0 ]/g, ''), 8);
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) sum += at >= CHECKSUM.from && at < CHECKSUM.to ? 0x20 : start[at]!;
  return sum === written;
}

export interface TarEntry {
  /** With slashes; never a path on this computer. */
  readonly name: string;
  readonly bytes: AsyncIterable<Buffer>;
  /** How many there have to be. */
  readonly size: number;
}

/** The file is damaged, or ends before its last entry does. */
export class TarDamage extends Error {}

/** Each entry is to be read before the next is asked for; what is left of it is passed over. Throws a TarDamage after the entries that could be read. */
export async function* tarEntries(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const waiting: ReadEntry[] = [];
  let wake = () => {};
  let isOver = false;
  let failure: unknown;
  const parser = new Parser({
    onReadEntry(entry) {
      waiting.push(entry);
      wake();
    },
  });
  parser.on('warn', (code: string) => {
    if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ABORT') failure ??= new TarDamage();
  });
  const end = () => {
    isOver = true;
    wake();
  };
  parser.on('end', end);
  parser.on('abort', end);
  const pump = async () => {
    for await (const chunk of chunks) {
      if (isOver) return;
      if (!parser.write(chunk)) await once(parser, 'drain');
    }
    parser.end();
  };
  void pump().catch((error: unknown) => {
    failure ??= error;
    // Ends the entry that is being read, which would wait for its bytes for ever.
    parser.end();
  });
  let current: ReadEntry | undefined;
  try {
    for (;;) {
      current = waiting.shift();
      if (current) {
        const name = current.path.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
        const isFile = FILE_TYPES.includes(current.type) && !name.split('/').some(isHiddenName);
        // SAFETY: without an encoding, which nobody sets, an entry gives Buffers.
        if (isFile) yield { name, bytes: current as AsyncIterable<Buffer>, size: current.size };
        current.resume();
      } else if (isOver) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    if (failure) throw failure;
  } finally {
    isOver = true;
    for (const entry of [current, ...waiting]) entry?.resume();
  }
}
