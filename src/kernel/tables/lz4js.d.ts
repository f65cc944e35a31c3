/** lz4js has no types of its own; these are the parts that are used. */
declare module 'lz4js' {
  const lz4: {
    compress(bytes: Uint8Array, maximumLength?: number): Uint8Array;
    decompress(bytes: Uint8Array, maximumLength?: number): Uint8Array;
  };
  export default lz4;
}
