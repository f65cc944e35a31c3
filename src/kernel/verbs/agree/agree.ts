/** `agree`: two readings of the same patients, by rank correlation and κ. */
import { UserError } from '../../base/userError.ts';
import { name } from '../../language/clauses/name.ts';
import { sameName } from '../../tables/columns.ts';
import { type Named, ofKind } from '../../values/named.ts';
import { pairedByVisit, pooledVisits, severalVisitsOf } from '../../values/visits.ts';
import { isPlace } from '../places.ts';
import { declareVerb, type TakesForm, type VerbContext, type VerbResult } from '../verb.ts';
import { agreeAgainst } from './agreeAgainst.ts';
import { agreeBetween } from './agreeBetween.ts';
import { agreeCategoryCounts, holdsCategoryCounts } from './agreeCategoryCounts.ts';
import { agreeCounts, COUNT_COLUMNS } from './agreeCounts.ts';
import { agreeDifference } from './agreeDifference.ts';
import { agreeGroups } from './agreeGroups.ts';
import { agreeMany } from './agreeMany.ts';
import { agreeMeasure } from './agreeMeasure.ts';
import { agreeMeasureGroups } from './agreeMeasureGroups.ts';
import { agreeMeasureMany } from './agreeMeasureMany.ts';
import { agreeMultireader } from './agreeMultireader.ts';
import { agreeOver } from './agreeOver.ts';
import { agreePublished } from './agreePublished.ts';
import { type Side, sidesOf } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import { bootstrapOf, classesAsked, confidenceOf, weightsOf } from './asked.ts';
import { type AgreeArguments, CLAUSES, FORMS } from './clauses.ts';

type Reading = Named<'measurements' | 'table' | 'agreement' | 'masks'>;

export const agree = declareVerb({
  name: 'agree',
  summary: 'Compares two readings by rank correlation and κ.',
  documentation:
    'Pairs the patients of both sides. ρ (Spearman) is taken between the values as they are, percent or score; κ (Cohen) between the categories, for percentages at the cut points of a scored table or else 1, 25, 50, 75. Without `by region` the whole lungs are compared; with it the lungs and each lobe. A pair that is missing on either side is left out and counted. The p of ρ is exact for up to 9 patients and by t beyond; its interval is by Fisher’s z with the Bonett–Wright variance; the interval of κ is by the Fleiss–Cohen–Everitt standard error. All is on the full scale of categories: the one that `scale` says, else that of the cut points, from 0; it stands below the table. Patients who were left out of a side before (`exclude`, `filter`) are not counted as missing. Where a side has several visits of a patient, each side needs a column `visit`, and readings are paired visit by visit; `by visit` compares each visit by itself. `kappa_max`, `pabak` and `ac1` are unweighted whatever `weights` says; prevalence and bias indices are for present (≥ 1) against absent.\n\nA table with a column `reader` that names several readers counts as that many readings. With three readings or more: Fleiss’ κ, Krippendorff’s α and the intraclass correlation; readings in percent are compared as such. Where fewer than half of the patients were read by all, Fleiss’ κ is Gwet’s (2014) and the intraclass correlation that of Ebel and Brückl & Heuer (irrNA), for incomplete readings. Of two agreements: how much ρ and κ differ on the same patients, by the paired bootstrap. Without `with`: a table of several readers compares them with each other; a contingency table (`left, right, count`) gives an agreement like any other; a published table (`class, n`, with `reader, category, count` and optionally `percent`, and the coefficients `rho, rho_p, kappa, kappa_ci_low, kappa_ci_high`) the range of κ that its margins allow, and what in it does not fit together.\n\n`on` compares a column of numbers as they are: correlations, ICC, concordance, bias and limits of agreement, with repeated measurements of a patient taken into account (those with the same `visit`, `replicate` or `repeat` on both sides belong together). `against` compares the first reading with the majority or the median of those behind `with`, or with each. `by` a column of either table compares groups of patients, and says whether agreement differs between them. Of two agreements, `margin` asks whether the first is as good as the second within it; agreements of different patients are compared as independent groups. A table with `patient` and the number of readers per category (a column each, or `patient, category, count`) is compared as Fleiss does. `describe` lists every further statistic of an agreement.\n\n`on voxels` compares the label maps behind measurements, or masks, with each other: Dice, the mean distance of the surfaces, the 95th percentile of Hausdorff’s distance, and volumes, of each patient, region and class, the worst first; a click on the patient opens the slice in which most voxels differ.\n\n`between` compares two readings of the same reader, told apart by a column of his or her table: `between repeat` cases that were shown twice, `between session` two sessions, `between ai` readings without and with AI. With `against` the name of a table of true values, it compares what several readers achieve under both conditions: ρ and κ, of a truth with two values the area under the ROC curve (of an answer yes or no with its confidence, where `ask confidence` was answered). That is the analysis of Obuchowski and Rockette with jackknife covariances and Hillis’s degrees of freedom, for other readers and cases; `describe` gives it for these readers or these cases alone, each reader, and the components of variance. `over case` says whether a reader’s time, or difference to another reading, changes in the order of reading.',
  examples: [
    'agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag',
    'agree reader1 with reader2, reader3 as readers',
    'agree reader1 with reader2 scale 1..5 matching numbers',
    'agree ai with all_readers as all',
    'agree ai_reader with reader_reader margin 0.1 as difference',
    'agree ai with rescan on volume_ml by region level 90 as volumes',
    'agree ai with reader1, reader2, reader3 against majority as ag',
    'agree ai with edited on voxels by region as overlap',
    'agree reader3 between repeat weights quadratic as intra',
    'agree reader1 with reader2, reader3 between ai against truth weights quadratic as readers',
    'agree reader3 with ai over case as drift',
    'agree published',
  ],
  subject: {
    type: name('measurements', 'table', 'agreement', 'masks'),
    noun: 'the name of measurements or scores',
    documentation: 'One reading: measurements, scores, or a reader’s table; masks; or an agreement.',
  },
  clauses: CLAUSES,
  forms: FORMS,
  gives: ['agreement', 'table'],
  alwaysShown: false,
  async run({ subject, ...asked }, context, takesForm) {
    if (asked.on === 'voxels' && asked.with) return voxelsOf(subject, asked.with, { asked, context, takesForm });
    if (asked.with === undefined && subject.value.kind === 'masks')
      throw new UserError(
        'missing-clause',
        `Masks are compared with masks or measurements: \`agree ${subject.name} with ai on voxels\`.`,
      );
    const readings = [subject, ...(asked.with ?? [])];
    if (asked.between !== undefined) return agreeConditions(asked.between, readings, asked, takesForm);
    if (asked.over !== undefined) return agreeInOrder(asked.over, readings, asked, takesForm);
    if (!asked.with) return agreeAlone(ofKind(subject, 'table'), asked, takesForm);
    if (subject.value.kind === 'agreement') return agreeDifferent(subject, asked.with, asked, takesForm);
    if (asked.on !== undefined) return agreeOn(asked.on, [subject, ...asked.with], asked, takesForm);
    if (asked.against !== undefined) return agreeWithSeveral(subject, asked.with, asked, takesForm);
    return agreeReadings([subject, ...asked.with], asked, takesForm);
  },
});

