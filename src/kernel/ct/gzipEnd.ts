/** Whether packed voxels are all there, asked of a file's last bytes: gzip ends with the size of what it packed (RFC 1952, ISIZE). */
import type { Source } from './cohort.ts';
import type { SourceReader } from './sources.ts';
import { VOXEL_BYTES, type VoxelLayout } from './voxelStream.ts';

const GZIP_START = 0x1f8b;
/** ISIZE counts modulo this. */
const SIZES = 2 ** 32;

/**
 * False where the last bytes of one of the `parts` are not those of gzip around its share of `count` voxels: it is cut
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
    if (before === 'end' || !(await isGzip(part, layout, reader))) continue;
    const end = await reader.end(part, 4);
    if (end && (end.length < 4 || end.readUInt32LE() !== (before + bytes) % SIZES)) return false;
  }
  return true;
}

async function isGzip(part: Source, layout: VoxelLayout, reader: SourceReader): Promise<boolean> {
  if (part.form === 'gzip') return true;
  if (layout.encoding !== 'packed' || layout.skippedBytes === 'end') return false;
  const start = await reader.read(part, layout.skippedBytes + 2);
  return start.length === layout.skippedBytes + 2 && start.readUInt16BE(layout.skippedBytes) === GZIP_START;
}
