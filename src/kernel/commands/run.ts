/** `lungnb run`: runs the cells of a notebook one after another, and writes what was asked for. */
import { basename } from 'node:path';
import { ENGINE_PROGRAM, htmlPage, PAGE_PROGRAM, type PageOptions } from '../../protocol/htmlPage.ts';
import type { CellText } from '../../protocol/kernelApi.ts';
import type { Notebook, NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import { collectProvenance, formatNotebook } from '../../protocol/notebookFile.ts';
import type { PageComputing } from '../../protocol/page/computing.ts';
import { heldBeside } from '../../protocol/page/unshown.ts';
import { counted } from '../base/counted.ts';
import type { Task } from '../base/task.ts';
import { crateText } from '../crate/runCrate.ts';
import { SELECTED } from '../language/expression.ts';
import { parametersIn } from '../language/parametersIn.ts';
import { built } from '../ownFiles.ts';
import { computingOf, tooLarge } from '../page/computingOf.ts';
import { createSession, type Session } from '../session/session.ts';
import { print, progressLine, report } from '../terminal.ts';
import { valueJson } from '../values/valueJson.ts';
import { VERBS } from '../verbs/index.ts';
import { codeCells, placeText, tellAhead } from './check.ts';
import { showOnScreen } from './onScreen.ts';
import { kernelOptions, type RunOptions } from './options.ts';
import { pageSlices, type SlicesForPage, sizeOfPage, slicesAsked } from './pageSlices.ts';
import { paperFiles } from './paperOptions.ts';
import { readNotebook } from './readNotebook.ts';
import { answerFromOptions, resultFiles, resultPaths, sameFile } from './resultFiles.ts';
import { serve } from './serve.ts';
import { UsageError } from './usageError.ts';
import { endWith } from './wordsOf.ts';

export async function run(path: string, values: RunOptions): Promise<number> {
  const notebook = await readNotebook(path);
  const started = new Date();
  const { out, html, json, crate, pdf, docx } = values;
  const paths = resultPaths({ out, html, json, crate, pdf, docx });
  const slicesPerCt = slicesAsked(values.slices, paths);
  const same = await sameFile(paths);
  if (same) throw new UsageError(`--${same[0]} and --${same[1]} name the same file. Give each its own.`);
  const program = paths.html || pdf || docx ? await built(PAGE_PROGRAM) : '';
  const engine = paths.html && !values.static && !values['no-code'] ? await built(ENGINE_PROGRAM) : undefined;
  const paper = await paperFiles(values);
  const options = kernelOptions(path, values);
  refuseUnknownParameters(notebook, Object.keys(options.parameters));
  if (values.serve)
    return serve({ path, notebook, kernel: options }, values, { input: process.stdin, output: process.stdout });
  const outputs = new Map<string, NotebookOutput[]>();
  const bar = progressLine();
  const session = createSession(options, {
    progress: ({ cellId, fraction, message }) => bar.show(`cell ${Number(cellId) + 1}: ${message}`, fraction),
    output: ({ cellId, view, text }) => {
      bar.clear();
      outputs.set(cellId, [...(outputs.get(cellId) ?? []), { view, text }]);
      print(`${text}\n`);
    },
    mayWrite: answerFromOptions(values),
    screen: (text) => showOnScreen(text, values),
  });
  let interrupts = 0;
  const interrupt = () => {
    // Who asks twice will not wait for the cell; 130 is what shells give for it.
    if (interrupts++ > 0) process.exit(130);
    session.interrupt(null);
  };
  process.on('SIGINT', interrupt);
  const uncaught = (error: Error) => {
    if (!session.fail(error)) endWith(error);
  };
  process.off('uncaughtException', endWith).on('uncaughtException', uncaught);
  try {
    session.annotate({ drawn: notebook.annotations?.drawn ?? [] });
    const cells = codeCells(notebook);
    const files = await resultFiles(path, paths, session, cells);
    await files.check();
    for (const warning of paper.warnings) report(warning);
    await tellAhead(path, session, cells);
    const { hasFailed, isCancelled } = await runCells({ path, cells, session, outputs, bar }, values);
    // From here on there is no cell to interrupt: the signal ends the command, as is usual.
    process.off('SIGINT', interrupt);
    const executed = withOutputs(notebook, outputs);
    const slices = isCancelled ? undefined : await slicesUntilInterrupted(session, executed, slicesPerCt, bar);
    const computes = engine === undefined ? undefined : computesWith(computingOf(cells, session.ran()), engine);
    const title = basename(path, '.lungnb');
    const withCode = !values['no-code'];
    const made = { title, executed, page: () => htmlPage(executed, title, program, { withCode }) };
    const failed = await files.write({
      out: () => formatNotebook(executed),
      html: () => htmlPage(executed, title, program, { withCode, slices: slices?.kept, ...(computes && { computes }) }),
      pdf: () => paper.pdf(made),
      docx: () => paper.docx(made),
      json: () => resultsJson(executed, session.names()),
      crate: () => crateText({ path, executed, names: session.names(), started, ended: new Date() }),
    });
    const held = computes && heldBeside(computes.computing, executed);
    if (held && failed.length === 0) report(`${paths.html}: ${held} --static makes a page without them.`);
    for (const message of failed) report(message);
    if (slices?.kept && failed.length === 0) report(await sizeOfPage(paths.html!));
    return hasFailed || failed.length > 0 || slices?.isWhole === false ? 1 : 0;
  } finally {
    await session.close();
    process.off('uncaughtException', uncaught).on('uncaughtException', endWith);
  }
}

interface Running {
  readonly path: string;
  readonly cells: readonly CellText[];
  readonly session: Session;
  /** By the cells' ids; problems are added to them. */
  readonly outputs: Map<string, NotebookOutput[]>;
  readonly bar: ReturnType<typeof progressLine>;
}

/** In order, until one fails or is cancelled. */
async function runCells(
  { path, cells, session, outputs, bar }: Running,
  { 'keep-going': keepGoing }: RunOptions,
): Promise<{ readonly hasFailed: boolean; readonly isCancelled: boolean }> {
  let hasFailed = false;
  for (const [at, cell] of cells.entries()) {
    const { cellId } = cell;
    const number = Number(cellId) + 1;
    const result = await session.runCell({ ...cell, cells });
    bar.clear();
    if (result.status === 'done') continue;
    hasFailed = true;
    if (result.status === 'cancelled') {
      report(`cell ${number}: cancelled`);
      return { hasFailed, isCancelled: true };
    }
    const { problem } = result;
    if (!problem) continue;
    outputs.set(cellId, [...(outputs.get(cellId) ?? []), { problem }]);
    if (problem.code === 'jobs-submitted') {
      report(`cell ${number}: ${problem.message}`);
      return { hasFailed: false, isCancelled: false };
    }
    report(
      `${path}:${number}:${placeText(problem.span)}: ${problem.message}${problem.details ? `\n${problem.details}` : ''}`,
    );
    const left = cells.length - at - 1;
    if (keepGoing || left === 0) continue;
    report(`${counted(left, 'cell')} behind cell ${number} not run; --keep-going runs them all the same.`);
    break;
  }
  return { hasFailed, isCancelled: false };
}

/** An interrupt gives them up, and the results of the run are written all the same; a second one ends the command. */
async function slicesUntilInterrupted(
  session: Session,
  { cells }: Notebook,
  perCt: number | undefined,
  bar: ReturnType<typeof progressLine>,
): Promise<SlicesForPage | undefined> {
  if (perCt === undefined) return undefined;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  const say = (text: string) => {
    bar.clear();
    report(text);
  };
  const task: Task = { signal: stop.signal, progress: (fraction, message) => bar.show(message, fraction) };
  try {
    return await pageSlices(session, cells, perCt, { say, task });
  } finally {
    bar.clear();
    process.off('SIGINT', interrupt);
  }
}

/** A value that no cell takes would change nothing, and nobody would know. */
function refuseUnknownParameters(notebook: Notebook, names: readonly string[]): void {
  const parameters = parametersIn(codeCells(notebook), VERBS);
  for (const name of names)
    if (name !== SELECTED && !parameters.has(name))
      throw new UsageError(`--set ${name}: no cell of this notebook has a \`param ${name}\`.`);
}

/** Undefined where that would be too much for a page, which is told. */
function computesWith(computing: PageComputing, engine: string): PageOptions['computes'] {
  const problem = tooLarge(computing);
  if (problem === undefined) return { computing, engine };
  report(`The HTML page is static: ${problem}.`);
  return undefined;
}

function withOutputs(notebook: Notebook, outputs: ReadonlyMap<string, readonly NotebookOutput[]>): Notebook {
  const cells = notebook.cells.map(
    ({ kind, source }, n): NotebookCell => ({ kind, source, outputs: outputs.get(String(n)) ?? [] }),
  );
  const provenance = collectProvenance(cells);
  const { lungnb, annotations } = notebook;
  return { lungnb, cells, ...(annotations ? { annotations } : {}), ...(provenance ? { provenance } : {}) };
}

/** All named tables as rows with their provenance, with the flags of measurements, and every problem, for machines. */
function resultsJson({ cells, provenance }: Notebook, names: ReturnType<Session['names']>): string {
  const tables = [...names].flatMap(([name, value]) => {
    const written = valueJson(value);
    return written ? [[name, written] as const] : [];
  });
  const problems = cells.flatMap((cell, n) =>
    (cell.outputs ?? []).flatMap(({ problem }) => (problem ? [{ cell: n + 1, ...problem }] : [])),
  );
  return `${JSON.stringify({ results: Object.fromEntries(tables), problems, provenance }, null, 1)}\n`;
}
