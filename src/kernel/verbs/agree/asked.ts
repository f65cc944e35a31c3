/** What the clauses of `agree` ask for, as the statistics take it. */
import type { Region } from '../../../protocol/names.ts';
import type { Provenance } from '../../../protocol/view.ts';
import type { ConfidenceMethod } from '../../agreement/agreementTable.ts';
import { KAPPA_WEIGHTS, type NamedWeights } from '../../agreement/categories/weights.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { rowsOf } from '../../tables/rows.ts';
import { type Scale, scaleInWords } from '../../tables/scale.ts';
import type { Named } from '../../values/named.ts';
import { isPlace, PLACES_OF, regionsInCommon } from '../places.ts';
import { type AgreeArguments, CLAUSES } from './clauses.ts';
import type { Reading } from './readings.ts';

/** Where `bootstrap` says no number. */
const REPETITIONS = 2000;

/** Zones and levels are compared that all the readings have; `total` alone where nothing else is asked for. */
export function regionsOf({ by }: Pick<AgreeArguments, 'by'>, readings: readonly Reading[]): readonly Region[] {
  if (!isPlace(by)) return ['total'];
  const sides = readings.map(({ name, scores }) => ({
    name,
    regions: new Set(scores.rows.map(({ region }) => region)),
  }));
  // That nothing was scored at all is told later, in better words.
  if (by !== 'region' && sides.some(({ regions }) => regions.size === 0)) return PLACES_OF[by];
  return regionsInCommon(by, sides);
}

/** The classes that are named; undefined where all are meant. */
export function classesAsked({ for: classes }: Pick<AgreeArguments, 'for'>): readonly string[] | undefined {
  return classes === CLAUSES.for.leftOut ? undefined : classes;
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

/** A row and a column per category; columns of text are labels. Throws a UserError where a weight is missing. */
function weightsInTable({ name, value }: Named<'table'>): NamedWeights {
  const rows = rowsOf(value.table);
  const columns = value.table
    .columnNames()
    .filter((column) => rows.some((row) => typeof numberInCell(row[column]) === 'number'));
  const weights = rows.map((row, n) =>
    columns.map((column) => {
      const weight = numberInCell(row[column]);
      if (typeof weight === 'number') return weight;
      throw new UserError('weight-table-value', `Row ${n + 1}, column ${column} of \`${name}\` holds no weight.`);
    }),
  );
  return { name, weights };
}

export function confidenceOf(asked: AgreeArguments): ConfidenceMethod {
  const [kind] = asked.ci.value;
  // The usual one is not told.
  const level = asked.level === CLAUSES.level.leftOut ? {} : { confidence: asked.level / 100 };
  if (kind === 'bootstrap' || kind === 'bca') return { kind, ...bootstrapOf(asked), ...level };
  if (!asked.pooling) return { kind, ...level };
  if (asked.ci.span)
    throw new UserError(
      'idle-clause',
      `\`ci ${kind}\` does nothing with \`pooling lobes\`: lobes of one patient are not independent, so that intervals are by bootstrap over patients. Write \`ci bootstrap 2000\` or \`ci bca 2000\`, or leave it out.`,
      asked.ci.span,
    );
  return { kind: 'bootstrap', ...bootstrapOf(asked), ...level };
}

export function bootstrapOf({ ci, seed }: AgreeArguments): { repetitions: number; seed: number } {
  const [, repetitions = REPETITIONS] = ci.value;
  return { repetitions, seed: seed.value };
}

/** What a comparison was made with, for its provenance. */
export function comparedBy(
  scale: Scale,
  weights: NamedWeights,
  ci: ConfidenceMethod,
  { matching }: Pick<AgreeArguments, 'matching'>,
): Provenance['parameters'] {
  return {
    scale: scaleInWords(scale),
    categories: scale.categories,
    weights: weights.name,
    ...(typeof weights.weights === 'string' ? {} : { ownWeights: true }),
    ci: ci.kind,
    ...(ci.confidence === undefined ? {} : { level: 100 * ci.confidence }),
    ...('seed' in ci ? { repetitions: ci.repetitions, seed: ci.seed } : {}),
    ...(matching ? { matching: matching.value } : {}),
  };
}

/** Throws a UserError where the clause says something that nothing is done with. */
export function refuseIdleSeed(asked: AgreeArguments): void {
  const [kind, repetitions] = asked.ci.value;
  const isResampled = kind === 'bootstrap' || kind === 'bca' || asked.pooling !== undefined;
  if (asked.seed.span && !isResampled)
    throw new UserError(
      'idle-clause',
      `\`seed\` does nothing with \`ci ${kind}\`, which draws no samples. Write \`ci bootstrap 2000\`, or leave it out.`,
      asked.seed.span,
    );
  if (repetitions !== undefined && kind !== 'bootstrap' && kind !== 'bca')
    throw new UserError(
      'idle-clause',
      `\`ci ${kind}\` draws no samples, so ${repetitions} of them do nothing. Leave the number out.`,
      asked.ci.span,
    );
}
