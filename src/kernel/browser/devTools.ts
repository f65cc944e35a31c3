/**
 * A browser without a window, driven over a pair of pipes by the Chrome DevTools protocol. It has a profile of its own, which
 * goes with it, and reaches nothing: what its page asks for is answered from memory or refused.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { systemErrorOf } from '../../files/systemError.ts';
import { UserError } from '../base/userError.ts';

/** What the page may have, by its path: `/` is the page itself. */
export type ServedFiles = Readonly<Record<string, { readonly type: string; readonly body: string }>>;

export interface BrowserPage {
  /** Sends a command of the protocol; rejects with a UserError where the browser fails or ends. */
  send(method: string, parameters?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The value of an expression, awaited, as JSON. */
  evaluate(expression: string): Promise<unknown>;
}

/** Nobody has this address (RFC 2606), and nothing is asked for it: requests are answered before they leave the browser. */
const ORIGIN = 'https://lungnb.invalid';
/** The browser takes no longer message. */
const MOST_CHARACTERS = 95_000_000;
const START_MS = 60_000;
/** A large page takes minutes to be printed; one that takes longer hangs. */
const ANSWER_MS = 600_000;
/** It tidies up, and is ended where it does not come to an end. */
const CLOSE_MS = 5000;
const KEPT_STDERR = 2000;

const SWITCHES = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-sync',
  '--font-render-hinting=none',
  '--hide-scrollbars',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--metrics-recording-only',
  '--mute-audio',
  '--no-pings',
  '--password-store=basic',
  '--use-mock-keychain',
];

/** Opens `files['/']` in the browser at `path`, and ends the browser when `work` is done. */
export async function withBrowserPage<T>(
  path: string,
  files: ServedFiles,
  work: (page: BrowserPage) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const profile = await mkdtemp(join(tmpdir(), 'lungnb-browser-'));
  const browser = startBrowser(path, profile);
  const connection = connect(browser);
  const interrupt = () => connection.end(signal?.reason);
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await work(await openPage(connection, files));
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await connection.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function startBrowser(path: string, profile: string): ChildProcess {
  // For Electron, in whose process the kernel may run, and for nobody else.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const asRoot = process.getuid?.() === 0;
  return spawn(
    path,
    // Chromium refuses to start with its sandbox as root, as in containers; what it opens is our own page alone.
    [...SWITCHES, ...(asRoot ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], env },
  );
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

interface Connection {
  send(method: string, parameters?: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>>;
  onEvent(listener: (method: string, parameters: Readonly<Record<string, unknown>>) => void): void;
  /** Rejects when the browser ends. */
  readonly untilEnd: Promise<never>;
  /** Ends the browser; what waits for an answer is rejected with `reason`. */
  end(reason: unknown): void;
  close(): Promise<void>;
}

function connect(browser: ChildProcess): Connection {
  // SAFETY: `startBrowser` asks for pipes in these places.
  const [, , errors, input, output] = browser.stdio as unknown as [null, null, Readable, Writable, Readable];
  const waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>();
  const listeners: ((method: string, parameters: Readonly<Record<string, unknown>>) => void)[] = [];
  let said = '';
  let ended: unknown;
  let last = 0;
  const ending = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<never>();
  // Most of the time nobody waits for it.
  gone.promise.catch(() => {});
  const end = (reason: unknown) => {
    ended ??= reason;
    gone.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    browser.kill('SIGKILL');
  };
  browser.on('error', (error) => {
    end(failed(`it cannot be started (${systemErrorOf(error).code ?? 'no reason given'}).`));
    ending.resolve();
  });
  browser.on('exit', () => {
    end(failed(whyEnded(said)));
    ending.resolve();
  });
  errors.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_STDERR);
  });
  // Its end is told by `exit`.
  input.on('error', () => {});
  const take = ({ id, method, params, result, error }: Message) => {
    if (method !== undefined) for (const listener of listeners) listener(method, params ?? {});
    const asked = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || !asked) return;
    waiting.delete(id);
    if (error) asked.reject(failed(`${error.message}.`));
    else asked.resolve(result ?? {});
  };
  // Thrown at an event, it would end the program.
  readMessages(output, take, () => end(failed('it answers what no browser does. Is it Chromium, Chrome or Edge?')));
  return {
    send(method, parameters = {}, sessionId) {
      if (ended !== undefined) return Promise.reject(ended);
      const id = ++last;
      const answer = Promise.withResolvers<Readonly<Record<string, unknown>>>();
      waiting.set(id, answer);
      input.write(`${JSON.stringify({ id, method, params: parameters, ...(sessionId && { sessionId }) })}\0`);
      return inTime(answer.promise, ANSWER_MS, 'it has stopped answering. Try it again, or with another browser.');
    },
    onEvent: (listener) => listeners.push(listener),
    untilEnd: gone.promise,
    end,
    async close() {
      if (ended === undefined) {
        const closed = this.send('Browser.close');
        const timer = setTimeout(() => browser.kill('SIGKILL'), CLOSE_MS);
        // It may be gone before it has answered.
        await Promise.allSettled([closed, ending.promise]);
        clearTimeout(timer);
      }
      await ending.promise;
    },
  };
}

