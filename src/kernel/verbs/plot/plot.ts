/** `plot`: the pictures of an agreement, and of measurements. */

import { withFewerPoints } from '../../../protocol/figures/fewerPoints.ts';
import { REGIONS } from '../../../protocol/names.ts';
import type { FigureView } from '../../../protocol/view.ts';
import type { ComparedRegion } from '../../agreement/agreementTable.ts';
import { UserError } from '../../base/userError.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { optional, required, withDefault } from '../../language/declaration.ts';
import type { Named } from '../../values/named.ts';
import { DIFFERENCE_SCALES } from '../../values/value.ts';
import { oneOfEachOrAll } from '../../values/visits.ts';
import { CLASSES, REGION_NAMES } from '../names.ts';
import { isPlace, PLACE } from '../places.ts';
import { declareVerb } from '../verb.ts';
import { AGREEMENT_KINDS, figureOfAgreement } from './agreementFigure.ts';
import { figureOfGroups } from './groupFigure.ts';
import { keepPatients } from './keepPatients.ts';
import { figureOfPercents, PERCENT_KINDS } from './percentFigure.ts';
import { figureOfTable, TABLE_KINDS } from './tableFigure.ts';

const figure = (kind: string, ...clauses: ('for' | 'in' | 'cut' | 'scale' | 'by' | 'on' | 'at')[]) => ({
  of: `as ${kind}`,
  clauses: ['as', 'for', ...clauses] as const,
});

/** What each kind of picture takes. */
const FORMS = {
  scatter: figure('scatter', 'in'),
  'kaplan-meier': figure('kaplan-meier', 'in', 'at'),
  confusion: figure('confusion', 'in'),
  'bland-altman': figure('bland-altman', 'in', 'scale'),
  'kappa-curve': figure('kappa-curve', 'in', 'cut'),
  forest: figure('forest', 'in'),
  heatmap: figure('heatmap', 'in'),
  box: figure('box', 'in', 'by', 'on'),
  stacked: figure('stacked', 'in', 'by'),
  'non-inferiority': figure('non-inferiority', 'in'),
  profile: figure('profile'),
  transitions: figure('transitions', 'in'),
  waterfall: figure('waterfall', 'in'),
  spaghetti: figure('spaghetti', 'in'),
  readers: figure('readers', 'in'),
  drift: figure('drift', 'in'),
  'sample-size': { of: 'as sample-size', clauses: ['as'] as const },
};

