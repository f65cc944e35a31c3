/** What the clauses of `agree` ask for, as the statistics take it. */
import { REGIONS, type Region } from '../../../protocol/names.ts';
import type { ConfidenceMethod } from '../../agreement/agreementTable.ts';
import { KAPPA_WEIGHTS, type NamedWeights } from '../../agreement/categories/weights.ts';
import { UserError } from '../../base/userError.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Named } from '../../values/named.ts';
import { type AgreeArguments, CLAUSES } from './clauses.ts';

/** Throws a UserError for the first of some clauses that is written; `because` says why it has nothing to do here. */
export function refuseWritten(asked: AgreeArguments, clauses: readonly Clause[], because: string): void {
  const written = clauses.find((clause) => isWritten(asked, clause));
  if (written)
    throw new UserError('clause-not-here', `${because}, and \`${written}\` has nothing to do there. Leave it out.`);
}

type Clause = keyof typeof CLAUSES;

/** Whether a clause stands in the statement, whatever its value. */
export function isWritten(asked: AgreeArguments, clause: Clause): boolean {
  return clause === 'ci' ? asked.ci.span !== undefined : asked[clause] !== CLAUSES[clause].leftOut;
}

/** Where `bootstrap` says no number. */
const REPETITIONS = 2000;

export function regionsOf({ by }: AgreeArguments): readonly Region[] {
  return by === 'region' ? REGIONS : ['total'];
}

export function weightsOf({ weights: [name, table] }: AgreeArguments): NamedWeights {
  const usual = KAPPA_WEIGHTS.find((known) => known === name);
  if (usual && !table) return { name: usual, weights: usual };
  if (usual || !table)
    throw new UserError(
      'weights',
      'Write `weights table` with the name of a table, or `weights` with none, linear or quadratic alone.',
    );
  return weightsInTable(table);
}

/** A row and a column per category; columns of text are labels. */
function weightsInTable({ name, value }: Named<'table'>): NamedWeights {
  const weights = rowsOf(value.table).map((row) => Object.values(row).filter((cell) => typeof cell === 'number'));
  return { name, weights };
}

export function confidenceOf(asked: AgreeArguments): ConfidenceMethod {
  const [kind] = asked.ci.value;
  return kind === 'asymptotic' || kind === 'jackknife' ? { kind } : { kind, ...bootstrapOf(asked) };
}

export function bootstrapOf({ ci, seed }: AgreeArguments): { repetitions: number; seed: number } {
  const [, repetitions = REPETITIONS] = ci.value;
  return { repetitions, seed };
}
