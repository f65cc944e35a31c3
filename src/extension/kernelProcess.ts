/** A kernel as a child process, spoken to by JSON-RPC over Node's IPC channel. */
import { type ChildProcess, fork } from 'node:child_process';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import {
  type CellDependencies,
  type CellOutline,
  type ChangeParameter,
  type CheckCellsParameters,
  type CheckCellsResult,
  type Completions,
  type Hover,
  KERNEL_METHODS,
  type KernelOptions,
  type OutputNotice,
  type ParameterChange,
  type PatientSlicesReply,
  type PatientSlicesRequest,
  type PlaceInCell,
  type ProgressNotice,
  type RunCellParameters,
  type RunCellResult,
  type SelectPatients,
  type Signature,
  type SliceReply,
  type SliceRequest,
  type StaleCell,
  type Variable,
  type WriteAnswer,
  type WriteQuestion,
} from '../protocol/kernelApi.ts';
import { KERNEL_ENVIRONMENT } from './kernelEnvironment.ts';

export interface KernelEvents {
  readonly progress: (notice: ProgressNotice) => void;
  readonly output: (notice: OutputNotice) => void;
  /** A file or folder that a cell read has changed. */
  readonly inputChanged: () => void;
  /** Asks the user whether a file may be written. */
  readonly mayWrite: (question: WriteQuestion) => Promise<WriteAnswer>;
  /** What the kernel wrote to its standard streams. */
  readonly log: (text: string) => void;
  /** The process ended without being told to; `reason` is a sentence. */
  readonly crashed: (reason: string) => void;
}

/** The kernel ended while an answer was awaited. */
export class KernelEndedError extends Error {}

/** A kernel that computes hears nothing; it is killed after this. */
const STOPPING_MS = 1000;

export class KernelProcess {
  readonly #child: ChildProcess;
  readonly #connection: Promise<MessageConnection>;
  readonly #initialized: Promise<unknown>;
  /** Rejects, with a KernelEndedError, when the process ends. */
  readonly #ended: Promise<never>;
  #stopping = false;
  /** The kernel is far enough to be interrupted by a signal, which would end it before. */
  #listens = false;

