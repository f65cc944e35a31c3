/**
 * The distance of every voxel to the nearest marked one, exact: squared distances row by row, then the lower envelope of
 * parabolas along each further axis (P. F. Felzenszwalb, D. P. Huttenlocher, Theory of Computing 8, 2012).
 */

type Triple = readonly [number, number, number];

/**
 * Squared distances in mm² between voxel centres, in z, y, x order; infinite everywhere where nothing is marked. In
 * `Float32Array`, which halves the memory of a large grid, they are right to a ten-millionth.
 */
export function squaredDistances(marked: Uint8Array, size: Triple, spacing: Triple): Float64Array<ArrayBuffer>;
export function squaredDistances(
  marked: Uint8Array,
  size: Triple,
  spacing: Triple,
  kind: typeof Float32Array,
): Float32Array<ArrayBuffer>;
export function squaredDistances(
  marked: Uint8Array,
  size: Triple,
  spacing: Triple,
  kind: typeof Float32Array | typeof Float64Array = Float64Array,
): Float32Array | Float64Array {
  const [nx, ny, nz] = size;
  const distances = new kind(marked.length);
  for (let v = 0; v < marked.length; v++) distances[v] = marked[v] ? 0 : Infinity;
  const longest = Math.max(nx, ny, nz);
  const line = new Line(longest);
  for (let row = 0; row < ny * nz; row++) line.transform(distances, row * nx, 1, nx, spacing[0]);
  for (let k = 0; k < nz; k++)
    for (let i = 0; i < nx; i++) line.transform(distances, k * nx * ny + i, nx, ny, spacing[1]);
  for (let p = 0; p < nx * ny; p++) line.transform(distances, p, nx * ny, nz, spacing[2]);
  return distances;
}

/** One line of voxels at a time, in memory that is used again. */
class Line {
  readonly #values: Float64Array;
  /** The places of the parabolas of the envelope, and from where on each is the lowest. */
  readonly #places: Int32Array;
  readonly #from: Float64Array;

  constructor(longest: number) {
    this.#values = new Float64Array(longest);
    this.#places = new Int32Array(longest);
    this.#from = new Float64Array(longest + 1);
  }

  // biome-ignore lint/complexity/useMaxParams: called for every line of a volume, where an object each would cost more than the work
  transform(data: Float32Array | Float64Array, start: number, stride: number, count: number, step: number): void {
    const [values, places, from] = [this.#values, this.#places, this.#from];
    let last = -1;
    for (let n = 0, at = start; n < count; n++, at += stride) {
      const value = data[at]!;
      values[n] = value;
      if (value === Infinity) continue;
      let begin = -Infinity;
      while (last >= 0) {
        const other = places[last]!;
        // Where the parabola of this voxel falls below that of the other.
        begin = (value - values[other]! + (n * n - other * other) * step * step) / (2 * (n - other) * step * step);
        if (begin > from[last]!) break;
        last--;
      }
      last++;
      places[last] = n;
      from[last] = last === 0 ? -Infinity : begin;
    }
    if (last < 0) return;
    for (let n = 0, at = start, p = 0; n < count; n++, at += stride) {
      while (p < last && from[p + 1]! < n) p++;
      const away = (n - places[p]!) * step;
      data[at] = values[places[p]!]! + away * away;
    }
  }
}
