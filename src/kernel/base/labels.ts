/** The spellings of classes and regions that users write, and the standard names that they stand for. */
import {
  REGIONS,
  type Region,
  TEXTURE_CLASS_LABELS,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../protocol/names.ts';
import { ownValue } from './plainKeys.ts';
import { nearest } from './suggestion.ts';

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
  return TEXTURE_CLASSES.find((name) => name === word) ?? ownValue(CLASS_SYNONYMS, word);
}

/** A class's name as it is shown; a class that `derive` made is shown by its own name. */
export function classLabel(name: string): string {
  const known = TEXTURE_CLASSES.find((c) => c === name);
  if (known) return TEXTURE_CLASS_LABELS[known];
  const words = name.replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The name of a class that is none of the six, such as one that `derive` made; undefined where the text is so near to
 * one of the six that it is a misspelling.
 */
export function ownClassOf(text: string): string | undefined {
  const word = normalise(text);
  return word === '' || nearest(word, [...TEXTURE_CLASSES, ...Object.keys(CLASS_SYNONYMS).filter(isWord)])
    ? undefined
    : word;
}

/** Synonyms of one or two letters are near to everything. */
function isWord(synonym: string): boolean {
  return synonym.length > 2;
}

export function regionOf(text: string): Region | undefined {
  const word = normalise(text);
  return REGIONS.find((name) => name.toLowerCase() === word) ?? ownValue(REGION_SYNONYMS, word);
}

function normalise(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
