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
  /** Milliseconds before the first retry; they double with each. */
  readonly pauseMs: number;
}

export interface WebAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const RETRIES = 3;
const MOST_REDIRECTS = 5;
/** No answer is larger: a multi-frame CT of 2000 slices has 1 GB. */
const LARGEST_BODY_BYTES = 2 * 1024 ** 3;
const WORTH_A_RETRY = [408, 425, 429, 500, 502, 503, 504];

/** A failure that may pass: the request is made again. */
class Passing extends Error {}

/** The answer, whole. `accept` is the media type asked for; `isWhole` says whether a body was not cut off. Throws a UserError. */
export async function request(
  client: WebClient,
  url: string,
  accept: string,
  isWhole: (answer: WebAnswer) => boolean,
): Promise<WebAnswer> {
  for (let attempt = 0; ; attempt++) {
    client.signal.throwIfAborted();
    try {
      const answer = await once(client, url, accept);
      refuse(client, answer);
      if (!isWhole(answer)) throw new Passing('its answer was cut off');
      return answer;
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (attempt === RETRIES)
        throw new UserError(
          'web-failed',
          `${client.host} failed ${RETRIES + 1} times: ${error.message}. Try again later, or ask whoever runs the server.`,
        );
    }
    await delay(client.pauseMs * 2 ** attempt, undefined, { signal: client.signal });
  }
}

async function once(client: WebClient, url: string, accept: string): Promise<WebAnswer> {
  // Gives up on silence, however long a whole answer takes.
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), client.silenceMs);
  try {
    const signal = AbortSignal.any([client.signal, silence.signal]);
    const response = await follow(client, url, accept, signal);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      chunks.push(chunk);
      length += chunk.length;
      if (length > LARGEST_BODY_BYTES)
        throw new UserError('web-too-large', `${client.host} answers with more than ${LARGEST_BODY_BYTES} bytes.`);
    }
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: Buffer.concat(chunks),
    };
  } catch (error) {
    client.signal.throwIfAborted();
    if (silence.signal.aborted) throw new Passing(`it was silent for ${client.silenceMs / 1000} seconds`);
    throw inWords(client, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Follows redirects by hand: a login must not go to another server, nor a notebook's reader be sent to one unasked. */
async function follow(client: WebClient, url: string, accept: string, signal: AbortSignal): Promise<Response> {
  let target = url;
  for (let n = 0; n <= MOST_REDIRECTS; n++) {
    const headers = { accept, ...authorization(client.login) };
    const response = await fetch(target, { headers, signal, redirect: 'manual' });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, target);
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
function refuse({ host, login }: WebClient, { status }: WebAnswer): void {
  if (status >= 200 && status < 300) return;
  if (WORTH_A_RETRY.includes(status)) throw new Passing(`it answers ${status}`);
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
  if (error instanceof UserError) return error;
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
  if (error instanceof TypeError) return new Passing(`the connection broke off${code ? ` (${code})` : ''}`);
  return error instanceof Error ? error : new Error(String(error));
}
