/** Unpacks slices as they travel in messages and notebooks. */
import type { EncodedSlice } from '../../protocol/view.ts';

export interface Slice extends Omit<EncodedSlice, 'hu' | 'lobes' | 'textures'> {
  readonly hu: Int16Array;
  readonly lobes: Uint8Array | undefined;
  readonly textures: Uint8Array | undefined;
}

export async function decodeSlice({ hu, lobes, textures, ...rest }: EncodedSlice): Promise<Slice> {
  const [huBytes, lobeBytes, textureBytes] = await Promise.all([
    inflate(hu),
    lobes && inflate(lobes),
    textures && inflate(textures),
  ]);
  return {
    ...rest,
    hu: new Int16Array(huBytes.buffer),
    lobes: lobeBytes || undefined,
    textures: textureBytes || undefined,
  };
}

/** Bytes of a raw deflate stream in base64, in a buffer of their own. */
async function inflate(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
