/** `describe`: what was found, series by series; the flags of what was measured; or what a table holds, column by column. */
import { name } from '../language/clauses/name.ts';
import { cohortFlags } from '../values/flags.ts';
import { sentencesOf } from '../values/remarks.ts';
import { statisticsOf } from '../values/statistics.ts';
import { cohortView, unusedRemarks } from '../views/cohortView.ts';
import { columnsView } from '../views/columnsView.ts';
import { flagsView } from '../views/flagsView.ts';
import { statisticsView } from '../views/statisticsView.ts';
import { declareVerb } from './verb.ts';

export const describe = declareVerb({
  name: 'describe',
  summary: 'Says what a cohort or table holds.',
  documentation:
    'For a cohort: a row per CT series with its slices, spacing, convolution kernel, scanner and patient position, and its flags (few or missing slices, prone position and the like); nothing is dropped silently. For measurements: a row per CT and flag with the reason, `none` where there is no flag. For an agreement: every further statistic of each class and region (correlations, κ with all weights, AC1 and AC2, agreement within categories, tests of margins; where both sides are in the same unit also intraclass and concordance correlations, limits of agreement and repeatability). For an agreement of several readers: Fleiss’ κ of each category, Krippendorff’s α with intervals, every intraclass correlation, κ of each pair, and the coefficients of Gwet, Brennan and Prediger, and Conger. For a comparison `on` a column: every coefficient, limits that follow the mean, regressions, prediction and tolerance intervals. For masks: a row per file with what its labels stand for. For a table: a row per column.',
  examples: ['describe cohort', 'describe ai'],
  subject: {
    type: name('cohort', 'masks', 'table', 'measurements', 'agreement'),
    noun: 'the name of a cohort or table',
    documentation: 'What to describe.',
  },
  clauses: {},
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value } }) {
    if (value.kind === 'measurements') return { view: () => flagsView(name, value) };
    if (value.kind === 'agreement') {
      const { pairs, remarks, notes, provenance } = value;
      const about = { comparisons: pairs.length, notes: [...sentencesOf(remarks), ...notes(pairs)], provenance };
      return { view: () => statisticsView(name, statisticsOf(value), about) };
    }
    if (value.kind === 'table' && value.statistics) {
      const { statistics, table, provenance } = value;
      const about = { comparisons: table.numRows(), notes: [], provenance };
      return { view: () => statisticsView(name, statistics(table), about) };
    }
    if (value.kind === 'masks')
      return {
        view: async () => (await import('../views/masksView.ts')).masksView(value.masks, name, value.provenance),
        remarks: value.masks.problems,
      };
    if (value.kind !== 'cohort')
      return { view: () => ({ ...columnsView(name, value.table), provenance: value.provenance }) };
    return {
      view: () => cohortView(value.cohort, name),
      remarks: unusedRemarks(value.cohort),
      flags: cohortFlags(value.cohort),
    };
  },
});
