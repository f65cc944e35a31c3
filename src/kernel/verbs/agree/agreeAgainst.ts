/** `agree … with several against …`: one reading against the others' majority or median, or against each of them. */
import { LOBES, type Region } from '../../../protocol/names.ts';
import { UserError } from '../../base/userError.ts';
import type { VerbResult } from '../verb.ts';
import { agreeEach } from './agreeEach.ts';
import { cutPointsOf, type Side, scoresOfSide } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import { refuseWritten, regionsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { consensusOf, readersOf } from './consensus.ts';

/** `others` are the readings behind `with`, each reader's own. */
export function agreeAgainst(one: Side, others: readonly Side[], asked: AgreeArguments): VerbResult {
  const { against } = asked;
  if (others.length < 2)
    throw new UserError(
      'too-few',
      `\`against ${against}\` needs two readings or more behind \`with\`, and there is ${others.length}.`,
    );
  refuseWritten(asked, ['margin'], `\`against ${against}\` compares readings`);
  const scored = [one, ...others].find(({ value }) => value.cutPoints) ?? one;
  const cutPoints = [one, ...others].map((side) => cutPointsOf(scored, side))[0]!;
  if (against === 'each') return agreeEach(one, others, cutPoints, asked);
  const rule = against === 'median' ? 'median' : 'majority';
  const regions: readonly Region[] = asked.pooling ? LOBES : regionsOf(asked);
  const scores = others.map((side) => scoresOfSide(side, cutPoints, asked.for));
  const { side, remarks } = consensusOf(others, readersOf(others, scores), {
    rule,
    cutPoints,
    isAsked: ({ region, class: name }) => regions.includes(region) && asked.for.includes(name),
  });
  const result = agreeTwo(one, side, asked, { consensus: rule, consensusOf: others.length });
  return { ...result, remarks: [...remarks, ...(result.remarks ?? [])] };
}
