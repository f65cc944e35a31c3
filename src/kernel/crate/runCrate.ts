/** The files of `lungnb run --crate FOLDER`: the executed notebook, its results, its page, and what says how they belong together. */
import { basename } from 'node:path';
import type { Notebook } from '../../protocol/notebook.ts';
import { SOFTWARE, SOFTWARE_VERSION } from '../base/software.ts';
import type { Value } from '../values/value.ts';
import { crateMetadata } from './crateMetadata.ts';

/** What lies in the folder, by the options of `run` that write the same by themselves. */
export const CRATE_FILES = {
  out: 'notebook.lungnb',
  json: 'results.json',
  html: 'report.html',
  crate: 'ro-crate-metadata.json',
} as const;

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
    workflow: { path: CRATE_FILES.out, name: basename(path), mediaType: 'application/json' },
    outputs: [
      { path: CRATE_FILES.json, name: 'All results as rows', mediaType: 'application/json' },
      {
        path: CRATE_FILES.html,
        name: 'The notebook with its tables, figures and slices, for a browser',
        mediaType: 'text/html',
      },
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