  /** Starts the process from `file`, the bundled kernel. */
  constructor(file: string, options: KernelOptions, events: KernelEvents) {
    this.#child = fork(file, [], {
      execArgv: [],
      env: { ...process.env, ...KERNEL_ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => events.log(text));
    this.#connection = connect(this.#child, events);
    this.#ended = new Promise((_, reject) => {
      const end = (reason: string) => {
        void this.#connection.then((connection) => connection.dispose());
        reject(new KernelEndedError(reason));
        if (!this.#stopping) events.crashed(reason);
      };
      // The system's own words hold the folder of this computer, and the reason ends up in the notebook.
      this.#child.once('error', ({ name, code }: NodeJS.ErrnoException) =>
        end(`The kernel could not be started (${code ?? name}).`),
      );
      this.#child.once('exit', (code, signal) =>
        end(
          this.#stopping ? 'The kernel was stopped.' : `The kernel ended unexpectedly (${signal ?? `code ${code}`}).`,
        ),
      );
    });
    // Whoever awaits an answer learns of the end; without one, `crashed` has told it.
    this.#ended.catch(() => {});
    this.#initialized = this.#request(KERNEL_METHODS.initialize, options);
    this.#initialized.then(
      () => {
        this.#listens = true;
      },
      () => {},
    );
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  async runCell(cell: RunCellParameters): Promise<RunCellResult> {
    await this.#initialized;
    return this.#request<RunCellResult>(KERNEL_METHODS.runCell, cell);
  }

  /** Cancels the running cell; resolves when the kernel has heard of it. */
  async interrupt(): Promise<void> {
    const heard = this.#request(KERNEL_METHODS.interrupt);
    // A cell that computes hears of no message, and of this. On Windows it would end the kernel.
    if (this.#listens && process.platform !== 'win32') this.#child.kill('SIGINT');
    await heard;
  }

  /** How a moved parameter changes its cell. */
  async changeParameter(request: ChangeParameter): Promise<ParameterChange> {
    await this.#initialized;
    return this.#request<ParameterChange>(KERNEL_METHODS.changeParameter, request);
  }

  /** Cells whose results are out of date, in the order in which they are to run. */
  async staleCells(parameters: CheckCellsParameters): Promise<StaleCell[]> {
    await this.#initialized;
    return this.#request<StaleCell[]>(KERNEL_METHODS.staleCells, parameters);
  }

  async dependencies(parameters: CheckCellsParameters): Promise<CellDependencies[]> {
    await this.#initialized;
    return this.#request<CellDependencies[]>(KERNEL_METHODS.dependencies, parameters);
  }

  async variables(): Promise<Variable[]> {
    await this.#initialized;
    return this.#request<Variable[]>(KERNEL_METHODS.variables);
  }

  async complete(place: PlaceInCell): Promise<Completions> {
    await this.#initialized;
    return this.#request<Completions>(KERNEL_METHODS.complete, place);
  }

  async hover(place: PlaceInCell): Promise<Hover | null> {
    await this.#initialized;
    return this.#request<Hover | null>(KERNEL_METHODS.hover, place);
  }

  async signature(place: PlaceInCell): Promise<Signature | null> {
    await this.#initialized;
    return this.#request<Signature | null>(KERNEL_METHODS.signature, place);
  }

  async outline(parameters: CheckCellsParameters): Promise<CellOutline[]> {
    await this.#initialized;
    return this.#request<CellOutline[]>(KERNEL_METHODS.outline, parameters);
  }

  async format(source: string): Promise<string> {
    await this.#initialized;
    return this.#request<string>(KERNEL_METHODS.format, source);
  }

  async check(parameters: CheckCellsParameters): Promise<CheckCellsResult> {
    await this.#initialized;
    return this.#request<CheckCellsResult>(KERNEL_METHODS.check, parameters);
  }

  patientSlices(request: PatientSlicesRequest): Promise<PatientSlicesReply> {
    return this.#request<PatientSlicesReply>(KERNEL_METHODS.patientSlices, request);
  }

  async select(selection: SelectPatients): Promise<void> {
    await this.#initialized;
    await this.#request(KERNEL_METHODS.select, selection);
  }

  slice(request: SliceRequest): Promise<SliceReply> {
    return this.#request<SliceReply>(KERNEL_METHODS.slice, request);
  }

  /**
   * Ends the process; everything awaited rejects with a KernelEndedError. It has a second to remove what it fetched, if
   * anything: without that it ends at once.
   */
  stop(): void {
    this.#stopping = true;
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOPPING_MS);
    this.#child.once('exit', () => clearTimeout(kill));
  }

  #request<Result>(method: string, parameters?: unknown): Promise<Result> {
    const answer = this.#connection.then((connection) =>
      parameters === undefined
        ? connection.sendRequest<Result>(method)
        : connection.sendRequest<Result>(method, parameters),
    );
    // When the process ends, the answer never comes or comes as the connection's own error: the end itself is the reason.
    return Promise.race([this.#ended, answer.catch((error: unknown) => this.#endedOr(error))]);
  }

  /** `error`, unless the process is ending: then its end. */
  #endedOr(error: unknown): Promise<never> {
    const alive = this.#child.connected && this.#child.exitCode === null && !this.#stopping;
    return alive ? Promise.reject(error) : this.#ended;
  }
}

/** JSON-RPC is loaded with the first kernel, so that it takes nothing from the extension's activation. */
async function connect(child: ChildProcess, events: KernelEvents): Promise<MessageConnection> {
  const { createMessageConnection, IPCMessageReader, IPCMessageWriter } = await import('vscode-jsonrpc/node');
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onNotification(KERNEL_METHODS.progress, events.progress);
  connection.onNotification(KERNEL_METHODS.output, events.output);
  connection.onNotification(KERNEL_METHODS.inputChanged, events.inputChanged);
  connection.onRequest<WriteAnswer, unknown>(KERNEL_METHODS.mayWrite, events.mayWrite);
  connection.onError(([error]) => events.log(`${error.message}\n`));
  connection.listen();
  return connection;
}
