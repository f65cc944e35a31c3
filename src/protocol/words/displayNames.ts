/** What classes and regions are called wherever they are shown; files, expressions and clauses have their codes (`ggo`, `total`). */
import { TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../names.ts';

/** Regions that are no lobe; lobes are called by their letters. */
const REGION_LABELS: ReadonlyMap<string, string> = new Map([
  ['total', 'Whole lungs'],
  ['lobes', 'Lobes pooled'],
]);

/** A class's name; one that `derive` or `deciding` made is called by its own words: `ggo-and-reticulation` is "Ggo and reticulation" nowhere. */
export function classLabel(name: string): string {
  const known = TEXTURE_CLASSES.find((c) => c === name);
  if (known) return TEXTURE_CLASS_LABELS[known];
  const parts = name.split('-and-');
  const words = parts.length > 1 ? parts.map(classInText).join(' and ') : name.replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same within a sentence. */
export function classInText(name: string): string {
  return lowered(classLabel(name));
}

/** "Whole lungs", "Lobes pooled", "RUL"; what is no region of ours stays as it is. */
export function regionLabel(name: string): string {
  return REGION_LABELS.get(name) ?? name;
}

/** The same within a sentence. */
export function regionInText(name: string): string {
  return REGION_LABELS.has(name) ? lowered(regionLabel(name)) : name;
}

/** The same on an axis of a figure: two short lines stand where a long one would reach into the next column. */
export function regionOnAxis(name: string): string {
  return regionLabel(name).replace(' ', '<br>');
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