/** Readings of several visits meet visit by visit. */
function agreeReadings(readings: readonly Reading[], asked: AgreeArguments, takesForm: Takes): VerbResult {
  const sides = sidesOf(readings.map((side) => ofKind(side, 'measurements', 'table')));
  return withVisitsSaid(sides, asked, agreeSides(pairedByVisit(sides), asked, takesForm));
}

/** With what is to be known where visits of one patient are compared as those of several. */
function withVisitsSaid(sides: readonly Side[], { by }: AgreeArguments, result: VerbResult): VerbResult {
  const several = severalVisitsOf(sides);
  if (!several || isVisits(by)) return result;
  return { ...result, remarks: [pooledVisits(several), ...(result.remarks ?? [])] };
}

function isVisits(by: string | undefined): boolean {
  return by !== undefined && sameName(by, 'visit');
}

type Takes = TakesForm<keyof typeof FORMS>;

interface Asking {
  readonly asked: AgreeArguments;
  readonly context: VerbContext;
  readonly takesForm: Takes;
}

async function voxelsOf(
  subject: Reading,
  others: readonly Reading[],
  { asked, context, takesForm }: Asking,
): Promise<VerbResult> {
  const [left, right, ...more] = [subject, ...others].map((side) => ofKind(side, 'measurements', 'masks'));
  takesForm('voxels');
  if (more.length)
    throw new UserError('too-many', `Voxels of two sides are compared at a time, and ${more.length + 2} are named.`);
  const { agreeVoxels } = await import('./agreeVoxels.ts');
  return agreeVoxels(left!, right!, asked, context);
}

/** What a single table holds: counts of pairs, several readers, or a published table. */
function agreeAlone(table: Named<'table'>, asked: AgreeArguments, takesForm: Takes): VerbResult {
  if (asked.on !== undefined) return agreeOn(asked.on, [table], asked, takesForm);
  const columns = table.value.table.columnNames();
  if (COUNT_COLUMNS.every((column) => columns.includes(column))) {
    takesForm('counts');
    return agreeCounts(table, asked);
  }
  if (holdsCategoryCounts(table.value.table)) {
    takesForm('categories');
    return agreeCategoryCounts(table, {
      weights: weightsOf(asked),
      bootstrap: bootstrapOf(asked),
      confidence: asked.level / 100,
    });
  }
  const readers = sidesOf([table]);
  if (readers.length > 1 && columns.includes('patient'))
    return withVisitsSaid(readers, asked, agreeSides(pairedByVisit(readers), asked, takesForm));
  takesForm('published');
  return agreePublished(table, asked);
}

