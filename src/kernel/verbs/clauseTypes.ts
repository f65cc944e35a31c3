/** Clause types that several verbs share. */
import { REGIONS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import { CLASS_SYNONYMS, ownClassOf, REGION_SYNONYMS } from '../base/labels.ts';
import type { ClauseType } from './verb.ts';

export const CLASS_TYPE: ClauseType = {
  kind: 'choice',
  noun: 'class',
  options: TEXTURE_CLASSES,
  synonyms: CLASS_SYNONYMS,
  own: ownClassOf,
};
export const CLASSES_TYPE: ClauseType = { kind: 'list', of: CLASS_TYPE };
export const REGION_TYPE = {
  kind: 'choice',
  noun: 'region',
  options: REGIONS,
  synonyms: REGION_SYNONYMS,
} as const satisfies ClauseType;

/** One word of a few. */
export function oneOf(...options: readonly string[]): ClauseType {
  return { kind: 'choice', noun: 'word', options };
}
