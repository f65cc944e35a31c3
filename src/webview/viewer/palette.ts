/** Colours of the textures: the colour-blind-safe set of Okabe & Ito (2008), chosen to stand apart on grey CT. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

export const CLASS_COLOURS: Readonly<Record<TextureClass, Rgb>> = {
  normal: [150, 150, 150],
  ggo: [86, 180, 233],
  consolidation: [240, 228, 66],
  reticulation: [0, 158, 115],
  honeycombing: [213, 94, 0],
  emphysema: [204, 121, 167],
};

export const LOBE_LINE: Rgb = [255, 255, 255];

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Classes that are shown at first: all but normal lung. */
export const SHOWN_AT_FIRST: ReadonlySet<TextureClass> = new Set(TEXTURE_CLASSES.filter((name) => name !== 'normal'));
