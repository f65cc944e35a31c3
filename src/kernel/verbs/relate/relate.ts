/** `relate`: how what was measured goes with lung function, outcome or groups of patients. */
import { UserError } from '../../base/userError.ts';
import { column } from '../../language/clauses/column.ts';
import { name } from '../../language/clauses/name.ts';
import { sequence } from '../../language/clauses/sequence.ts';
import { declareVerb } from '../verb.ts';
import { CLAUSES } from './clauses.ts';
import { relateValue } from './relateValue.ts';

export const relate = declareVerb({
  name: 'relate',
  summary: 'Relates measurements to lung function, outcome or groups.',
  documentation:
    'Takes a column of numbers, such as `percent`, and one or more columns with a value per patient, which `join` puts beside it. What is done follows from these columns. Numbers (`fvc`): Spearman’s ρ, and linear regression (β with standard errors HC3, which need no equal variances). Two groups, or yes and no: Mann–Whitney’s test with the rank-biserial correlation, and logistic regression (odds ratio). More groups: Kruskal–Wallis’ test with ε². Follow-up with `event`: the log-rank test of thirds, and Cox’s regression (hazard ratio, ties after Efron). Effects are those of the column, per step of `per`, with the variables of `adjusting` taken into account; rank statistics are not adjusted. p stand beside those adjusted for the number of tests, by Holm and by Benjamini and Hochberg. Patients who lack a value are left out of the row and counted in `missing`. `describe` lists every coefficient; `plot` draws `scatter`, `box`, `kaplan-meier` and `forest`.',
  examples: [
    'relate both percent with fvc for ggo, fibrosis by region adjusting age, sex as r',
    'relate both percent with months event died for fibrosis per 10 as survival',
    'relate registry fvc with antibody as groups',
  ],
  subject: {
    type: sequence(name('measurements', 'table'), column()),
    noun: 'the name of a table, then a column',
    documentation: 'The table, and the column of numbers that is related.',
  },
  clauses: CLAUSES,
  gives: ['table'],
  alwaysShown: false,
  async run({ subject: [table, of], ...asked }) {
    if (asked.event !== undefined && asked.with.length > 1)
      throw new UserError(
        'too-many',
        `\`event\` belongs to one column of times, and \`with\` names ${asked.with.length}. Write a \`relate\` for each.`,
      );
    return relateValue(table, of, asked);
  },
});
