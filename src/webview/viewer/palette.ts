/** How textures and lobes are drawn over slices. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import type { Rgb } from '../../protocol/segmentColours.ts';

export const LOBE_LINE: Rgb = [255, 255, 255];

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Classes that are shown at first: all but normal lung. */
export const SHOWN_AT_FIRST: ReadonlySet<TextureClass> = new Set(TEXTURE_CLASSES.filter((name) => name !== 'normal'));
