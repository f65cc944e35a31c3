/** Colours of the textures: the colour-blind-safe set of Okabe & Ito (2008), chosen to stand apart on grey CT. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import type { ShownClass } from '../../protocol/shownClasses.ts';

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

/** The colour of a class: of the six, or as its model brings it. */
export function colourOf({ name, colour }: Pick<ShownClass, 'name' | 'colour'>): Rgb {
  const known = TEXTURE_CLASSES.find((own) => own === name);
  if (known) return CLASS_COLOURS[known];
  const value = Number.parseInt(colour?.slice(1) ?? '', 16);
  return Number.isNaN(value) ? CLASS_COLOURS.normal : [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** Classes that are shown at first: all but normal lung. */
export function shownAtFirst(classes: readonly ShownClass[]): ReadonlySet<string> {
  return new Set(classes.map(({ name }) => name).filter((name) => name !== 'normal'));
}
