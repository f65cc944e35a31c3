/** `export`: writes a table to a file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { ColumnTable } from 'arquero';
import { counted } from '../base/counted.ts';
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
    'The ending of the file’s name gives the format: `.csv`, `.tsv`, `.json`, `.parquet` or `.arrow` (also `.feather`). Numbers are written unrounded with a decimal point, whatever the computer’s language. A file that the notebook loaded is never overwritten. `export ai density to …` writes the density measures of measurements, `export ag statistics to …` every statistic of an agreement, and `export ag counts to …` its contingency tables, which `agree` reads again.',
  examples: ['export ag to "table4.csv"', 'export ai density to "density.csv"'],
  subject: {
    type: sequence(name('table', 'measurements', 'agreement'), maybe(oneOf('density', 'statistics', 'counts'))),
    noun: 'the name of a table',
    documentation: 'The table to write.',
  },
  clauses: {
    to: required(placed(text('file')), 'The file; relative paths start at the notebook’s folder.'),
  },
  gives: [],
  alwaysShown: false,
  async run({ subject: [subject, part], to: { value: written, span } }, context) {
    const table = tableOf(subject, part);
    const format = FORMATS[extname(written).toLowerCase()];
    if (!format)
      throw new UserError('unknown-format', `"${written}" should end in ${Object.keys(FORMATS).join(', ')}.`, span);
    const path = context.resolvePath(written);
    if (context.inputs.has(path))
      throw new UserError(
        'overwrites-input',
        `"${written}" was loaded by this notebook and is not overwritten. Choose another name.`,
        span,
      );
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, writeTable(table, format));
    } catch (error) {
      throw new UserError('cannot-write', `"${written}" cannot be written: ${(error as Error).message}.`, span);
    }
    return { messages: [{ severity: 'info', text: `Wrote ${counted(table.numRows(), 'row')} to ${written}.` }] };
  },
});

function tableOf(
  subject: Named<'table' | 'measurements' | 'agreement'>,
  part: 'density' | 'statistics' | 'counts' | undefined,
): ColumnTable {
  switch (part) {
    case 'density':
      return ofKind(subject, 'measurements').value.density;
    case 'counts':
      return countsOf(ofKind(subject, 'agreement').value);
    case 'statistics':
      return statisticsIn(ofKind(subject, 'agreement', 'table'));
    default:
      return subject.value.table;
  }
}

function statisticsIn({ name, value }: Named<'agreement' | 'table'>): ColumnTable {
  if (value.kind === 'agreement') return statisticsOf(value);
  if (value.statistics) return value.statistics(value.table);
  throw new UserError('wrong-kind', `\`${name}\` is a table, and only agreements have statistics.`);
}
