/** `score`: from percentages to the ordered categories of visual reading. */

import { table as tableOf } from 'arquero';
import { warning } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import { list } from '../language/clauses/list.ts';
import { name } from '../language/clauses/name.ts';
import { number } from '../language/clauses/number.ts';
import { placed, unwritten } from '../language/clauses/placed.ts';
import { withDefault } from '../language/declaration.ts';
import { categoryOf, DEFAULT_CUT_POINTS } from '../tables/categories.ts';
import { numberInCell } from '../tables/cellNumber.ts';
import { tableView } from '../views/tableView.ts';
import { declareVerb } from './verb.ts';

/** A decimal comma makes two cut points of one. */
const ZERO_CUT = warning(
  'zero-cut',
  'A cut point of 0 leaves nobody in category 0, since every percentage reaches it. Decimals take a point: `0.5`, not `0,5`.',
);

export const score = declareVerb({
  name: 'score',
  summary: 'Adds scores from 0 upwards by cut points.',
  documentation:
    'Adds a column `score`: the number of cut points that the percentage reaches; a value equal to a cut goes up. The usual cut points 1, 25, 50, 75 give 0 none, 1 = 1–24 %, 2 = 25–49 %, 3 = 50–74 %, 4 = 75–100 %. `agree` uses the cut points of a scored table.',
  examples: ['score ai at 1, 25, 50, 75 as ai5'],
  subject: {
    type: name('measurements', 'table'),
    noun: 'the name of measurements',
    documentation: 'Measurements, or a table with a column `percent`.',
  },
  clauses: {
    at: withDefault(
      placed(list(number({ units: ['%'], minimum: 0, maximum: 100 }))),
      unwritten(DEFAULT_CUT_POINTS),
      'The cut points in percent, rising.',
    ),
  },
  gives: ['measurements', 'table'],
  columns: { from: 'subject', adds: ['score'] },
  alwaysShown: false,
  async run({ subject: { name, value }, at: { value: cutPoints, span } }) {
    if (cutPoints.some((cut, n) => n > 0 && cut <= cutPoints[n - 1]!))
      throw new UserError('cut-points', `Cut points must rise: ${cutPoints.join(', ')} do not.`, span);
    if (!value.table.columnNames().includes('percent'))
      throw new UserError(
        'missing-columns',
        `\`${name}\` has no column \`percent\` to score; it has ${value.table.columnNames().join(', ')}.`,
      );
    const score = Array.from(value.table.array('percent'), (cell, n) => {
      const percent = numberInCell(cell);
      if (percent === 'other')
        throw new UserError(
          'not-a-number',
          `"${cell}" in row ${n + 1}, column percent of \`${name}\` is not a number.`,
        );
      return percent === undefined ? undefined : categoryOf(percent, cutPoints);
    });
    const table = value.table.assign(tableOf({ score }));
    const provenance = { ...value.provenance, parameters: { ...value.provenance.parameters, cutPoints } };
    return {
      value: { ...value, table, cutPoints, provenance },
      ...(cutPoints[0] === 0 ? { remarks: [ZERO_CUT] } : {}),
      view: () => tableView(table, { title: `Scores at ${cutPoints.join(', ')} %`, researchOnly: true, provenance }),
    };
  },
});
