/** The spellings of classes and regions that users write, and the standard names that they stand for. */
import { REGIONS, type Region, TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';

/** Lower-case synonyms (Fleischner Society glossary and everyday use) of the class names. */
export const CLASS_SYNONYMS: Readonly<Record<string, TextureClass>> = {
  n: 'normal',
  'normal-lung': 'normal',
  g: 'ggo',
  gg: 'ggo',
  'ground-glass': 'ggo',
  groundglass: 'ggo',
  'ground-glass-opacity': 'ggo',
  'ground-glass-opacities': 'ggo',
  c: 'consolidation',
  consolidations: 'consolidation',
  r: 'reticulation',
  reticular: 'reticulation',
  reticulations: 'reticulation',
  h: 'honeycombing',
  honeycomb: 'honeycombing',
  e: 'emphysema',
  emphysematous: 'emphysema',
};

/** Lower-case synonyms of the region names. */
export const REGION_SYNONYMS: Readonly<Record<string, Region>> = {
  all: 'total',
  both: 'total',
  lung: 'total',
  lungs: 'total',
  whole: 'total',
  'total-lung': 'total',
  ml: 'RML',
};

export function classOf(text: string): TextureClass | undefined {
  const word = normalise(text);
  return TEXTURE_CLASSES.find((name) => name === word) ?? CLASS_SYNONYMS[word];
}

export function regionOf(text: string): Region | undefined {
  const word = normalise(text);
  return REGIONS.find((name) => name.toLowerCase() === word) ?? REGION_SYNONYMS[word];
}

function normalise(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
