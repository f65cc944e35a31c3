/** The scale that readings are compared on: the one that `scale` declares, else that of the cut points. */
import { UserError } from '../../base/userError.ts';
import { type Scale, scaleInWords, scaleOfCuts, scaleOfRange, scaleOfWords } from '../../tables/scale.ts';
import type { AgreeArguments } from './clauses.ts';

export function declaredScale({ scale }: Pick<AgreeArguments, 'scale'>): Scale | undefined {
  if (!scale) return undefined;
  const { value, span } = scale;
  try {
    return 'low' in value ? scaleOfRange(value.low, value.high) : scaleOfWords(value);
  } catch (error) {
    throw error instanceof UserError && span ? error.at(span) : error;
  }
}

/** Throws a UserError where percentages, cut at these points, would have other categories than the scale. */
export function scaleAsked(asked: AgreeArguments, cutPoints: readonly number[], hasPercentages: boolean): Scale {
  const declared = declaredScale(asked);
  if (!declared) return scaleOfCuts(cutPoints);
  if (hasPercentages && declared.categories !== cutPoints.length + 1)
    throw new UserError(
      'scale',
      `The scale ${scaleInWords(declared)} has ${declared.categories} categories, and percentages cut at ${cutPoints.join(', ')} have ${cutPoints.length + 1}. Score them first, at ${declared.categories - 1} cut ${declared.categories === 2 ? 'point' : 'points'}: \`score … at …\`.`,
      asked.scale?.span,
    );
  return declared;
}
