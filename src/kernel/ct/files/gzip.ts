/** Gzip by its first and last bytes (RFC 1952). */
import type { Source } from '../cohort/cohort.ts';
import { VOXEL_BYTES, type VoxelLayout } from '../formats/voxelStream.ts';
import type { SourceReader } from './sources.ts';

/** ISIZE, the last four bytes, counts what was packed modulo this. */
const SIZES = 2 ** 32;

export function isGzip(start: Buffer): boolean {
  return start.length >= 3 && start[0] === 0x1f && start[1] === 0x8b && start[2] === 8;
}

/**
 * Whether packed voxels are all there, asked of their last bytes alone. False where the last bytes of one of the `parts` are not those of gzip around its share of `count` voxels: it is cut
 * short, or made of several packed parts, or has bytes behind the voxels. True where nothing is packed by gzip.
 */
export async function endsAsPromised(
  count: number,
  layout: VoxelLayout,
  parts: readonly Source[],
  reader: SourceReader,
): Promise<boolean> {
  const bytes = (count / parts.length) * VOXEL_BYTES[layout.type];
  for (const part of parts) {
    const before = layout.encoding === 'packed' ? layout.skippedUnpackedBytes : layout.skippedBytes;
    if (before === 'end' || !(await isPackedByGzip(part, layout, reader))) continue;
    const end = await reader.end(part, 4);
    if (end && (end.length < 4 || end.readUInt32LE() !== (before + bytes) % SIZES)) return false;
  }
  return true;
}

async function isPackedByGzip(part: Source, layout: VoxelLayout, reader: SourceReader): Promise<boolean> {
  if (part.form === 'gzip') return true;
  if (layout.encoding !== 'packed' || layout.skippedBytes === 'end') return false;
  return isGzip((await reader.read(part, layout.skippedBytes + 3)).subarray(layout.skippedBytes));
}
