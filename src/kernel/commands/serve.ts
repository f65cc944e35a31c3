/** `lungnb run --serve`: a notebook that another program drives over standard input and output. */
import type { Readable, Writable } from 'node:stream';
import { createMessageConnection, ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { KernelOptions } from '../../protocol/kernelApi.ts';
import type { Notebook } from '../../protocol/notebook.ts';
import { collectProvenance, formatNotebook } from '../../protocol/notebookFile.ts';
import { createLabelGuard, OPEN_GUARD } from '../../protocol/serving/labelGuard.ts';
import { PARAMETERS, type ServedMethod } from '../../protocol/serving/methods.ts';
import {
  createNotebookService,
  learnLabels,
  type NotebookService,
  numberOf,
} from '../../protocol/serving/notebookService.ts';
import { Refusal } from '../../protocol/serving/refusal.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { stackOf } from '../base/thrown.ts';
import { LineReader, LineWriter } from '../serving/lines.ts';
import { servedInMemory } from '../serving/servedCells.ts';
import { createSession, type Session } from '../session/session.ts';
import { report } from '../terminal.ts';
import { answerFromOptions, resultFiles } from './resultFiles.ts';

export interface ServeOptions {
  readonly out?: string | undefined;
  readonly overwrite?: boolean | undefined;
  readonly 'allow-outside'?: boolean | undefined;
  readonly 'with-labels'?: boolean | undefined;
}

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

export interface Served {
  readonly path: string;
  readonly notebook: Notebook;
  readonly kernel: KernelOptions;
}

/** Serves a notebook until the input ends. The exit code. */
export async function serve(
  { path, notebook, kernel }: Served,
  options: ServeOptions,
  { input, output }: Streams,
): Promise<number> {
  const writer = new LineWriter(output);
  const connection = createMessageConnection(new LineReader(input, (answer) => void writer.write(answer)), writer);
  const session = createSession(kernel, {
    progress: ({ cellId, fraction, message }) => {
      // What is being loaded has labels that nobody knew before.
      told = told.then(async () => {
        await learnLabels(parts);
        const words = guard.replacement().words(message);
        await connection.sendNotification('progress', { cell: numberOf(served, cellId), fraction, message: words });
      });
    },
    output: ({ cellId, view, text }) => served.output(cellId, { view, text }),
    mayWrite: answerFromOptions(options),
  });
  /** Progress, one notification after another. */
  let told = Promise.resolve();
  const guard = options['with-labels'] ? OPEN_GUARD : createLabelGuard();
  const served = servedInMemory(notebook, session, savingInto(path, options, session));
  const parts = { notebook: served, guard };
  const service = createNotebookService(parts);
  try {
    session.annotate({ drawn: notebook.annotations?.drawn ?? [] });
    await answerUntilEnd(connection, service);
  } finally {
    await session.close();
  }
  return 0;
}

function savingInto(path: string, { out }: ServeOptions, session: Session) {
  if (out === undefined) return undefined;
  return async (notebook: Notebook, cells: Parameters<Session['checkResult']>[1]) => {
    const provenance = collectProvenance(notebook.cells);
    const files = await resultFiles(path, { out }, session, cells);
    await files.check();
    const [failed] = await files.write({
      out: () => formatNotebook({ ...notebook, ...(provenance && { provenance }) }),
    });
    if (failed) throw new Refusal('cannot-write', failed);
  };
}

async function answerUntilEnd(connection: MessageConnection, service: NotebookService): Promise<void> {
  connection.onRequest((method, parameters) => {
    if (!isServed(method))
      throw new ResponseError(
        ErrorCodes.MethodNotFound,
        `There is no method "${method}": ${suggestionFor(method, METHODS)}`,
      );
    return answer(service, method, parameters);
  });
  const ended = new Promise<void>((resolve) => connection.onClose(resolve));
  connection.listen();
  await ended;
}

const METHODS = Object.keys(PARAMETERS);

function isServed(method: string): method is ServedMethod {
  return METHODS.includes(method);
}

async function answer<M extends ServedMethod>(service: NotebookService, method: M, parameters: unknown) {
  // Some languages write an empty object as an empty list.
  const isEmpty = parameters == null || (Array.isArray(parameters) && parameters.length === 0);
  if (!isEmpty && (typeof parameters !== 'object' || Array.isArray(parameters)))
    throw new ResponseError(ErrorCodes.InvalidParams, `${method}: "params" must be an object: parameters have names.`);
  const read = PARAMETERS[method].safeParse(isEmpty ? {} : parameters);
  if (!read.success) throw new ResponseError(ErrorCodes.InvalidParams, `${method}: ${read.error.issues[0]!.message}`);
  try {
    // SAFETY: the parameters are those of this method, by its own schema.
    return await (service[method] as (given: unknown) => unknown)(read.data);
  } catch (error) {
    if (error instanceof Refusal)
      throw new ResponseError(USER_ERROR, error.message, error.code && { code: error.code });
    // What a bug says may hold anything: the terminal has it, and the program does not.
    report(stackOf(error));
    throw new ResponseError(ErrorCodes.InternalError, BUG);
  }
}

const BUG = 'Something went wrong inside LungNB. This is a bug; please report it with what the terminal says.';

/** Of the range that JSON-RPC leaves to servers. */
const USER_ERROR = -32000;
