/** Cuts a length into overlapping tiles and says how much each tile counts where it overlaps its neighbours. */
import { evenStarts, gaussianWeights } from './gaussianTiles.ts';

export interface Tile {
  readonly start: number;
  readonly length: number;
  /** Weight of each of the tile's positions: 1 in the middle, falling linearly over an overlap; or a bell over the tile. */
  readonly weights: Float32Array;
}

/** What of a manifest's input says how tiles lie and count. */
export interface Tiling {
  readonly overlap: number;
  readonly multipleOf: number;
  readonly tileWeights: 'linear' | 'gaussian';
}

/** Tiles that cover 0…length−1; one padded to `multipleOf` where the whole fits into a patch. */
export function planTiles(length: number, patch: number, { overlap, multipleOf, tileWeights }: Tiling): Tile[] {
  if (tileWeights === 'gaussian' && length > patch) {
    const weights = gaussianWeights([patch]);
    return evenStarts(length, patch, overlap).map((start) => ({ start, length: patch, weights }));
  }
  if (length <= patch) {
    const padded = Math.ceil(length / multipleOf) * multipleOf;
    return [{ start: 0, length: padded, weights: new Float32Array(padded).fill(1) }];
  }
  const step = Math.max(1, Math.floor(patch * (1 - overlap)));
  const count = Math.ceil((length - patch) / step) + 1;
  const starts = Array.from({ length: count }, (_, n) => Math.round((n * (length - patch)) / (count - 1)));
  return starts.map((start, n) => {
    const weights = new Float32Array(patch).fill(1);
    const before = n > 0 ? starts[n - 1]! + patch - start : 0;
    const after = n < count - 1 ? start + patch - starts[n + 1]! : 0;
    for (let i = 0; i < before; i++) weights[i]! *= (i + 1) / (before + 1);
    for (let i = 0; i < after; i++) weights[patch - 1 - i]! *= (i + 1) / (after + 1);
    return { start, length: patch, weights };
  });
}
