/** What classes and regions are called wherever they are shown; files, expressions and clauses have their codes (`ggo`, `total`). */
import { type Level, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES, ZONES } from '../names.ts';

const LEVEL_LABELS: Readonly<Record<Level, string>> = {
  'great-vessels': 'Great vessels',
  carina: 'Carina',
  'pulmonary-veins': 'Pulmonary veins',
  halfway: 'Halfway to the diaphragm',
  diaphragm: 'Above the diaphragm',
};

/** Regions that are no lobe; lobes are called by their letters. */
const REGION_LABELS: ReadonlyMap<string, string> = new Map([
  ['total', 'Whole lungs'],
  ['lobes', 'Lobes pooled'],
  ['right-lung', 'Right lung'],
  ['left-lung', 'Left lung'],
  ...ZONES.map((zone): [string, string] => [zone, zoneLabel(zone)]),
  ...Object.entries(LEVEL_LABELS),
]);

/** "Right upper, central". */
function zoneLabel(zone: string): string {
  const [side, third, depth] = zone.split('-');
  return `${side!.charAt(0).toUpperCase()}${side!.slice(1)} ${third}, ${depth}`;
}

/** By the words of their labels. */
const ON_AXIS: ReadonlyMap<string, string> = new Map([
  ...ZONES.map((zone): [string, string] => [zone, zone.split('-').map(inShort).join('<br>')]),
  ['great-vessels', 'Great<br>vessels'],
  ['pulmonary-veins', 'Pulm.<br>veins'],
  ['halfway', 'Half-<br>way'],
  ['diaphragm', 'Dia-<br>phragm'],
]);

/** Three words of a zone, below each other, in the room of a letter or so each: "R", "upper", "periph.". */
function inShort(word: string): string {
  const short: Readonly<Record<string, string>> = { right: 'R', left: 'L', peripheral: 'periph.' };
  return short[word] ?? word;
}

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

/** "Whole lungs", "Lobes pooled", "RUL", "Right upper, central", "Carina"; what is no region of ours stays as it is. */
export function regionLabel(name: string): string {
  return REGION_LABELS.get(name) ?? name;
}

/** The same within a sentence. */
export function regionInText(name: string): string {
  return REGION_LABELS.has(name) ? lowered(regionLabel(name)) : name;
}

/** The same on an axis of a figure: short lines stand where a long one would reach into the next column. */
export function regionOnAxis(name: string): string {
  return ON_AXIS.get(name) ?? regionLabel(name).replace(' ', '<br>');
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
