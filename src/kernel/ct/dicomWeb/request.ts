/** One request to a DICOMweb server: login, redirects within the server, retries, and every failure said in words. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import { UserError } from '../../base/userError.ts';
import { HOW_TO_LOG_IN } from './address.ts';

export interface WebClient {
  /** The server's name for messages; no path, which would hold UIDs. */
  readonly host: string;
  readonly login: DicomWebServer | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the server is given up. */
  readonly silenceMs: number;
  /** A server that sends less for several silences is given up as well. */
  readonly slowestBytesPerSecond: number;
  /** Milliseconds before the first retry; they double with each. */
  readonly pauseMs: number;
}

export interface WebAnswer {
  readonly contentType: string;
  /** Ends with an error where the server is silent, or too slow for good. */
  readonly body: AsyncIterable<Uint8Array>;
}

const RETRIES = 3;
const MAX_REDIRECTS = 5;
/** The pace is looked at over this many silences. */
const PACED_SILENCES = 5;
const WORTH_A_RETRY = [408, 425, 429, 500, 502, 503, 504];

/** A failure that may pass: the request is made again. */
export class TransientError extends Error {}

/**
 * What `read` makes of the answer. `accept` is the media type asked for. `read` is called again where it throws
 * TransientError, as it does for an answer that was cut off, or where the connection breaks off under it. Throws a UserError.
 */
export async function request<Result>(
  client: WebClient,
  url: string,
  accept: string,
  read: (answer: WebAnswer) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    client.signal.throwIfAborted();
    try {
      return await once(client, url, accept, read);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (attempt === RETRIES)
        throw new UserError(
          'web-failed',
          `${client.host} failed ${RETRIES + 1} times: ${error.message}. Try again later, or ask whoever runs the server.`,
        );
    }
    await delay(client.pauseMs * 2 ** attempt, undefined, { signal: client.signal });
  }
}

async function once<Result>(
  client: WebClient,
  url: string,
  accept: string,
  read: (answer: WebAnswer) => Promise<Result>,
): Promise<Result> {
  const watch = createWatch(client);
  try {
    const response = await follow(client, url, accept, AbortSignal.any([client.signal, watch.signal]));
    watch.begin();
    try {
      refuse(client, response);
      return await read({
        contentType: response.headers.get('content-type') ?? '',
        body: watch.over(response.body ?? []),
      });
    } finally {
      // What was not read is not waited for. Where it was, or has failed, there is nothing to cancel.
      if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined);
    }
  } catch (error) {
    client.signal.throwIfAborted();
    if (watch.signal.aborted) throw new TransientError(watch.reason());
    throw inWords(client, error);
  } finally {
    watch.end();
  }
}

/** Gives up on silence, and on a server that sends just enough not to be silent, however long a whole answer takes. */
function createWatch({ silenceMs, slowestBytesPerSecond }: WebClient) {
  const giveUp = new AbortController();
  let why = `it was silent for ${silenceMs / 1000} seconds`;
  const silence = setTimeout(() => giveUp.abort(), silenceMs);
  let pace: NodeJS.Timeout | undefined;
  let received = 0;
  const pacedMs = PACED_SILENCES * silenceMs;
  return {
    signal: giveUp.signal,
    reason: () => why,
    /** The server has begun to answer. */
    begin() {
      silence.refresh();
      pace = setInterval(() => {
        if (received < (slowestBytesPerSecond * pacedMs) / 1000) {
          why = `it sent ${received} bytes in ${pacedMs / 1000} seconds`;
          giveUp.abort();
        }
        received = 0;
      }, pacedMs);
    },
    async *over(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
      for await (const chunk of body) {
        silence.refresh();
        received += chunk.length;
        yield chunk;
        // Writing to a slow disk is no silence of the server.
        silence.refresh();
      }
    },
    end() {
      clearTimeout(silence);
      clearInterval(pace);
    },
  };
}

/** Follows redirects by hand: a login must not go to another server, nor a notebook's reader be sent to one unasked. */
async function follow(client: WebClient, url: string, accept: string, signal: AbortSignal): Promise<Response> {
  let target = url;
  for (let n = 0; n <= MAX_REDIRECTS; n++) {
    const headers = { accept, ...authorization(client.login) };
    const response = await fetch(target, { headers, signal, redirect: 'manual' });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, target);
    if (!next || next.username || next.password)
      throw new UserError('web-redirect', `${client.host} sends on to an address that cannot be used.`);
    if (next.origin !== new URL(target).origin)
      throw new UserError(
        'web-redirect',
        `${client.host} sends on to another server (${next.host}), which LungNB does not follow. If that is right, write its address into the notebook.`,
      );
    target = next.href;
  }
  throw new UserError('web-redirect', `${client.host} sends from one address to the next without end.`);
}

function authorization(login: DicomWebServer | undefined): Record<string, string> {
  if (login?.token) return { authorization: `Bearer ${login.token}` };
  if (!login?.user) return {};
  const basic = Buffer.from(`${login.user}:${login.password ?? ''}`).toString('base64');
  return { authorization: `Basic ${basic}` };
}

/** Throws for every answer that is no success. */
function refuse({ host, login }: WebClient, { status }: Response): void {
  if (status >= 200 && status < 300) return;
  if (WORTH_A_RETRY.includes(status)) throw new TransientError(`it answers ${status}`);
  if (status === 401 || status === 403)
    throw new UserError(
      'web-login',
      login
        ? `${host} refuses the login that is set for it (${status}), or it may not read this study. Check user, password or token.`
        : `${host} asks for a login (${status}). ${HOW_TO_LOG_IN}`,
    );
  if (status === 404)
    throw new UserError(
      'web-not-found',
      `${host} knows no such study or series, or is no DICOMweb server at this path (404). Check the address; the root often ends with /dicom-web, /dicomweb or /rs.`,
    );
  throw new UserError(
    'web-failed',
    `${host} refuses the request with ${status}. Check the address and its search terms.`,
  );
}

/** What fetch throws holds its reason as the `cause`, with a code of the system or of TLS. */
function inWords({ host }: WebClient, error: unknown): Error {
  if (error instanceof UserError || error instanceof TransientError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code))
    return new UserError(
      'web-certificate',
      `The connection to ${host} is not safe (${code}): its certificate is not trusted by this computer. Have it installed, or point NODE_EXTRA_CA_CERTS to the hospital's certificate and restart.`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new UserError(
      'web-unreachable',
      `There is no server ${host} on the network. Check the address and the connection.`,
    );
  if (code === 'ECONNREFUSED')
    return new UserError(
      'web-unreachable',
      `${host} accepts no connections. Check the address and its port, and whether the server runs.`,
    );
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return new UserError('web-too-large', `${host} sends header lines of more than 16 kB, more than LungNB takes.`);
  // fetch says so of every other failure of the connection; without a cause or these words it is a bug of ours.
  if (error instanceof TypeError && (cause !== undefined || ['terminated', 'fetch failed'].includes(error.message)))
    return new TransientError(`the connection broke off${code ? ` (${code})` : ''}`);
  return error instanceof Error ? error : new Error(String(error));
}
