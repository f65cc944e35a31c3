/** Archives that are told, and not read: no kept library reads them without unpacking the whole. */

const SIGNATURES: readonly (readonly [name: string, hex: string])[] = [
  ['7z', '377abcaf271c'],
  ['rar', '526172211a07'],
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a68'],
  ['zstd', '28b52ffd'],
  ['lzip', '4c5a4950'],
  ['cab', '4d534346'],
];

/** What the first bytes of a file, or its name where these tell nothing, say; undefined for all else. */
export function otherArchive(start: Buffer, name: string): string | undefined {
  const known = SIGNATURES.find(([, hex]) => start.subarray(0, hex.length / 2).equals(Buffer.from(hex, 'hex')));
  // The signature of a disc's image lies behind the bytes that are looked at.
  return known?.[0] ?? (/\.iso$/i.test(name) ? 'iso' : undefined);
}
