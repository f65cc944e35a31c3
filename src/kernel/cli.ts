#!/usr/bin/env node
/** The `lungnb` command: runs, checks and describes without VS Code, on the same kernel. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_PROGRAM, htmlPage, PAGE_PROGRAM, type PageOptions } from '../protocol/htmlPage.ts';
import {
  type CellText,
  type EngineOptions,
  type KernelOptions,
  MEASUREMENTS_FOLDER,
  type RemarkInCell,
} from '../protocol/kernelApi.ts';
import type { Notebook, NotebookCell, NotebookOutput } from '../protocol/notebook.ts';
import { collectProvenance, formatNotebook, NotebookFileError } from '../protocol/notebookFile.ts';
import type { PageComputing } from '../protocol/page/computing.ts';
import { heldBeside } from '../protocol/page/unshown.ts';
import { plainText } from '../protocol/views/index.ts';
import { counted } from './base/counted.ts';
import { namesBehind } from './base/fileNames.ts';
import { plainCause } from './base/plainCause.ts';
import { SOFTWARE } from './base/software.ts';
import { type Task, unattended } from './base/task.ts';
import { stackOf } from './base/thrown.ts';
import { UserError } from './base/userError.ts';
import { deviceOf } from './commands/deviceOption.ts';
import { diff } from './commands/diff.ts';
import { measure } from './commands/measure.ts';
import { paperFiles } from './commands/paperOptions.ts';
import { parsedArgs } from './commands/parsedArgs.ts';
import { readNotebook } from './commands/readNotebook.ts';
import { serve } from './commands/serve.ts';
import { UsageError } from './commands/usageError.ts';
import { crateText, resultPaths } from './crate/runCrate.ts';
import { isWebAddress, serversFromEnvironment } from './ct/dicomWeb/address.ts';
import { removeLeftovers } from './ct/dicomWeb/leftovers.ts';
import { importCommand } from './importCommand.ts';
import { checkCells } from './language/checker.ts';
import { SELECTED } from './language/expression.ts';
import { parametersIn } from './language/parametersIn.ts';
import { computingOf, tooLarge } from './page/computingOf.ts';
import { pageSlices, type SlicesForPage, sizeOfPage, slicesAsked } from './pageSlices.ts';
import { answerFromOptions, resultFiles, sameFile } from './resultFiles.ts';
import { createLoadedAhead } from './session/loadedAhead.ts';
import { createMeasurementCache } from './session/measurementCache.ts';
import { resolvePath } from './session/resolvePath.ts';
import { createSession, type Session } from './session/session.ts';
import { isOutputLost, print, redraw, report } from './terminal.ts';
import { cohortFlags } from './values/flags.ts';
import { masksProvenance } from './values/masks.ts';
import { valueJson } from './values/valueJson.ts';
import { VERBS } from './verbs/index.ts';
import { openPath } from './verbs/load/openPath.ts';
import { cohortView, unusedRemarks } from './views/cohortView.ts';
import { columnsView } from './views/columnsView.ts';
import { masksView } from './views/masksView.ts';
import { kept } from './views/messagesView.ts';

const USAGE = `lungnb: notebooks that measure interstitial lung disease on chest CT. Research only.

  lungnb run notebook.lungnb [--set name=value …] [--out executed.lungnb] [--html report.html]
             [--pdf report.pdf] [--docx tables.docx] [--paper a4|letter] [--browser PATH] [--slices N]
             [--no-code] [--static] [--json results.json] [--crate FOLDER] [--overwrite] [--allow-outside] [--keep-going]
             [--on slurm | --jobs N] [--serve [--with-labels]]
  lungnb measure cohort/         (\`lungnb measure --help\` tells the rest)
  lungnb diff before.lungnb after.lungnb   (\`lungnb diff --help\` tells the rest)
  lungnb check notebook.lungnb
  lungnb describe path/          (or a table, a manifest, or a DICOMweb address)
  lungnb import-model FOLDER [--as NAME] [--to MODELS] [--task lobes|textures|lungs]
             [--label THEIRS=OURS …] [--orientation LPS] [--no-mirroring]
  lungnb --version

run stops at the first cell that fails, with exit code 1, and writes what it has by then;
--keep-going runs the cells behind it all the same, and the exit code stays 1.
--slices N puts N axial slices of each CT into the HTML page, evenly apart from the base of the lungs
to their apex, with what is laid over them, so that its viewers scroll and its figures lead to
patients. Of 512 x 512 pixels 20 slices take some 2.5 MB a CT; the size is told before they are made.
The HTML page computes by itself what follows from tables when a parameter is moved in it, and holds
the tables that this needs; --static makes a page that shows and does not compute.
--no-code leaves the cells' text out of the page, which is static then.
--pdf prints that static page by the Chromium, Chrome or Edge that is there, on A4 unless --paper says
letter; --docx writes texts, tables and figures for a word processor, with captions (docs/paper.md).
--browser names the browser where it is not found by itself, as does LUNGNB_BROWSER.
--crate writes a Workflow Run RO-Crate: the executed notebook, its results and page, and the digests
of inputs and models, in one folder.
--serve runs nothing by itself: another program asks, over standard input and output (JSON-RPC,
a message a line; docs/driving.md), and sees pseudonyms in place of labels, or labels --with-labels.
--overwrite replaces files that are there and that no run of this notebook wrote, or that were
changed since; what the notebook loads is never written over. --allow-outside lets its cells
export to places outside its folder.

Where CTs are measured (run):
  --device NAME     what networks run on: cpu (as ever), cuda, directml, coreml, or auto for
                    the first of them that is there
  --jobs N          in N processes on this computer
  --on slurm        by an array job of Slurm, on computers that see the same files and the same
                    cache; --sbatch=OPTION hands an option on (--sbatch=--partition=long, may be
                    repeated), --array-size N bounds the tasks, --no-wait ends when it is submitted.
                    The same command again takes the job up, and submits only what is missing

Options of run, check and describe:
  --models FOLDER   a folder with model folders (may be repeated). It is searched first, then
                    the folder \`models\` beside the notebook, then LungNB's own models
  --cache FOLDER    where measured CTs are kept
  --cache-from FOLDER   another cache that is read and never written (may be repeated)
  --show-paths      the full names of the files that messages are about, on standard error; a
                    terminal shows them without. Results and reports never hold them

import-model makes a model folder in MODELS (\`models\` in this folder) for a network of nnU-Net
(TotalSegmentator's too), lungmask or MONAI, whose files stay where they are. Where they are not
ONNX yet it says the one command that exports them.

Environment: LUNGNB_DICOMWEB_URL, and LUNGNB_DICOMWEB_TOKEN or LUNGNB_DICOMWEB_USER and
LUNGNB_DICOMWEB_PASSWORD, log in to that DICOMweb server.`;

// The project lies two folders above out/kernel and src/kernel alike.
const PROJECT = new URL('../../', import.meta.url);
const BUILT = new URL('out/', PROJECT);
const OWN_MODELS = fileURLToPath(new URL('models', PROJECT));

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'measure') return measure(argv.slice(1), { cacheFolder: cacheFolderOf(), modelFolder: OWN_MODELS });
  if (argv[0] === 'diff') return diff(argv.slice(1));
  const { values, positionals } = parseCommand(argv);
  const [command, path, ...rest] = positionals;
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (values.version) {
    print(SOFTWARE);
    return 0;
  }
  if (!command || !path || rest.length) throw new UsageError(USAGE);
  void removeLeftovers();
  if (command === 'describe') return describe(path, values);
  if (command === 'check') return check(path);
  if (command === 'run') return run(path, values);
  if (command === 'import-model') return importCommand(path, values, new URL('models/export/', PROJECT));
  throw new UsageError(`Unknown command "${command}".\n\n${USAGE}`);
}

function parseCommand(argv: readonly string[]) {
  return parsedArgs(
    argv,
    {
      set: { type: 'string', multiple: true },
      out: { type: 'string' },
      html: { type: 'string' },
      'no-code': { type: 'boolean' },
      slices: { type: 'string' },
      static: { type: 'boolean' },
      serve: { type: 'boolean' },
      'with-labels': { type: 'boolean' },
      json: { type: 'string' },
      crate: { type: 'string' },
      pdf: { type: 'string' },
      docx: { type: 'string' },
      paper: { type: 'string' },
      browser: { type: 'string' },
      overwrite: { type: 'boolean' },
      'allow-outside': { type: 'boolean' },
      'keep-going': { type: 'boolean' },
      'show-paths': { type: 'boolean' },
      models: { type: 'string', multiple: true },
      cache: { type: 'string' },
      device: { type: 'string' },
      as: { type: 'string' },
      to: { type: 'string' },
      task: { type: 'string' },
      label: { type: 'string', multiple: true },
      orientation: { type: 'string' },
      'no-mirroring': { type: 'boolean' },
      'cache-from': { type: 'string', multiple: true },
      on: { type: 'string' },
      jobs: { type: 'string' },
      sbatch: { type: 'string', multiple: true },
      'array-size': { type: 'string' },
      'no-wait': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
    USAGE,
  );
}

type RunOptions = ReturnType<typeof parseCommand>['values'];

async function run(path: string, values: RunOptions): Promise<number> {
  const notebook = await readNotebook(path);
  const started = new Date();
  const { out, html, json, crate, pdf, docx } = values;
  const paths = resultPaths({ out, html, json, crate, pdf, docx });
  const slicesPerCt = slicesAsked(values.slices, paths);
  const same = await sameFile(paths);
  if (same) throw new UsageError(`--${same[0]} and --${same[1]} name the same file. Give each its own.`);
  const program = paths.html || pdf || docx ? await built(PAGE_PROGRAM) : '';
  const engine = paths.html && !values.static && !values['no-code'] ? await built(ENGINE_PROGRAM) : undefined;
  const paper = await paperFiles(values, BUILT);
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
  let code = 0;
  let isCancelled = false;
  try {
    session.annotate({ drawn: notebook.annotations?.drawn ?? [] });
    const cells = codeCells(notebook);
    const files = await resultFiles(path, paths, session, cells);
    await files.check();
    for (const warning of paper.warnings) report(warning);
    await tellAhead(path, session, cells);
    for (const [at, cell] of cells.entries()) {
      const n = Number(cell.cellId);
      const result = await session.runCell({ ...cell, cells });
      bar.clear();
      if (result.status === 'done') continue;
      code = 1;
      if (result.status === 'cancelled') {
        report(`cell ${n + 1}: cancelled`);
        isCancelled = true;
        break;
      }
      const { problem } = result;
      if (!problem) continue;
      outputs.set(String(n), [...(outputs.get(String(n)) ?? []), { problem }]);
      report(
        `${path}:${n + 1}:${placeText(problem.span)}: ${problem.message}${problem.details ? `\n${problem.details}` : ''}`,
      );
      const left = cells.length - at - 1;
      if (values['keep-going'] || left === 0) continue;
      report(`${counted(left, 'cell')} behind cell ${n + 1} not run; --keep-going runs them all the same.`);
      break;
    }
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
    if (failed.length || slices?.isWhole === false) code = 1;
    if (slices?.kept && failed.length === 0) report(await sizeOfPage(paths.html!));
  } finally {
    await session.close();
    process.off('uncaughtException', uncaught).on('uncaughtException', endWith);
  }
  return code;
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

/** Cells are told apart, and numbered for users, by their place among all. */
function codeCells({ cells }: Notebook): CellText[] {
  return cells.flatMap(({ kind, source }, n) =>
    kind === 'code' ? [{ cellId: String(n), source: source.join('\n'), number: n + 1 }] : [],
  );
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

async function built(part: string): Promise<string> {
  const file = new URL(part, BUILT);
  if (!existsSync(file))
    throw new UserError('not-built', `A page needs ${fileURLToPath(file)}, which \`npm run build\` makes.`);
  return readFile(file, 'utf8');
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
function resultsJson(
  { cells, provenance }: Notebook,
  names: ReturnType<ReturnType<typeof createSession>['names']>,
): string {
  const tables = [...names].flatMap(([name, value]) => {
    const written = valueJson(value);
    return written ? [[name, written] as const] : [];
  });
  const problems = cells.flatMap((cell, n) =>
    (cell.outputs ?? []).flatMap(({ problem }) => (problem ? [{ cell: n + 1, ...problem }] : [])),
  );
  return `${JSON.stringify({ results: Object.fromEntries(tables), problems, provenance }, null, 1)}\n`;
}

async function check(path: string): Promise<number> {
  const notebook = await readNotebook(path);
  const cells = codeCells(notebook);
  const folder = dirname(resolve(path));
  const loaded = await createLoadedAhead((written) => resolvePath(written, folder))(cells);
  const found = checkCells(cells, VERBS, { loaded, held: () => undefined });
  for (const problem of found) print(problemLine(path, problem));
  return found.length ? 1 : 0;
}

/** What will fail is said before the first cell runs, which may take hours. */
async function tellAhead(path: string, session: Session, cells: readonly CellText[]): Promise<void> {
  const { problems } = await session.check({ cells });
  if (problems.length === 0) return;
  report('Found before the run:');
  for (const problem of problems) report(problemLine(path, problem));
}

function problemLine(path: string, { cellId, problem }: RemarkInCell): string {
  return `${path}:${Number(cellId) + 1}:${placeText(problem.span)}: ${problem.message}`;
}

async function describe(path: string, values: RunOptions): Promise<number> {
  const bar = progressLine();
  const task: Task = { ...unattended, progress: (fraction, message) => bar.show(message, fraction) };
  const headers = createMeasurementCache(join(cacheFolderOf(values.cache), MEASUREMENTS_FOLDER), {
    limitBytes: Number.POSITIVE_INFINITY,
  });
  const opened = await openPath(
    isWebAddress(path) ? path : resolve(path),
    {
      resolvePath: (relative) => resolve(dirname(path), relative),
      servers: serversFromEnvironment(process.env),
      headers,
    },
    task,
  ).catch((error: Error) => {
    bar.clear();
    showOnScreen(namesBehind(error.message).join('\n'), values);
    throw error;
  });
  bar.clear();
  if (opened.kind === 'table') {
    print(plainText(columnsView(basename(path), opened.table)));
    return 0;
  }
  if (opened.kind === 'masks') {
    const { masks } = opened;
    print(plainText(masksView(masks, path, masksProvenance(masks))));
    const said = plainText({ type: 'messages', messages: masks.problems.map(kept) });
    if (said) print(`\n${said}`);
    return 0;
  }
  const { cohort } = opened;
  const found = plainText(cohortView(cohort, path));
  print(found);
  const said = plainText({ type: 'messages', messages: unusedRemarks(cohort).map(kept), flags: cohortFlags(cohort) });
  if (said) print(`\n${said}`);
  showOnScreen(namesBehind(`${found}\n${said}`).join('\n'), values);
  return 0;
}

/** Full names of files, and the words of bugs: for the terminal, or for whoever asks for them. */
function showOnScreen(text: string, { 'show-paths': asked }: RunOptions): void {
  if (text && (asked || process.stderr.isTTY)) report(text);
}

/** One-based line and column of a problem. */
function placeText(span: { startLine: number; startColumn: number } | undefined): string {
  return span ? `${span.startLine + 1}:${span.startColumn + 1}` : '1:1';
}

function kernelOptions(notebook: string, values: RunOptions): KernelOptions {
  const { models = [], cache, 'cache-from': cacheFrom = [], set = [], device } = values;
  const parameters = set.map((assignment) => {
    const [name, ...value] = assignment.split('=');
    if (!name || value.length === 0) throw new UsageError(`--set expects name=value, not "${assignment}".`);
    return [name, value.join('=')];
  });
  const notebookFolder = dirname(resolve(notebook));
  return {
    notebookFolder,
    notebookFile: resolve(notebook),
    cacheFolder: cacheFolderOf(cache),
    cacheFrom: cacheFrom.map((folder) => resolve(folder)),
    modelFolders: [...models.map((folder) => resolve(folder)), join(notebookFolder, 'models'), OWN_MODELS],
    parameters: Object.fromEntries(parameters),
    ...(device !== undefined && { device: deviceOf(device) }),
    ...(values.browser !== undefined && { browser: values.browser }),
    dicomWebServers: serversFromEnvironment(process.env),
    engine: engineFrom(values),
  };
}

/** Throws a UsageError where options contradict each other. */
function engineFrom(values: RunOptions): EngineOptions {
  const { on = 'local', jobs, sbatch, 'array-size': arraySize, 'no-wait': noWait } = values;
  const whole = (option: string, written: string | undefined) => {
    const number = Number(written);
    if (written !== undefined && !(Number.isInteger(number) && number > 0))
      throw new UsageError(`--${option} expects a whole number above 0, not "${written}".`);
    return written === undefined ? undefined : number;
  };
  if (on === 'slurm') {
    if (jobs !== undefined)
      throw new UsageError('--jobs belongs to --on local. With Slurm, --array-size says how many tasks.');
    return { on, sbatch: sbatch ?? [], arraySize: whole('array-size', arraySize), noWait };
  }
  if (on !== 'local') throw new UsageError(`--on expects local or slurm, not "${on}".`);
  for (const [option, value] of Object.entries({ sbatch, 'array-size': arraySize, 'no-wait': noWait }))
    if (value !== undefined) throw new UsageError(`--${option} belongs to --on slurm.`);
  return { on, jobs: whole('jobs', jobs) };
}

function cacheFolderOf(cache?: string): string {
  return resolve(cache ?? process.env.LUNGNB_CACHE ?? defaultCache());
}

/** Where the platform keeps caches. */
function defaultCache(): string {
  if (platform() === 'win32') return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'lungnb');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'lungnb');
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lungnb');
}

