/** Declarations of all verbs of the contract, those of later versions included: the parser must need no change for them. */

import { CLASS_TYPE, oneOf } from '../../../src/kernel/verbs/clauseTypes.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';
import type { ClauseType, Verb } from '../../../src/kernel/verbs/verb.ts';

type Declaration = Pick<Verb, 'name' | 'subject' | 'clauses' | 'gives'>;

const clause = (type: ClauseType) => ({ type, documentation: '' });

const decision: ClauseType = {
  kind: 'either',
  types: [
    { kind: 'sequence', parts: [{ type: oneOf('minimum') }, { type: { kind: 'number', units: ['ml'] } }] },
    {
      kind: 'sequence',
      parts: [{ type: CLASS_TYPE }, { type: oneOf('at', 'below') }, { type: { kind: 'number', units: ['HU', '%'] } }],
    },
  ],
};

/** `quantify` as it will be once voxels can be decided anew. */
const quantify = VERBS.get('quantify')!;
const quantifyLater: Declaration = {
  ...quantify,
  clauses: { ...quantify.clauses, deciding: clause({ kind: 'list', of: decision }) },
};

export const ALL_VERBS: ReadonlyMap<string, Declaration> = new Map(
  [...VERBS.values(), quantifyLater].map((verb) => [verb.name, verb]),
);
