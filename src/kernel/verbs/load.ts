/** `load`: a cohort of CTs, or a table. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SOFTWARE } from '../base/software.ts';
import { UserError } from '../base/userError.ts';
import { discoverCohort } from '../ct/discover.ts';
import { type SeriesWish, withSeries } from '../ct/seriesChoice.ts';
import { readStart } from '../ct/sources.ts';
import { readTable } from '../tables/delimited.ts';
import { itemsOf, type Resolved, textOf, wordOf } from './arguments.ts';
import { oneOf } from './clauseTypes.ts';
import { cohortView, unusedMessages } from './cohortView.ts';
import { cohortFlags } from './flags.ts';
import { tableView } from './tableView.ts';
import type { TableValue } from './value.ts';
import type { Verb, VerbContext, VerbResult } from './verb.ts';

export const load: Verb = {
  name: 'load',
  summary: 'Loads CTs or a table.',
  documentation:
    'The path is that of a folder with one sub-folder per patient, of a folder or zip file with one patient’s DICOM files, of a NIfTI file, or of a table (csv, tsv, json). What it is, is told from its content. Relative paths start at the notebook’s folder.',
  examples: [
    'load "cohort/" as cohort',
    'load "scans/" series "series-3", "P07/series-2" as chosen',
    'load "reader1.csv" as reader',
  ],
  subject: {
    type: { kind: 'text' },
    noun: 'a path in double quotes',
    documentation: 'The path of the CTs or the table.',
  },
  clauses: {
    series: {
      type: { kind: 'either', types: [oneOf('best', 'all'), { kind: 'list', of: { kind: 'text' } }] },
      default: 'best',
      documentation:
        'Which series of each patient is measured: the `best` one for the lungs (`describe` says which and why), `all` of them, or series by name: `"series-3"` for every patient who has it, `"P07/series-2"` for one.',
    },
  },
  gives: ['cohort', 'table'],
  alwaysShown: false,
  async run(values, context) {
    const written = textOf(values.subject);
    const path = context.resolvePath(written);
    const info = await stat(path).catch(() => undefined);
    if (!info)
      throw new UserError(
        'path-missing',
        `There is no file or folder "${written}" (looked for ${path}). Paths start at the notebook's folder.`,
      );
    if (info.isFile() && (await looksLikeText(path))) {
      if (values.clauses.series)
        throw new UserError('wrong-kind', `"${written}" is a table; \`series\` chooses among the CTs of a cohort.`);
      return loadTable(path, context);
    }
    const cohort = withSeries(await discoverCohort(path, context.task), wishOf(values.clauses.series));
    return {
      value: { kind: 'cohort', cohort },
      view: () => cohortView(cohort, `Cohort ${basename(path)}`),
      messages: unusedMessages(cohort),
      flags: cohortFlags(cohort),
    };
  },
};

function wishOf(resolved: Resolved | undefined): SeriesWish {
  if (!resolved) return 'best';
  return resolved.kind === 'word' ? (wordOf(resolved) === 'all' ? 'all' : 'best') : itemsOf(resolved).map(textOf);
}

/** A table's file has no zero byte in its first part; images and archives do. */
async function looksLikeText(path: string): Promise<boolean> {
  return !(await readStart(path, 4096)).includes(0);
}

async function loadTable(path: string, context: VerbContext): Promise<VerbResult> {
  const bytes = await readFile(path);
  const name = basename(path);
  const table = readTable(bytes.toString('utf8'), name);
  context.inputFiles.add(path);
  const provenance = {
    software: SOFTWARE,
    models: [],
    inputs: { [name]: createHash('sha256').update(bytes).digest('hex') },
    parameters: {},
  };
  const value: TableValue = { kind: 'table', table, cutPoints: undefined, provenance };
  return { value, view: () => tableView(table, { title: name, researchOnly: false, provenance }) };
}
