/** `export`: writes a table to a file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { ColumnTable } from 'arquero';
import { counted } from '../base/counted.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { type TableFormat, writeTable } from '../tables/tableFile.ts';
import { countsOf, statisticsOf } from '../values/statistics.ts';
import { type Named, named, partsOf, type Resolved, textOf, wordOf } from './arguments.ts';
import { oneOf } from './clauseTypes.ts';
import type { Verb } from './verb.ts';

const FORMATS: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.json': 'json',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
};

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Writes a table to a file.',
  documentation:
    'The ending of the file’s name gives the format: `.csv`, `.tsv`, `.json`, `.parquet` or `.arrow` (also `.feather`). Numbers are written unrounded with a decimal point, whatever the computer’s language. A file that the notebook loaded is never overwritten. `export ai density to …` writes the density measures of measurements, `export ag statistics to …` every statistic of an agreement, and `export ag counts to …` its contingency tables, which `agree` reads again.',
  examples: ['export ag to "table4.csv"', 'export ai density to "density.csv"'],
  subject: {
    type: {
      kind: 'sequence',
      parts: [
        { type: { kind: 'name', of: ['table', 'measurements', 'agreement'] } },
        { type: oneOf('density', 'statistics', 'counts'), optional: true },
      ],
    },
    noun: 'the name of a table',
    documentation: 'The table to write.',
  },
  clauses: {
    to: {
      type: { kind: 'text' },
      required: true,
      documentation: 'The file; relative paths start at the notebook’s folder.',
    },
  },
  gives: [],
  alwaysShown: false,
  async run(values, context) {
    const [subject, part] = partsOf(values.subject);
    const table = tableOf(subject!, part && wordOf(part));
    const { span } = values.clauses.to!;
    const written = textOf(values.clauses.to!);
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
      throw new UserError('cannot-write', `"${written}" cannot be written: ${reasonOf(error)}.`, span);
    }
    return { messages: [{ severity: 'info', text: `Wrote ${counted(table.numRows(), 'row')} to ${written}.` }] };
  },
};

function tableOf(subject: Resolved, part: string | undefined): ColumnTable {
  switch (part) {
    case 'density':
      return named(subject, 'measurements').value.density;
    case 'counts':
      return countsOf(named(subject, 'agreement').value);
    case 'statistics':
      return statisticsIn(named(subject, 'agreement', 'table'));
    default:
      return named(subject, 'table', 'measurements', 'agreement').value.table;
  }
}

function statisticsIn({ name, value }: Named<'agreement' | 'table'>): ColumnTable {
  if (value.kind === 'agreement') return statisticsOf(value);
  if (value.statistics) return value.statistics(value.table);
  throw new UserError('wrong-kind', `\`${name}\` is a table, and only agreements have statistics.`);
}
