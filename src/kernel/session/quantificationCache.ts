/** Measured CTs on disk: content-addressed, verified on read, written atomically (cacache), compressed with Zstandard. */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import cacache from 'cacache';
import type { Quantification } from '../lungs/quantification.ts';
import type { QuantificationStore } from '../verbs/verb.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Label maps compress well already at the quickest level. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A cache in `folder`, which is made when first written. A damaged entry is treated as absent. */
export function createQuantificationCache(folder: string): QuantificationStore {
  return {
    async get(key) {
      const entry = await cacache.get(folder, key).catch((error: { code?: string }) => {
        if (error.code === 'ENOENT' || error.code === 'EINTEGRITY') return undefined;
        throw error;
      });
      return entry && unpack(await decompress(entry.data));
    },
    async put(key, quantification) {
      await cacache.put(folder, key, await compress(pack(quantification), LEVEL));
    },
  };
}

/** Length of the JSON part, the JSON part without its arrays, then the three arrays. */
function pack({ lobes, textures, probabilities, ...rest }: Quantification): Buffer {
  const head = {
    ...rest,
    grid: { size: lobes.size, affine: lobes.affine },
    probabilityGrid: { size: probabilities.size, affine: probabilities.affine },
    lengths: [lobes.labels.length, textures.labels.length, probabilities.bytes.length],
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, lobes.labels, textures.labels, probabilities.bytes]);
}

function unpack(packed: Buffer): Quantification {
  const jsonEnd = 4 + packed.readUInt32LE();
  const { grid, probabilityGrid, lengths, ...rest } = JSON.parse(packed.toString('utf8', 4, jsonEnd));
  let start = jsonEnd;
  const [lobes, textures, bytes] = (lengths as number[]).map((length) => {
    const array = new Uint8Array(packed.buffer, packed.byteOffset + start, length);
    start += length;
    return array;
  }) as [Uint8Array, Uint8Array, Uint8Array];
  return {
    ...rest,
    lobes: { ...grid, labels: lobes },
    textures: { ...grid, labels: textures },
    probabilities: { ...probabilityGrid, bytes },
  };
}
