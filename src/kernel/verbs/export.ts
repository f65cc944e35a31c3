/** `export`: writes a table to a file. */
import { extname } from 'node:path';
import type { ColumnTable } from 'arquero';
import { counted } from '../base/counted.ts';
import { interruptible } from '../base/interruptible.ts';
import { info } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { placed } from '../language/clauses/placed.ts';
import { maybe, sequence } from '../language/clauses/sequence.ts';
import { text } from '../language/clauses/text.ts';
import { required } from '../language/declaration.ts';
import { type TableFormat, writeTable } from '../tables/tableFile.ts';
import { type Named, ofKind } from '../values/named.ts';
import { countsOf, statisticsOf } from '../values/statistics.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb } from './verb.ts';

const FORMATS: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.json': 'json',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
};

export const exportVerb = declareVerb({
  name: 'export',
  summary: 'Writes a table to a file.',
  documentation:
    'The ending of the file’s name gives the format: `.csv`, `.tsv`, `.json`, `.parquet` or `.arrow` (also `.feather`). Numbers are written unrounded with a decimal point, whatever the computer’s language. In csv and tsv, a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) is written with an apostrophe before it, which `load` takes away again; numbers stay numbers. A file is written whole or not at all. What the notebook loads is never written over, and a model or a notebook neither; for another file that is there and that no run of this notebook wrote, or that was changed since, you are asked, as for a place outside the notebook’s folder (on the command line `--overwrite` and `--allow-outside` say yes). `export ai density to …` writes the density measures of measurements, `export ai structures to …` those of vessels, airways and other structures of masks, `export ag statistics to …` every statistic of an agreement, and `export ag counts to …` its contingency tables, which `agree` reads again.',
  examples: ['export ag to "table4.csv"', 'export ai density to "density.csv"'],
  subject: {
    type: sequence(
      name('table', 'measurements', 'agreement'),
      maybe(oneOf('density', 'structures', 'statistics', 'counts')),
    ),
    noun: 'the name of a table',
    documentation: 'The table to write.',
  },
  clauses: {
    to: required(placed(text('file')), 'The file; relative paths start at the notebook’s folder.'),
  },
  gives: [],
  alwaysShown: false,
  async run({ subject: [subject, part], to }, context) {
    const { value: written, span } = to;
    const table = tableOf(subject, part);
    const format = FORMATS[extname(written).toLowerCase()];
    if (!format)
      throw new UserError('unknown-format', `"${written}" should end in ${Object.keys(FORMATS).join(', ')}.`, span);
    // Before it is written: an interrupt ends it, and is no failure to write.
    const contents = interruptible(() => writeTable(table, format));
    await pointingAt(to, () => context.writeFile(written, contents));
    return { remarks: [info('rows-written', `Wrote ${counted(table.numRows(), 'row')} to ${written}.`)] };
  },
});

function tableOf(
  subject: Named<'table' | 'measurements' | 'agreement'>,
  part: 'density' | 'structures' | 'statistics' | 'counts' | undefined,
): ColumnTable {
  switch (part) {
    case 'density':
      return ofKind(subject, 'measurements').value.density;
    case 'structures':
      return structuresIn(ofKind(subject, 'measurements'));
    case 'counts':
      return countsOf(ofKind(subject, 'agreement').value);
    case 'statistics':
      return statisticsIn(ofKind(subject, 'agreement', 'table'));
    default:
      return subject.value.table;
  }
}

function structuresIn({ name, value }: Named<'measurements'>): ColumnTable {
  if (value.structures) return value.structures;
  throw new UserError(
    'wrong-kind',
    `\`${name}\` has no structures beside the lobes: masks with airways, vessels or nodules give them.`,
  );
}

function statisticsIn({ name, value }: Named<'agreement' | 'table'>): ColumnTable {
  if (value.kind === 'agreement') return statisticsOf(value);
  if (value.statistics) return value.statistics(value.table);
  throw new UserError('wrong-kind', `\`${name}\` is a table, and only agreements have statistics.`);
}
