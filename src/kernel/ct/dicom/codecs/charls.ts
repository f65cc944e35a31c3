/** JPEG-LS by CharLS (Cornerstone's build of it), which takes half the time of dcmjs-codecs' and a small part of its memory. */
import { readFile } from 'node:fs/promises';
import type { Charls } from '@cornerstonejs/codec-charls/decodewasmjs';
import { frameHeaderOf } from '../frameHeader.ts';
import type { PixelFormat } from '../pixelFormat.ts';
import { wasmFile } from './wasmFile.ts';

const MODULE = '@cornerstonejs/codec-charls/decodewasmjs';

interface Loaded {
  readonly charls: Charls;
  readonly decoder: InstanceType<Charls['JpegLSDecoder']>;
}

let loading: Promise<void> | undefined;
let loaded: Loaded | undefined;

/** Loads the codec once. */
export function loadCharls(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const { default: create } = await import('@cornerstonejs/codec-charls/decodewasmjs');
  const charls = await create({ wasmBinary: await readFile(wasmFile('charlswasm_decode.wasm', MODULE)) });
  loaded = { charls, decoder: new charls.JpegLSDecoder() };
}

/** The frame's pixels, which hold until the next frame. Throws an Error that says why it cannot be decoded. */
export function decodeJpegLs(frame: Uint8Array, { rows, columns }: PixelFormat): Uint8Array {
  if (!loaded) throw new Error('the codec of JPEG-LS is not loaded');
  // CharLS takes the memory that the frame asks for.
  const { size } = frameHeaderOf(frame) ?? {};
  if (size?.rows !== rows || size.columns !== columns)
    throw new Error(
      `its compressed pixels are ${size?.columns ?? 0} × ${size?.rows ?? 0}, and its header says ${columns} × ${rows}`,
    );
  if (size.components !== 1) throw new Error('its pixels are coloured, and a CT is grey');
  const { charls, decoder } = loaded;
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    return decoder.getDecodedBuffer();
  } catch (error) {
    // It may have left its memory in disorder: the next frame begins with a new one.
    loading = undefined;
    loaded = undefined;
    const reason = typeof error === 'number' ? charls.getExceptionMessage(error) : (error as Error).message;
    throw new Error(`its compressed pixels are damaged (${[reason].flat().at(-1)?.trim()})`);
  }
}
