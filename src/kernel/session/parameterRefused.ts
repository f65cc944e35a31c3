/** Why a parameter cannot have a value that somebody moves it to, before it is written into its cell. */
import type { ChangeParameter } from '../../protocol/kernelApi.ts';
import { UserError } from '../base/userError.ts';
import type { Scope } from '../language/clauses/clause.ts';
import { parseCell } from '../language/parser.ts';
import { VERBS } from '../verbs/index.ts';
import { checkChange } from '../verbs/param.ts';

/** Nothing has a name: a range between other parameters is looked at when its cell runs. */
const NO_NAMES: Scope = {
  results: new Map(),
  waiting: new Set(),
  parameters: {},
  selected: new Set(),
  place: () => ({ startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 }),
};

/** A sentence; undefined where it can have the value, or its cell alone can tell. */
export function parameterRefused({ cells, name, value }: ChangeParameter): string | undefined {
  const statement = cells
    .flatMap(({ source }) => parseCell(source, VERBS).statements)
    .find((candidate) => candidate.verb === 'param' && candidate.name?.text === name);
  const written = statement?.subject.assigned?.value.resolve(NO_NAMES);
  if (typeof written !== 'string' && typeof written !== 'number' && typeof written !== 'boolean') return undefined;
  try {
    const within = statement?.clauses.get('in')?.value.resolve(NO_NAMES);
    // SAFETY: what the clause `in` of `param` reads.
    checkChange(name, value, { written, within: within as Parameters<typeof checkChange>[2]['within'] });
    return undefined;
  } catch (error) {
    if (error instanceof UserError)
      return error.code === 'out-of-range' || error.code === 'wrong-parameter' ? error.message : undefined;
    throw error;
  }
}
