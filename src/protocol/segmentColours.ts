/** Colours of textures and lobes, wherever they are shown or written: those of Okabe & Ito (2008), which the colour-blind tell apart. */
import type { Lobe, TextureClass } from './names.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** Chosen to stand apart on grey CT. */
export const CLASS_COLOURS: Readonly<Record<TextureClass, Rgb>> = {
  normal: [150, 150, 150],
  ggo: [86, 180, 233],
  consolidation: [240, 228, 66],
  reticulation: [0, 158, 115],
  honeycombing: [213, 94, 0],
  emphysema: [204, 121, 167],
};

/** Neighbours stand apart; the viewer draws lobes as lines, so that these are for files alone. */
export const LOBE_COLOURS: Readonly<Record<Lobe, Rgb>> = {
  RUL: [0, 114, 178],
  RML: [230, 159, 0],
  RLL: [0, 158, 115],
  LUL: [204, 121, 167],
  LLL: [86, 180, 233],
};

/** Of `#rrggbb`; undefined of anything else. */
export function rgbOf(hex: string | undefined): Rgb | undefined {
  if (!/^#[\da-f]{6}$/i.test(hex ?? '')) return undefined;
  const value = Number.parseInt(hex!.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
