/** The files of `lungnb run --crate FOLDER`: the executed notebook, its results, its page, and what says how they belong together. */
import { basename, join } from 'node:path';
import type { Notebook } from '../../protocol/notebook.ts';
import { SOFTWARE, SOFTWARE_VERSION } from '../base/software.ts';
import { UsageError } from '../commands/usageError.ts';
import type { ResultPaths } from '../resultFiles.ts';
import type { Value } from '../values/value.ts';
import { crateMetadata } from './crateMetadata.ts';

const NOTEBOOK = 'notebook.lungnb';
const RESULTS = 'results.json';
const PAGE = 'report.html';

/** Where the results go: into the crate, or where each option says. Throws a UsageError where both are said. */
export function resultPaths(options: ResultPaths): ResultPaths {
  const { crate, ...single } = options;
  if (crate === undefined) return single;
  const { pdf, docx } = single;
  for (const option of ['out', 'html', 'json'] as const)
    if (single[option] !== undefined)
      throw new UsageError(`--crate writes what --${option} would, into its folder. Leave out one of the two.`);
  return {
    out: join(crate, NOTEBOOK),
    json: join(crate, RESULTS),
    html: join(crate, PAGE),
    crate: join(crate, 'ro-crate-metadata.json'),
    ...(pdf !== undefined && { pdf }),
    ...(docx !== undefined && { docx }),
  };
}

export interface Run {
  /** The notebook's file. */
  readonly path: string;
  readonly executed: Notebook;
  readonly names: ReadonlyMap<string, Value>;
  readonly started: Date;
  readonly ended: Date;
}

/** The text of `ro-crate-metadata.json`. */
export function crateText({ path, executed, names, started, ended }: Run): string {
  const problem = executed.cells.flatMap(({ outputs }) => outputs ?? []).find((output) => output.problem)?.problem;
  const metadata = crateMetadata({
    title: basename(path, '.lungnb'),
    workflow: { path: NOTEBOOK, name: basename(path), mediaType: 'application/json' },
    outputs: [
      { path: RESULTS, name: 'All results as rows', mediaType: 'application/json' },
      { path: PAGE, name: 'The notebook with its tables, figures and slices, for a browser', mediaType: 'text/html' },
    ],
    parameters: Object.fromEntries(
      [...names].flatMap(([name, value]) => (value.kind === 'parameter' ? [[name, value.value] as const] : [])),
    ),
    provenance: executed.provenance,
    software: { name: SOFTWARE.replace(` ${SOFTWARE_VERSION}`, ''), version: SOFTWARE_VERSION },
    started: inSeconds(started),
    ended: inSeconds(ended),
    ...(problem && { failed: problem.message }),
  });
  return `${JSON.stringify(metadata, null, 1)}\n`;
}

/** ISO 8601, as the profile's validator reads it. */
function inSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, '+00:00');
}
