/** `agree` of three readings or more, from their tables. */
import { UserError } from '../../base/userError.ts';
import type { VerbResult } from '../verb.ts';
import { agreeReaders } from './agreeReaders.ts';
import { cutPointsOf, provenanceOf, type Side, scoresOfSide } from './agreeSides.ts';
import { bootstrapOf, confidenceOf, regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';

export function agreeMany(sides: readonly Side[], asked: AgreeArguments): VerbResult {
  const ci = confidenceOf(asked);
  if (asked.pooling || ci.kind === 'jackknife' || ci.kind === 'bca')
    throw new UserError(
      'two-readings-only',
      `\`${asked.pooling ? 'pooling lobes' : `ci ${ci.kind}`}\` is for two readings, and there are ${sides.length} (${sides.map(({ name }) => name).join(', ')}).`,
    );
  const scored = sides.find(({ value }) => value.cutPoints) ?? sides[0]!;
  const cutPoints = sides.map((side) => cutPointsOf(scored, side))[0]!;
  const classes = asked.for;
  const readers = sides.map((side) => ({ name: side.name, scores: scoresOfSide(side, cutPoints, classes) }));
  const weights = weightsOf(asked);
  const provenance = sides.slice(1).reduce(
    (joined, side) =>
      provenanceOf({ value: { provenance: joined } }, side, {
        cutPoints,
        weights: weights.name,
        readings: sides.length,
      }),
    sides[0]!.value.provenance,
  );
  return agreeReaders({
    readers,
    regions: regionsOf(asked),
    classes,
    cutPoints,
    weights,
    bootstrap: bootstrapOf(asked),
    provenance,
  });
}
