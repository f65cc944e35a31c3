/** A kernel as a child process, spoken to by JSON-RPC over Node's IPC channel. */
import { type ChildProcess, fork } from 'node:child_process';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { KernelOptions } from '../protocol/kernelApi.ts';
import type {
  HostHandlers,
  HostMethods,
  KernelListeners,
  KernelMethod,
  KernelReply,
  KernelRequest,
} from '../protocol/kernelMethods.ts';
import { KERNEL_ENVIRONMENT } from './kernelEnvironment.ts';

export interface KernelEvents extends KernelListeners, HostHandlers {
  /** What the kernel wrote to its standard streams. */
  readonly log: (text: string) => void;
  /** The process ended without being told to; `reason` is a sentence. */
  readonly crashed: (reason: string) => void;
}

/** The kernel ended while an answer was awaited. */
class KernelEndedError extends Error {}

/** What was asked of a kernel; where the kernel ends meanwhile what `instead` gives, told the reason in a sentence. */
export async function unlessEnded<T, Instead>(
  asked: Promise<T>,
  instead: (reason: string) => Instead,
): Promise<T | Instead> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof KernelEndedError) return instead(error.message);
    throw error;
  }
}

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
    this.#initialized = this.#request('initialize', options);
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

  /** Asks the kernel, once it has begun. Rejects where it fails, and where it ends before it answers: see `unlessEnded`. */
  async ask<M extends KernelMethod>(method: M, request: KernelRequest<M>): Promise<KernelReply<M>> {
    await this.#initialized;
    return this.#request(method, request);
  }

  /** Cancels the running cell; resolves when the kernel has heard of it. */
  async interrupt(): Promise<void> {
    const heard = this.#request('interrupt', null);
    // A cell that computes hears of no message, and of this. On Windows it would end the kernel.
    if (this.#listens && process.platform !== 'win32') this.#child.kill('SIGINT');
    await heard;
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

  #request<M extends KernelMethod>(method: M, request: KernelRequest<M>): Promise<KernelReply<M>> {
    const answer = this.#connection.then((connection) => connection.sendRequest<KernelReply<M>>(method, request));
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
async function connect(
  child: ChildProcess,
  { log, crashed, mayWrite, ...listeners }: KernelEvents,
): Promise<MessageConnection> {
  const { createMessageConnection, IPCMessageReader, IPCMessageWriter } = await import('vscode-jsonrpc/node');
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  for (const [name, listener] of Object.entries(listeners satisfies KernelListeners))
    connection.onNotification(name, listener);
  connection.onRequest<HostMethods['mayWrite']['reply'], unknown>('mayWrite', mayWrite);
  connection.onError(([error]) => log(`${error.message}\n`));
  connection.listen();
  return connection;
}