/** What a browser says as it ends holds paths, and only what can be mended is told of it. */
function whyEnded(said: string): string {
  if (/No usable sandbox|without --no-sandbox|new namespace/i.test(said))
    return 'its sandbox cannot be set up here. Allow user namespaces, or name a script as your browser that starts it with `--no-sandbox`.';
  const [, library] = /loading shared libraries: ([\w.+-]+)/.exec(said) ?? [];
  return library
    ? `the library ${library} is missing on this computer.`
    : 'it ended by itself. Is it Chromium, Chrome or Edge?';
}

/** Messages are JSON, each with a zero behind it. */
function readMessages(output: Readable, take: (message: Message) => void, refuse: () => void): void {
  let parts: Buffer[] = [];
  output.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const message = messageIn(Buffer.concat([...parts, rest.subarray(0, end)]));
      if (message) take(message);
      else refuse();
      parts = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length) parts.push(rest);
  });
}

/** Undefined of what is no message. */
function messageIn(bytes: Buffer): Message | undefined {
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    // SAFETY: all parts of a message are optional; the browser speaks the protocol, or nothing of it is understood.
    return typeof message === 'object' && message !== null ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

async function openPage(connection: Connection, files: ServedFiles): Promise<BrowserPage> {
  const { targetId } = await inTime(
    connection.send('Target.createTarget', { url: 'about:blank' }),
    START_MS,
    'it does not answer. Is it Chromium, Chrome or Edge?',
  );
  const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method: string, parameters: object = {}) => connection.send(method, parameters, String(sessionId));
  const loaded = Promise.withResolvers<void>();
  connection.onEvent((method, parameters) => {
    if (method === 'Page.loadEventFired') loaded.resolve();
    if (method === 'Fetch.requestPaused') answer(send, files, parameters).catch(loaded.reject);
  });
  await send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  await send('Page.enable');
  const { errorText } = await send('Page.navigate', { url: `${ORIGIN}/` });
  if (typeof errorText === 'string') throw failed(`${errorText}.`);
  await inTime(Promise.race([loaded.promise, connection.untilEnd]), ANSWER_MS, 'it does not show the page.');
  return {
    send,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(`in the browser: ${JSON.stringify(exceptionDetails)}`);
      // SAFETY: the protocol's own shape.
      return (result as { readonly value?: unknown }).value;
    },
  };
}

async function answer(
  send: BrowserPage['send'],
  files: ServedFiles,
  parameters: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { requestId, request } = parameters;
  // SAFETY: the protocol's own shape.
  const { url } = request as { readonly url: string };
  const path = url.startsWith(`${ORIGIN}/`) ? url.slice(ORIGIN.length) : '';
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (!file) {
    await send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    return;
  }
  const body = Buffer.from(file.body, 'utf8').toString('base64');
  if (body.length > MOST_CHARACTERS)
    throw new UserError(
      'browser-failed',
      'The page is larger than a browser takes in this way (70 MB). Write it by `--html`, open it in your browser, and print it from there.',
    );
  await send('Fetch.fulfillRequest', {
    requestId,
    responseCode: 200,
    responseHeaders: [{ name: 'content-type', value: `${file.type}; charset=utf-8` }],
    body,
  });
}

/** A program that is no browser never answers, and one that hangs neither. */
async function inTime<T>(work: Promise<T>, most: number, why: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed(why)), most);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** `why` ends its sentence. */
function failed(why: string): UserError {
  return new UserError('browser-failed', `The browser that draws failed: ${why}`);
}