export const plot = declareVerb({
  name: 'plot',
  summary: 'Draws an agreement, measurements, or relations.',
  documentation:
    'Of an agreement: `scatter` shows a point per patient, with scores spread a little and a box of percentages for each score; `confusion` counts the patients in each pair of categories, with the percent of each row; `bland-altman` shows the difference against the mean, with its limits, their intervals and its trend, or the ratio with `scale ratio`, of percentages and scores that of their categories; `kappa-curve` shows κ as a cut point moves; these draw one region, the whole lungs without `in`. `forest` shows κ and ρ of every class and region with their intervals, `heatmap` the same as two maps. Of a comparison `on` a column: `bland-altman`, and `scatter` with Deming’s and Passing and Bablok’s line. Of a comparison with a `margin`: `non-inferiority`. Of a comparison `between` two conditions `against` the truth: `readers`, a line for each reader. Of a comparison `over case`: `drift`. Of a `plan`: `sample-size`. Of measurements, or of any table with `patient, region, class, percent`: `box` shows the percentages per region, `stacked` the mean extent of the abnormal classes; `by sex` shows groups of patients in their place, with n and a test between them, and `box … on fvc by sex` any column of numbers. Of what `change` found: `waterfall`, a bar per patient in order, coloured where it is beyond the error of measurement; `spaghetti`, a line per patient through the visits, with their mean; and `box … on difference by` a column of groups. Of what `relate` related: `scatter` with the line of least squares, `box` of each outcome, `kaplan-meier` by thirds or `at` a cut, and `forest` of all effects. Of `change … on voxels`: `transitions`, what became of each class.',
  examples: [
    'plot ag as scatter for ggo',
    'plot ag as confusion for ggo in RLL',
    'plot ai as stacked',
    'plot both as box for ggo by sex',
    'plot survival as kaplan-meier at 10',
    'plot delta as waterfall for ggo, reticulation',
  ],
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
    at: optional(
      list(number()),
      'Where `kaplan-meier` divides the patients by what was related: one value or more, or a parameter; into thirds where it is left out.',
    ),
    by: optional(
      either(PLACE, column()),
      'What `box` and `stacked` show beside each other: `by zone` the twelve zones, `by level` the five levels alone, `by region` all that was measured, as without it; a column of groups, such as `sex`, shows these in the place of regions, with a test between them.',
    ),
    on: optional(column(), 'With `box`: a column of numbers that is drawn in the place of percentages.'),
    in: optional(
      choice<ComparedRegion>({ ...REGION_NAMES, options: [...REGIONS, 'lobes'] }),
      'The region to draw, where only one is drawn; `lobes` where they were pooled.',
      'total',
    ),
  },
  forms: FORMS,
  gives: [],
  alwaysShown: true,
  async run(
    { subject: { name, value }, as: kind, for: classes, cut, scale, in: region, at, by, on },
    context,
    takesForm,
  ) {
    takesForm(kind);
    const hasOwn = value.kind === 'table' && value.figures !== undefined;
    const isGroups = kind === 'box' && by !== undefined && value.kind === 'table' && value.summary !== undefined;
    if (value.kind === 'table' && hasOwn && !isGroups) {
      refuseGroups(name, by ?? on);
      const drawn = withFewerPoints(figureOfTable(kind, { name, value }, { classes, region, scale, cuts: at }));
      const handle = drawn.patients && keepPatients(value.measurements, context);
      return { view: () => (handle === undefined ? drawn : { ...drawn, patients: { ...drawn.patients!, handle } }) };
    }
    if (value.kind === 'agreement') {
      const drawn = figureOfAgreement(kind, { name, value }, { classes, region, cut, scale }, context);
      return { view: () => withFewerPoints(drawn) };
    }
    const chosen = oneOfEachOrAll({ name, value }, by, 'drawn');
    const drawn = figureOfNumbers(kind, chosen.named, { classes, region, by, on });
    return { view: () => withFewerPoints(drawn), remarks: chosen.remarks };
  },
});

/** Pictures of a table's own have their groups already. */
function refuseGroups(name: string, asked: string | undefined): void {
  if (asked === undefined) return;
  throw new UserError(
    'idle-clause',
    `\`${name}\` is a comparison with groups of its own; \`by\` and \`on\` are for measurements and tables. Leave them out.`,
  );
}

/** Of measurements, or of a table that has no pictures of its own. */
function figureOfNumbers(
  kind: string,
  table: Named<'measurements' | 'table'>,
  {
    classes,
    region,
    by,
    on,
  }: {
    readonly classes: readonly string[] | undefined;
    readonly region: ComparedRegion | undefined;
    readonly by: string | undefined;
    readonly on: string | undefined;
  },
): FigureView {
  if ((by === undefined || isPlace(by)) && on === undefined) {
    if (region !== undefined)
      throw new UserError(
        'idle-clause',
        `\`in\` does nothing ${by === undefined ? 'without `by`' : `beside \`by ${by}\``}: \`${kind}\` draws ${by === undefined ? 'all regions' : `each ${by}`}. Leave it out.`,
      );
    return figureOfPercents(kind, table, { classes, by });
  }
  if (by === undefined)
    throw new UserError(
      'missing-clause',
      `\`on ${on}\` draws groups: write \`by\` and the column that they are told by.`,
    );
  if (region === 'lobes')
    throw new UserError('not-compared', 'Pooled lobes are those of an agreement. Write `in` with one region.');
  if (kind !== 'box' && kind !== 'stacked') return figureOfPercents(kind, table, { classes });
  return figureOfGroups(kind, table, { by, on, classes, region: region ?? 'total' });
}
