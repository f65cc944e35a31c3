/** The codecs of dcmjs-codecs: OpenJPEG, OpenJPH, libjpeg and one for RLE, as WebAssembly. */
import type dcmjsCodecs from 'dcmjs-codecs';
import { errorOf } from '../../../base/thrown.ts';
import type { PixelFormat } from '../pixelFormat.ts';
import type { Codec } from '../transferSyntax.ts';
import { wasmFile } from './wasmFile.ts';

type Codecs = typeof dcmjsCodecs;
type Context = InstanceType<Codecs['Context']>;

const DECODERS: Readonly<Record<Exclude<Codec, 'jpeg-ls'>, (codecs: Codecs, context: Context) => Context>> = {
  rle: ({ NativeCodecs }, context) => NativeCodecs.decodeRle(context),
  jpeg: ({ NativeCodecs }, context) => NativeCodecs.decodeJpeg(context),
  'jpeg-2000': ({ NativeCodecs }, context) => NativeCodecs.decodeJpeg2000(context),
  htj2k: ({ NativeCodecs }, context) => NativeCodecs.decodeHtJpeg2000(context),
};

let loading: Promise<void> | undefined;
let codecs: Codecs | undefined;

/** Loads the codecs once. The package brings a second dcmjs with it, so that a thread without need for it goes without. */
export function loadCodecs(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const { default: loaded } = await import('dcmjs-codecs');
  // What it would print of a damaged frame is in the error that it throws.
  loaded.log.setLevel('silent');
  const webAssemblyModulePathOrUrl = wasmFile('dcmjs-native-codecs.wasm', 'dcmjs-codecs');
  await loaded.NativeCodecs.initializeAsync({ webAssemblyModulePathOrUrl });
  codecs = loaded;
}

/** The frame's pixels; their number is not yet checked. Throws an Error that says why it cannot be decoded. */
export function decodeByDcmjs(codec: Exclude<Codec, 'jpeg-ls'>, frame: Uint8Array, form: PixelFormat): Uint8Array {
  if (!codecs) throw new Error('the codecs are not loaded');
  const { rows, columns, bitsAllocated, bitsStored, signed } = form;
  const context = new codecs.Context({
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
  return attempt(codecs, (loaded) => DECODERS[codec](loaded, context)).getDecodedBuffer() ?? new Uint8Array();
}

/** A frame of one byte a pixel, packed by RLE (PS3.5 annex G). Once the codecs are loaded. */
export function packedByRle(pixels: Uint8Array, [columns, rows]: readonly [number, number]): Uint8Array {
  if (!codecs) throw new Error('the codecs are not loaded');
  const context = new codecs.Context({
    width: columns,
    height: rows,
    bitsAllocated: 8,
    bitsStored: 8,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    decodedBuffer: pixels,
  });
  return codecs.NativeCodecs.encodeRle(context).getEncodedBuffer() ?? new Uint8Array();
}

/** A frame that fails may leave the codecs' memory in disorder: the next file begins with new ones. */
function attempt<T>(loaded: Codecs, decode: (loaded: Codecs) => T): T {
  try {
    return decode(loaded);
  } catch (error) {
    loaded.NativeCodecs.release();
    loading = undefined;
    codecs = undefined;
    throw new Error(`its compressed pixels are damaged (${errorOf(error).message.trim()})`);
  }
}
