/** The classes that pictures, legends and reports of one result show: the six, and those that its model brings. */
import { TEXTURE_CLASS_LETTERS, TEXTURE_CLASSES } from './names.ts';
import { classLabel } from './words/displayNames.ts';

/** A class that a model brings beside the six. In a map of textures, the first of them is 7. */
export interface OwnClass {
  readonly name: string;
  readonly letter: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

export interface ShownClass {
  readonly name: string;
  readonly letter: string;
  readonly label: string;
  /** Of a model's own class. */
  readonly colour?: string;
}

const SIX: readonly ShownClass[] = TEXTURE_CLASSES.map((name) => ({
  name,
  letter: TEXTURE_CLASS_LETTERS[name],
  label: classLabel(name),
}));

/** In the order of the values of a map of textures, from 1 on. */
export function shownClasses(own: readonly OwnClass[] | undefined): readonly ShownClass[] {
  return own ? [...SIX, ...own.map((one) => ({ ...one, label: classLabel(one.name) }))] : SIX;
}
