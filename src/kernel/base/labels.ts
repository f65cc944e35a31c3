/** The spellings of classes and regions that users write, and the standard names that they stand for. */
import {
  type Level,
  LOBAR_REGIONS,
  type LobarRegion,
  REGIONS,
  type Region,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../protocol/names.ts';
import { ownValue } from './plainKeys.ts';
import { nearest, suggestionFor } from './suggestion.ts';
import {
  byWord,
  CLASS_WORDS,
  COLUMN_WORDS,
  type KnownColumn,
  LEVEL_WORDS,
  LOBAR_WORDS,
  ZONE_WORDS,
} from './synonyms.ts';

/** Lower-case spellings of the class names. */
export const CLASS_SYNONYMS: Readonly<Record<string, TextureClass>> = byWord(CLASS_WORDS);

/** Lower-case spellings of the lungs and lobes. */
export const LOBAR_SYNONYMS: Readonly<Record<string, LobarRegion>> = byWord(LOBAR_WORDS);

export const LEVEL_SYNONYMS: Readonly<Record<string, Level>> = byWord(LEVEL_WORDS);

/** Lower-case spellings of the region names. */
export const REGION_SYNONYMS: Readonly<Record<string, Region>> = {
  // SAFETY: the table of zones has a key for each of ZONES, and no other.
  ...(byWord(ZONE_WORDS) as Readonly<Record<string, Region>>),
  ...LEVEL_SYNONYMS,
  ...LOBAR_SYNONYMS,
};

const COLUMN_SYNONYMS: Readonly<Record<string, KnownColumn>> = byWord(COLUMN_WORDS);

/** The column that a heading in another language, or another word of English, stands for; undefined for all others. */
export function columnOf(heading: string): KnownColumn | undefined {
  return ownValue(COLUMN_SYNONYMS, normalise(heading));
}

export function classOf(text: string): TextureClass | undefined {
  const word = normalise(text);
  return TEXTURE_CLASSES.find((name) => name === word) ?? ownValue(CLASS_SYNONYMS, word);
}

/**
 * The name of a class that is none of the six, such as one that `derive` made; undefined where the text is so near to
 * one of the six that it is a misspelling.
 */
export function ownClassOf(text: string): string | undefined {
  const word = normalise(text);
  return word === '' || nearest(word, [...TEXTURE_CLASSES, ...ENGLISH]) ? undefined : word;
}

/** Words that a misspelling may be meant for; synonyms of one or two letters are near to everything. */
const ENGLISH = Object.keys(byWord(CLASS_WORDS, ['en'])).filter((synonym) => synonym.length > 2);

/** The lungs or a lobe. */
export function lobarRegionOf(text: string): LobarRegion | undefined {
  const word = normalise(text);
  return LOBAR_REGIONS.find((name) => name.toLowerCase() === word) ?? ownValue(LOBAR_SYNONYMS, word);
}

/** What to say of a text that is no region: the nearest one, or what there is. */
export function regionSuggestion(text: string): string {
  const near = nearest(normalise(text), REGIONS);
  return near
    ? suggestionFor(normalise(text), REGIONS)
    : `known are ${LOBAR_REGIONS.join(', ')}, zones such as \`right-upper-central\`, and levels such as \`carina\`.`;
}

export function regionOf(text: string): Region | undefined {
  const word = normalise(text);
  return REGIONS.find((name) => name.toLowerCase() === word) ?? ownValue(REGION_SYNONYMS, word);
}

function normalise(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
