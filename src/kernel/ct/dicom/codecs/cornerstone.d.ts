/** The part of Cornerstone's CharLS that LungNB uses; the package ships no types. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  class JpegLSDecoder {
    /** Memory of the codec for a frame of so many bytes. */
    getEncodedBuffer(length: number): Uint8Array;
    /** Throws the address of a C++ exception. */
    decode(): void;
    getDecodedBuffer(): Uint8Array;
  }
  export interface Charls {
    readonly JpegLSDecoder: typeof JpegLSDecoder;
    getExceptionMessage(exception: number): string | string[];
  }
  export default function create(options: { wasmBinary: Uint8Array }): Promise<Charls>;
}
