/** Bland and Altman's plot of an agreement: percentages or scores, a panel per class. */
import type { FigureView } from '../../../protocol/view.ts';
import { regionInText } from '../../../protocol/words/displayNames.ts';
import { type ComparedRegion, pairedValues, timesOf } from '../../agreement/agreementTable.ts';
import { blandAltman, blandAltmanRatio } from '../../agreement/continuous/blandAltman.ts';
import type { AgreementValue, DifferenceScale } from '../../values/value.ts';
import { levelIn } from '../level.ts';
import { differenceFigure } from './differenceFigure.ts';
import { markerSize, type Panel } from './panels.ts';

/** What the lines of each scale are. */
export const SCALE_NOTES: Readonly<Record<DifferenceScale, readonly string[]>> = {
  difference: [
    'Grey lines: bias and 95 % limits of agreement; bands: their exact 95 % confidence intervals (Carkeet 2015).',
    'Dotted: does the difference grow with the mean? Slope with the p of its t test.',
  ],
  ratio: [
    'Grey lines: bias and 95 % limits of agreement; bands: their exact 95 % confidence intervals (Carkeet 2015).',
  ],
  trend: [
    'Orange: the bias as it follows the mean; dashed: 95 % limits of agreement from the regression of the residuals’ size on the mean (Bland and Altman 1999, section 3.2).',
  ],
};

/** As provenance tells it. */
const LIMITS = { difference: true, ratio: 'ratios', trend: 'by regression' } as const;

export function blandAltmanFigure(
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  scale: DifferenceScale = 'difference',
): FigureView {
  const analyse = scale === 'ratio' ? blandAltmanRatio : blandAltman;
  return differenceFigure({
    names: value.names,
    unit: value.isPercent.left ? ['%', '% points'] : ['score', 'scores'],
    place: regionInText(region),
    scale,
    panels: panels.map(({ group, row }) => {
      const { bias, lower, upper } = analyse(...pairedValues(group), value.ci.confidence, timesOf(group));
      return {
        class: group.class,
        n: row.n,
        points: group.pairs,
        markerSize: markerSize(group, 7),
        limits: {
          bias,
          lower: { value: lower.limit, ...lower.exact },
          upper: { value: upper.limit, ...upper.exact },
        },
      };
    }),
    notes: SCALE_NOTES[scale].map((note) => note.replace('exact 95 %', `exact ${levelIn(value.provenance)}`)),
    provenance: {
      ...value.provenance,
      parameters: { ...value.provenance.parameters, limitsOfAgreement: LIMITS[scale] },
    },
  });
}
