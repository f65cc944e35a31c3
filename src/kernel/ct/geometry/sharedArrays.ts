/** Large arrays in memory that threads share: what one of them writes, the others read, and nothing is copied. */

export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

export function isShared({ buffer }: { readonly buffer: ArrayBufferLike }): boolean {
  return buffer instanceof SharedArrayBuffer;
}

/** The same numbers in shared memory: the same array where it lies there. */
export function inSharedFloats(values: Float32Array): Float32Array {
  if (isShared(values)) return values;
  const shared = sharedFloats(values.length);
  shared.set(values);
  return shared;
}

/** The same of Hounsfield units. */
export function inSharedHu(values: Int16Array): Int16Array {
  if (isShared(values)) return values;
  const shared = new Int16Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
