/** Clauses that several verbs share: the names of classes and regions. */
import { LEVELS, type Level, REGIONS, type Region, TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { CLASS_SYNONYMS, LEVEL_SYNONYMS, LOBAR_SYNONYMS, ownClassOf, REGION_SYNONYMS } from '../base/labels.ts';
import { type Choice, choice } from '../language/clauses/choice.ts';
import { list } from '../language/clauses/list.ts';
import { mapped } from '../language/clauses/mapped.ts';
import { STRUCTURE_NAMES, structureMeant } from '../masks/reading/structures.ts';

const CLASS = { noun: 'class', options: TEXTURE_CLASSES, synonyms: CLASS_SYNONYMS } as const;

/** One of the six; other words are no class here. */
export const TEXTURE = choice<TextureClass>(CLASS);
/** Classes, each once: the six, and those that `derive` made or that readers have. */
export const CLASSES = mapped(list(choice<string>({ ...CLASS, own: ownClassOf })), (names) => [...new Set(names)]);
/** Lobes, textures and other structures of masks, and the user's own. */
export const STRUCTURE = choice<string>({
  noun: 'word',
  options: STRUCTURE_NAMES,
  synonyms: { ...CLASS_SYNONYMS, ...LOBAR_SYNONYMS, total: 'lungs' },
  own: structureMeant,
});
export const LEVEL_NAMES: Choice<Level> = { noun: 'word', options: LEVELS, synonyms: LEVEL_SYNONYMS };
export const REGION_NAMES: Choice<Region> = { noun: 'region', options: REGIONS, synonyms: REGION_SYNONYMS };
