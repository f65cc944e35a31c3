/** `plot`: the pictures of an agreement, and of measurements. */
import { REGIONS } from '../../../protocol/names.ts';
import type { ComparedRegion } from '../../agreement/agreementTable.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { optional, required, withDefault } from '../../language/declaration.ts';
import { DIFFERENCE_SCALES } from '../../values/value.ts';
import { CLASSES, REGION_NAMES } from '../names.ts';
import { declareVerb } from '../verb.ts';
import { AGREEMENT_KINDS, figureOfAgreement } from './agreementFigure.ts';
import { figureOfPercents, PERCENT_KINDS } from './percentFigure.ts';
import { figureOfTable, TABLE_KINDS } from './tableFigure.ts';

const figure = (kind: string, ...clauses: ('for' | 'in' | 'cut' | 'scale')[]) => ({
  of: `as ${kind}`,
  clauses: ['as', 'for', ...clauses] as const,
});

/** What each kind of picture takes. */
const FORMS = {
  scatter: figure('scatter', 'in'),
  confusion: figure('confusion', 'in'),
  'bland-altman': figure('bland-altman', 'in', 'scale'),
  'kappa-curve': figure('kappa-curve', 'in', 'cut'),
  forest: figure('forest'),
  heatmap: figure('heatmap'),
  box: figure('box'),
  stacked: figure('stacked'),
  'non-inferiority': figure('non-inferiority', 'in'),
  'sample-size': { of: 'as sample-size', clauses: ['as'] as const },
};

export const plot = declareVerb({
  name: 'plot',
  summary: 'Draws an agreement, or measurements.',
  documentation:
    'Of an agreement: `scatter` shows a point per patient, with scores spread a little and a box of percentages for each score; `confusion` counts the patients in each pair of categories, with the percent of each row; `bland-altman` shows the difference against the mean, with its limits, their intervals and its trend, or the ratio with `scale ratio`, of percentages and scores that of their categories; `kappa-curve` shows κ as a cut point moves; these draw one region, the whole lungs without `in`. `forest` shows κ and ρ of every class and region with their intervals, `heatmap` the same as two maps. Of a comparison `on` a column: `bland-altman`, and `scatter` with Deming’s and Passing and Bablok’s line. Of a comparison with a `margin`: `non-inferiority`. Of a `plan`: `sample-size`. Of measurements, or of any table with `patient, region, class, percent`: `box` shows the percentages per region, `stacked` the mean extent of the abnormal classes.',
  examples: ['plot ag as scatter for ggo', 'plot ag as confusion for ggo in RLL', 'plot ai as stacked'],
  subject: {
    type: name('agreement', 'measurements', 'table'),
    noun: 'the name of an agreement or of measurements',
    documentation: 'The result of `agree`, or a table of percentages.',
  },
  clauses: {
    as: required(oneOf(...AGREEMENT_KINDS, ...PERCENT_KINDS, ...TABLE_KINDS), 'The kind of picture.'),
    for: optional(CLASSES, 'The classes to draw.', 'all classes'),
    cut: withDefault(number({ integer: true, minimum: 1 }), 1, 'Which cut point `kappa-curve` moves, counted from 1.'),
    scale: withDefault(
      oneOf(...DIFFERENCE_SCALES),
      'difference',
      'What `bland-altman` shows: differences, ratios (which need readings above 0), or with `trend` differences with limits that follow the mean.',
    ),
    in: optional(
      choice<ComparedRegion>({ ...REGION_NAMES, options: [...REGIONS, 'lobes'] }),
      'The region to draw, where only one is drawn; `lobes` where they were pooled.',
      'total',
    ),
  },
  forms: FORMS,
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value }, as: kind, for: classes, cut, scale, in: region }, context, takesForm) {
    takesForm(kind);
    if (value.kind === 'table' && value.figures) {
      const view = figureOfTable(kind, { name, value }, { classes, region, scale });
      return { view: () => view };
    }
    const view =
      value.kind === 'agreement'
        ? figureOfAgreement(kind, { name, value }, { classes, region, cut, scale }, context)
        : figureOfPercents(kind, { name, value }, classes);
    return { view: () => view };
  },
});
