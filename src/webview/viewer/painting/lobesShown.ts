/** Lobes in colour in the place of textures, while they are what is painted. */
import { LOBES } from '../../../protocol/names.ts';
import { LOBE_COLOURS } from '../../../protocol/segmentColours.ts';
import type { ShownClass } from '../../../protocol/shownClasses.ts';
import type { Slice } from '../decode.ts';
import type { Viewer } from '../viewer.ts';

const hex = (part: number) => part.toString(16).padStart(2, '0');

export const LOBE_CLASSES: readonly ShownClass[] = LOBES.map((name) => ({
  name,
  letter: name,
  label: name,
  colour: `#${LOBE_COLOURS[name].map(hex).join('')}`,
}));

/** Whoever asks is told again when it changes. */
export function isShowingLobes({ painting }: Viewer): boolean {
  return painting?.isOn.value === true && painting.brush.value.layer === 'lobes';
}

/** The slice as a picture of it is drawn. */
export function pictured(slice: Slice, areLobesShown: boolean): Slice {
  return areLobesShown && slice.lobes ? { ...slice, textures: slice.lobes } : slice;
}
