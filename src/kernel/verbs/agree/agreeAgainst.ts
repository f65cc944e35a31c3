/** `agree … with several against …`: one reading against the others' majority or median, or against each of them. */
import { LOBES, type Region } from '../../../protocol/names.ts';
import { UserError } from '../../base/userError.ts';
import { scaleOfCuts } from '../../tables/scale.ts';
import type { VerbResult } from '../verb.ts';
import { agreeEach } from './agreeEach.ts';
import { cutPointsOf, type Side } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import { regionsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { consensusOf } from './consensus.ts';
import { type Reading, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';

/** `others` are the readings behind `with`, each reader's own. */
export function agreeAgainst(
  one: Side,
  others: readonly Side[],
  against: 'majority' | 'median' | 'each',
  asked: AgreeArguments,
): VerbResult {
  if (others.length < 2)
    throw new UserError(
      'too-few',
      `\`against ${against}\` needs two readings or more behind \`with\`, and there is ${others.length}.`,
    );
  const scored = [one, ...others].find(({ value }) => value.cutPoints) ?? one;
  const cutPoints = [one, ...others].map((side) => cutPointsOf(scored, side))[0]!;
  if (against === 'each') return agreeEach(one, others, cutPoints, asked);
  const readers = readingsOf(others, declaredScale(asked) ?? scaleOfCuts(cutPoints), asked);
  const regions: readonly Region[] = asked.pooling ? LOBES : regionsOf(asked, readers);
  const rule = against === 'median' ? 'median' : 'majority';
  const { side, remarks } = consensusOf(others, readers, {
    rule,
    cutPoints,
    scale: scaleAsked(asked, cutPoints, readers.some(hasPercentages)),
    isAsked: ({ region, class: name }) => regions.includes(region) && asked.for.includes(name),
  });
  const result = agreeTwo(one, side, asked, { consensus: rule, consensusOf: others.length });
  return { ...result, remarks: [...remarks, ...(result.remarks ?? [])] };
}

function hasPercentages({ scores }: Reading): boolean {
  return scores.rows.some(({ percent }) => percent !== undefined);
}