function agreeOn(column: string, readings: readonly Reading[], asked: AgreeArguments, takesForm: Takes): VerbResult {
  const read = sidesOf(readings.map((side) => ofKind(side, 'measurements', 'table')));
  // Repeated measurements of a patient are linked by visit, but three sides or groups of visits need each by itself.
  const sides = severalVisitsOf(read) && (isVisits(asked.by) || read.length > 2) ? pairedByVisit(read) : read;
  if (sides.length < 2)
    throw new UserError(
      'too-few',
      `\`on ${column}\` compares two sides or more. Write \`with\` and the other one, or give a table with a column \`reader\`.`,
    );
  takesForm(sides.length === 2 ? 'measure' : 'measures');
  if (sides.length === 2 && asked.by !== undefined && !isPlace(asked.by))
    return agreeMeasureGroups([sides[0]!, sides[1]!], column, asked.by, asked);
  return sides.length === 2
    ? agreeMeasure(sides[0]!, sides[1]!, column, asked)
    : agreeMeasureMany(sides, column, asked);
}

/** Readers with themselves, or with the truth, under the two conditions of a column. */
function agreeConditions(
  column: string,
  readings: readonly Reading[],
  asked: AgreeArguments,
  takesForm: Takes,
): VerbResult {
  const { against } = asked;
  takesForm(against ? 'multireader' : 'repeated');
  const sides = sidesOf(readings.map((side) => ofKind(side, 'table')));
  if (!against) return agreeBetween(sides, column, asked);
  if (typeof against.value === 'string')
    throw new UserError(
      'wrong-kind',
      `With \`between\`, \`against\` takes the name of a table of true values, and \`${against.value}\` is a rule. Make such a table first, or name one.`,
      against.span,
    );
  return agreeMultireader(sides, column, against.value, asked);
}

function agreeInOrder(
  column: string,
  readings: readonly Reading[],
  asked: AgreeArguments,
  takesForm: Takes,
): VerbResult {
  takesForm('order');
  const [reader, other, ...more] = sidesOf(readings.map((side) => ofKind(side, 'measurements', 'table')));
  if (more.length)
    throw new UserError(
      'too-many',
      `\`over ${column}\` follows one reader beside one other reading, and ${more.length + 2} are named.`,
    );
  return agreeOver({ name: reader!.name, value: ofKind(reader!, 'table').value }, other, column, asked);
}

function agreeWithSeveral(
  subject: Reading,
  others: readonly Reading[],
  asked: AgreeArguments,
  takesForm: Takes,
): VerbResult {
  takesForm('against');
  const { against } = asked;
  if (!against || typeof against.value !== 'string')
    throw new UserError(
      'missing-clause',
      '`against` with a table of true values compares readers under two conditions: write `between ai`, `between session`, or another column. Else it takes `majority`, `median` or `each`.',
      against?.span,
    );
  const [one, ...more] = sidesOf([ofKind(subject, 'measurements', 'table')]);
  if (more.length)
    throw new UserError(
      'too-many',
      `\`against\` compares one reading, and \`${subject.name}\` holds ${more.length + 1} (${[one!, ...more].map(({ name }) => name).join(', ')}). Take one of them first by \`filter\`.`,
    );
  const sides = [one!, ...sidesOf(others.map((side) => ofKind(side, 'measurements', 'table')))];
  const [first, ...rest] = pairedByVisit(sides);
  return withVisitsSaid(sides, asked, agreeAgainst(first!, rest, against.value, asked));
}

function agreeDifferent(
  subject: Reading,
  others: readonly Reading[],
  asked: AgreeArguments,
  takesForm: Takes,
): VerbResult {
  takesForm('difference');
  const [first, second] = [subject, others[0]!].map((side) => ofKind(side, 'agreement'));
  if (others.length > 1)
    throw new UserError('too-many', `Two agreements are compared at a time, and ${others.length + 1} are named.`);
  const ci = confidenceOf(asked);
  if (asked.ci.span && !('repetitions' in ci))
    throw new UserError(
      'bootstrap-only',
      `Two agreements are compared by the paired bootstrap alone. Write \`ci bootstrap 2000\` or \`ci bca 2000\` in the place of \`ci ${ci.kind}\`.`,
      asked.ci.span,
    );
  const plan = {
    ...bootstrapOf(asked),
    method: ci.kind === 'bca' ? 'bca' : 'percentile',
    confidence: asked.level / 100,
    margin: asked.margin,
  } as const;
  return agreeDifference(first!, second!, plan, classesAsked(asked));
}

function agreeSides(sides: readonly Side[], asked: AgreeArguments, takesForm: Takes): VerbResult {
  if (asked.by !== undefined && !isPlace(asked.by)) {
    takesForm('groups');
    if (sides.length > 2) return agreeMany(sides, asked);
    return agreeGroups(sides[0]!, sides[1]!, asked.by, asked);
  }
  takesForm(sides.length === 2 ? 'readings' : 'readers');
  return sides.length === 2 ? agreeTwo(sides[0]!, sides[1]!, asked) : agreeMany(sides, asked);
}
