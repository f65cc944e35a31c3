/** How textures and lobes are drawn over slices. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import { CLASS_COLOURS, type Rgb, rgbOf } from '../../protocol/segmentColours.ts';
import type { ShownClass } from '../../protocol/shownClasses.ts';

export const LOBE_LINE: Rgb = [255, 255, 255];
export const ZONE_LINE: Rgb = [255, 204, 64];

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The colour of a class: of the six, or as its model brings it. */
export function colourOf({ name, colour }: Pick<ShownClass, 'name' | 'colour'>): Rgb {
  const known = TEXTURE_CLASSES.find((own) => own === name);
  if (known) return CLASS_COLOURS[known];
  return rgbOf(colour) ?? CLASS_COLOURS.normal;
}

/** Classes that are shown at first: all but normal lung. */
export function shownAtFirst(classes: readonly ShownClass[]): ReadonlySet<string> {
  return new Set(classes.map(({ name }) => name).filter((name) => name !== 'normal'));
}
