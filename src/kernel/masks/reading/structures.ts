/**
 * What a segment of a mask stands for, told by its name in the file: the five lobes, whole lungs, textures, and other
 * structures such as airways, vessels and nodules. Names are those of 3D Slicer, TotalSegmentator, DICOM's context groups
 * and everyday use.
 */
import { LOBES, type Lobe, TEXTURE_CLASSES, type TextureClass } from '../../../protocol/names.ts';
import { classOf, lobarRegionOf } from '../../base/labels.ts';
import { nearest } from '../../base/suggestion.ts';

/** Whole lungs, where a mask has no lobes. */
export const LUNG_NAMES = ['lungs', 'right-lung', 'left-lung'] as const;
/** Structures that are measured by themselves wherever a mask has them. */
export const OTHER_NAMES = [
  'airways',
  'trachea',
  'vessels',
  'arteries',
  'veins',
  'nodules',
  'tumour',
  'effusion',
] as const;
/** All that has a name of its own; other words are structures of the user's. */
export const STRUCTURE_NAMES = [...LOBES, ...TEXTURE_CLASSES, ...LUNG_NAMES, ...OTHER_NAMES] as const;

export function lobeOf(structure: string): Lobe | undefined {
  return LOBES.find((lobe) => lobe === structure);
}

export function textureOf(structure: string): TextureClass | undefined {
  return TEXTURE_CLASSES.find((texture) => texture === structure);
}

/** Neither lobe nor lung nor texture: a region of its own. */
export function isOther(structure: string): boolean {
  return !lobeOf(structure) && !textureOf(structure) && !LUNG_NAMES.some((name) => name === structure);
}

/** Whether the lungs are what it belongs to by its name; ribs and hearts in a map of the whole body are not. */
export function isOfLungs(structure: string): boolean {
  return [...OTHER_NAMES, ...LUNG_NAMES].some((name) => name === structure);
}

const SIDES: Readonly<Record<string, 'right' | 'left'>> = { right: 'right', r: 'right', left: 'left', l: 'left' };
const LEVELS: Readonly<Record<string, 'upper' | 'middle' | 'lower'>> = {
  upper: 'upper',
  superior: 'upper',
  middle: 'middle',
  lower: 'lower',
  inferior: 'lower',
};
const LOBE_OF: Readonly<Record<string, Lobe>> = {
  'right upper': 'RUL',
  'right middle': 'RML',
  'right lower': 'RLL',
  'left upper': 'LUL',
  'left lower': 'LLL',
};
/** Words that say nothing of what it is. */
const FILLERS = new Set(['lung', 'lungs', 'pulmonary', 'of', 'the', 'both', 'lobe']);
const LABELLING = new Set(['segmentation', 'seg', 'mask', 'label', 'labels']);

const OTHER_WORDS: Readonly<Record<(typeof OTHER_NAMES)[number], RegExp>> = {
  airways: /^(airways?|bronch(i|us|ia|ial( tree)?)|airway tree|tracheobronchial tree|trachea (and )?bronch(i|ia))$/,
  trachea: /^trachea$/,
  vessels: /^(blood )?(vessels?|vasculature|vessel tree)$/,
  arteries: /^arter(y|ies)$/,
  veins: /^veins?$/,
  nodules: /^nodules?$/,
  tumour: /^(tumou?rs?|cancer|mass|gtv(p| ?1)?|neoplasm( primary)?)$/,
  effusion: /^(pleural )?effusion$/,
};

/** The structure that a name in a file stands for: one of STRUCTURE_NAMES, else the name itself in lower case with hyphens. */
export function structureNamed(written: string): string {
  const words = wordsOf(written);
  return knownStructure(words) ?? words.join('-');
}

/** As {@link structureNamed}, where a user may have misspelt one of the known names: undefined for what is near to one. */
export function structureMeant(written: string): string | undefined {
  const words = wordsOf(written);
  const own = words.join('-');
  const known = knownStructure(words);
  if (known !== undefined) return known;
  return own === '' || nearest(own, STRUCTURE_NAMES) ? undefined : own;
}

/** One of STRUCTURE_NAMES, or undefined. */
export function knownStructureNamed(written: string): string | undefined {
  return knownStructure(wordsOf(written));
}

function wordsOf(written: string): string[] {
  return written
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}’']+/u)
    .filter((word) => word !== '' && !LABELLING.has(word));
}

function knownStructure(words: readonly string[]): string | undefined {
  const text = words.join('-');
  // One letter may stand for anything in a file.
  if (text.length < 2) return undefined;
  const region = lobarRegionOf(text);
  if (region) return region === 'total' ? 'lungs' : region;
  const isLung = words.some((word) => word === 'lung' || word === 'lungs');
  const left = words.filter((word) => !FILLERS.has(word));
  const bare = left.filter((word) => !SIDES[word] && !LEVELS[word]);
  if (bare.length === 0) {
    const [side, level] = [only(left, SIDES), only(left, LEVELS)];
    const lobe = LOBE_OF[`${side ?? (level === 'middle' ? 'right' : '')} ${level}`];
    if (lobe && (isLung || words.includes('lobe'))) return lobe;
    if (isLung && !words.includes('lobe') && !level) return side ? `${side}-lung` : 'lungs';
  }
  const texture = classOf(text) ?? (left.join('').length > 1 ? classOf(left.join('-')) : undefined);
  return texture ?? OTHER_NAMES.find((name) => OTHER_WORDS[name].test(left.join(' ')));
}

/** What the words say by a table; undefined where they say nothing, or two things. */
function only<T>(words: readonly string[], table: Readonly<Record<string, T>>): T | undefined {
  const said = new Set(words.flatMap((word) => table[word] ?? []));
  return said.size === 1 ? [...said][0] : undefined;
}
