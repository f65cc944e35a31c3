/** Label maps and probabilities of a measured CT as one run of bytes, for the cache. */
import type { MeasuredMaps } from '../lungs/quantification.ts';

/** In pieces, of which none is a copy: length of the JSON part, the JSON part with the grids, then the three arrays. */
export function packMaps({ lobes, textures, probabilities }: MeasuredMaps): Uint8Array[] {
  const head = {
    grid: { size: lobes.size, affine: lobes.affine },
    probabilityGrid: {
      size: probabilities.size,
      affine: probabilities.affine,
      ...(probabilities.ownClasses && { ownClasses: probabilities.ownClasses }),
    },
    lengths: [lobes.labels.length, textures.labels.length, probabilities.bytes.length],
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return [length, json, lobes.labels, textures.labels, probabilities.bytes];
}

export function unpackMaps(packed: Buffer): MeasuredMaps {
  const jsonEnd = 4 + packed.readUInt32LE();
  const { grid, probabilityGrid, lengths } = JSON.parse(packed.toString('utf8', 4, jsonEnd));
  let start = jsonEnd;
  const next = (length: number) => {
    const array = new Uint8Array(packed.buffer, packed.byteOffset + start, length);
    start += length;
    return array;
  };
  // In the order in which `packMaps` wrote them.
  const lobes = next(lengths[0]);
  const textures = next(lengths[1]);
  const bytes = next(lengths[2]);
  return {
    lobes: { ...grid, labels: lobes },
    textures: { ...grid, labels: textures },
    probabilities: { ...probabilityGrid, bytes },
  };
}
