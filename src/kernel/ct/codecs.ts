/** Compressed frames to pixels, by the native codecs (OpenJPEG, OpenJPH, CharLS, libjpeg) that dcmjs-codecs brings as WebAssembly. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dcmjsCodecs from 'dcmjs-codecs';
import type { Codec } from './transferSyntax.ts';

const { Context, NativeCodecs } = dcmjsCodecs;
// What it would print of a damaged frame is in the error that it throws.
dcmjsCodecs.log.setLevel('silent');
const WASM = 'dcmjs-native-codecs.wasm';

/** What the DICOM header says of a frame. */
export interface FrameForm {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

const DECODERS: Readonly<Record<Codec, (context: InstanceType<typeof Context>) => InstanceType<typeof Context>>> = {
  rle: (context) => NativeCodecs.decodeRle(context),
  jpeg: (context) => NativeCodecs.decodeJpeg(context),
  'jpeg-ls': (context) => NativeCodecs.decodeJpegLs(context),
  'jpeg-2000': (context) => NativeCodecs.decodeJpeg2000(context),
  htj2k: (context) => NativeCodecs.decodeHtJpeg2000(context),
};

let ready: Promise<void> | undefined;

/** Loads the codecs once; `decodeFrame` needs it. */
export function loadCodecs(): Promise<void> {
  ready ??= NativeCodecs.initializeAsync({ webAssemblyModulePathOrUrl: wasmFile() });
  return ready;
}

/** Beside the bundled kernel, or in its package where the kernel runs from source. */
function wasmFile(): string {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), WASM);
  return existsSync(bundled) ? bundled : join(dirname(createRequire(import.meta.url).resolve('dcmjs-codecs')), WASM);
}

/** The frame's stored values, little endian, row by row. Throws an Error that says why it cannot be decoded. */
export function decodeFrame(codec: Codec, frame: Uint8Array, form: FrameForm): Uint8Array {
  const { rows, columns, bitsAllocated, bitsStored, signed } = form;
  const context = new Context({
    width: columns,
    height: rows,
    bitsAllocated,
    bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    encodedBuffer: frame,
  });
  const pixels = attempt(() => DECODERS[codec](context)).getDecodedBuffer();
  const expected = rows * columns * (bitsAllocated / 8);
  if (pixels?.byteLength !== expected)
    throw new Error(
      `its compressed pixels unpack to ${pixels?.byteLength ?? 0} bytes, and ${rows} × ${columns} pixels of ${bitsAllocated} bits need ${expected}`,
    );
  return pixels;
}

/** A frame that fails may leave the codecs' memory in disorder: the next file begins with new ones. */
function attempt<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    NativeCodecs.release();
    ready = undefined;
    throw new Error(`its compressed pixels are damaged (${(error as Error).message.trim()})`);
  }
}