/** A bar that redraws itself on a terminal, plain lines elsewhere: at most one for each tenth of a step. */
function progressLine() {
  const terminal = process.stderr.isTTY;
  let lastLine = '';
  return {
    show(message: string, fraction: number) {
      if (terminal) {
        const filled = Math.round(fraction * 24);
        redraw(
          `${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(fraction * 100).toFixed(0).padStart(3)} %  ${message}`,
        );
        return;
      }
      const line = `${(Math.floor(fraction * 10) * 10).toString().padStart(3)} %  ${message.replace(/[:,]? (slice |part )?\d+ of \d+( files)?$/, '')}`;
      if (line !== lastLine) report(line);
      lastLine = line;
    },
    clear() {
      if (terminal) redraw('');
    },
  };
}

function isForUsers(error: unknown): error is Error {
  return error instanceof UserError || error instanceof UsageError || error instanceof NotebookFileError;
}

/** On the terminal a bug is told with its stack. */
function wordsOf(error: unknown): string {
  if (isForUsers(error)) return error.message;
  return plainCause(error)?.message ?? stackOf(error);
}

/** What nothing caught, while no cell was running. */
function endWith(error: Error): void {
  report(wordsOf(error));
  process.exit(1);
}

process.on('uncaughtException', endWith);
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code || Number(isOutputLost());
  },
  (error: unknown) => {
    report(wordsOf(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
