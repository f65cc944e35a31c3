/** Voxels packed with gzip, the same bytes whenever and wherever they are packed. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const packGzip = promisify(gzip);
/** Byte 9 of the header names the system, which is nobody's business (RFC 1952). */
const SYSTEM_AT = 9;
const UNKNOWN_SYSTEM = 255;

export async function packed(bytes: Uint8Array): Promise<Buffer> {
  const result = await packGzip(bytes);
  result[SYSTEM_AT] = UNKNOWN_SYSTEM;
  return result;
}
