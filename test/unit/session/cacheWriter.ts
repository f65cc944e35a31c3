/** Writes entries into a cache without end, until it is killed: `node cacheWriter.ts FOLDER SEED`. */
import { createMeasurementCache } from '../../../src/kernel/session/measurementCache.ts';

const [folder, seed] = process.argv.slice(2);
const cache = createMeasurementCache(folder!, { limitBytes: 1e9 });
const grid = { size: [60, 60, 60] as const, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
process.send?.('ready');
for (let n = 0; ; n++) {
  const labels = Uint8Array.from({ length: 60 ** 3 }, (_, v) => (v * ((n % 250) + Number(seed))) % 251);
  const maps = { lobes: { ...grid, labels }, textures: { ...grid, labels }, probabilities: { ...grid, bytes: labels } };
  await cache.putMaps(`key-${n % 5}`, maps);
}
