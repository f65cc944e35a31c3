/** Unpacks slices as they travel in messages and notebooks. */
import { HU_OF_STEP } from '../../protocol/coarseHounsfield.ts';
import type { EncodedSlice } from '../../protocol/view.ts';
import type { Packed } from '../messaging.ts';

export interface Slice extends Omit<EncodedSlice, 'hu' | 'lobes' | 'textures' | 'zones'> {
  readonly hu: Int16Array;
  readonly lobes: Uint8Array | undefined;
  readonly textures: Uint8Array | undefined;
  readonly zones: Uint8Array | undefined;
}

export async function decodeSlice({ hu, lobes, textures, zones, ...rest }: EncodedSlice<Packed>): Promise<Slice> {
  const [huBytes, lobeBytes, textureBytes, zoneBytes] = await Promise.all([
    inflate(hu),
    lobes && inflate(lobes),
    textures && inflate(textures),
    zones && inflate(zones),
  ]);
  return {
    ...rest,
    hu: rest.coarse ? summedSteps(huBytes) : summed(huBytes),
    lobes: lobeBytes || undefined,
    textures: textureBytes || undefined,
    zones: zoneBytes || undefined,
  };
}

/** Hounsfield units from their differences. */
function summed(bytes: Uint8Array): Int16Array {
  const hu = new Int16Array(bytes.length / 2);
  for (let p = 0, value = 0; p < hu.length; p++) {
    const folded = bytes[p]! | (bytes[hu.length + p]! << 8);
    value += (folded >> 1) ^ -(folded & 1);
    hu[p] = value;
  }
  return hu;
}

/** Hounsfield units in the middle of the steps whose differences these are. */
function summedSteps(bytes: Uint8Array): Int16Array {
  const hu = new Int16Array(bytes.length);
  for (let p = 0, step = 0; p < hu.length; p++) {
    const folded = bytes[p]!;
    step = (step + ((folded >> 1) ^ -(folded & 1))) & 0xff;
    hu[p] = HU_OF_STEP[step]!;
  }
  return hu;
}

/** Bytes of a raw deflate stream, which may be in base64. */
export async function inflate(packed: Packed): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  // What is damaged fails on both ends of the stream; the reader's is told.
  writer.write(typeof packed === 'string' ? bytesOf(packed) : packed).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

/** One by one in a loop, which takes a twentieth of the time of `Uint8Array.from`. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let n = 0; n < bytes.length; n++) bytes[n] = characters.charCodeAt(n);
  return bytes;
}
