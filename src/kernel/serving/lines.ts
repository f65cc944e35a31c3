/** JSON-RPC with one message a line, which any language reads and writes without a library. */
import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  type Message,
  type ResponseMessage,
} from 'vscode-jsonrpc/node';

/** Whole cells are sent, and no data. */
const MOST_BYTES = 64e6;
const NEW_LINE = 10;

/** `refuse` answers what is no message, so that nobody waits for an answer that never comes. */
export class LineReader extends AbstractMessageReader {
  readonly #input: Readable;
  readonly #refuse: (answer: ResponseMessage) => void;
  constructor(input: Readable, refuse: (answer: ResponseMessage) => void) {
    super();
    this.#input = input;
    this.#refuse = refuse;
  }

  listen(callback: DataCallback): Disposable {
    const take = (line: Buffer | undefined) => {
      const read = messageIn(line);
      if (read === undefined) return;
      if ('refused' in read) this.#refuse(read.refused);
      else callback(read.message);
    };
    const lines = linesOf(take);
    this.#input.on('data', lines.more);
    this.#input.on('close', () => {
      lines.end();
      this.fireClose();
    });
    return { dispose: () => void this.#input.off('data', lines.more) };
  }
}

export class LineWriter extends AbstractMessageWriter {
  readonly #output: Writable;
  constructor(output: Writable) {
    super();
    this.#output = output;
  }

  async write(message: Message): Promise<void> {
    // Signs at which some readers end a line, Node's among them.
    const json = JSON.stringify(message).replace(/[\u2028\u2029]/g, (sign) =>
      sign === '\u2028' ? '\\u2028' : '\\u2029',
    );
    this.#output.write(`${json}\n`);
  }

  end(): void {}
}

/**
 * Lines by their bytes: other signs that end a line for Node (U+2028) may stand in JSON. Undefined is one that is too long.
 */
function linesOf(take: (line: Buffer | undefined) => void) {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const add = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= MOST_BYTES) pieces.push(piece);
    else pieces = [];
  };
  const end = () => {
    if (bytes > 0) take(bytes > MOST_BYTES ? undefined : Buffer.concat(pieces));
    pieces = [];
    bytes = 0;
  };
  return {
    more(chunk: Buffer | string) {
      let rest = Buffer.from(chunk);
      for (let at = rest.indexOf(NEW_LINE); at >= 0; at = rest.indexOf(NEW_LINE)) {
        add(rest.subarray(0, at));
        end();
        rest = rest.subarray(at + 1);
      }
      add(rest);
    },
    end,
  };
}

type Read = { readonly message: Message } | { readonly refused: ResponseMessage };

/** Undefined for an empty line. */
function messageIn(line: Buffer | undefined): Read | undefined {
  if (!line) return refused(ErrorCodes.InvalidRequest, `A message has at most ${MOST_BYTES / 1e6} MB.`);
  let text: string;
  try {
    // Also takes away the mark that some programs write before their first line.
    text = new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return refused(ErrorCodes.ParseError, 'A line is not in UTF-8: write it in this encoding.');
  }
  if (text.trim() === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(ErrorCodes.ParseError, 'A line is no JSON: each line must be one message.');
  }
  if (Array.isArray(json))
    return refused(ErrorCodes.InvalidRequest, 'A line is a list: write its messages one by one, each on its own line.');
  return messageOf(json);
}

function messageOf(json: unknown): Read | undefined {
  if (typeof json !== 'object' || json === null)
    return refused(ErrorCodes.InvalidRequest, 'A line is no JSON object: each line must be one message.');
  const { id, method } = json as { readonly id?: unknown; readonly method?: unknown }; // SAFETY: fields of an object.
  // Nothing is ever asked of the program, so that an answer of it is to nothing.
  if (method === undefined && ('result' in json || 'error' in json)) return undefined;
  if (id !== undefined && typeof id !== 'number' && typeof id !== 'string')
    return refused(ErrorCodes.InvalidRequest, '"id" must be a number or a text.');
  if (typeof method !== 'string')
    return refused(ErrorCodes.InvalidRequest, '"method" must be the name of a method.', id);
  // SAFETY: a request or a notification, by its id and its method.
  return { message: json as unknown as Message };
}

function refused(code: number, message: string, id: number | string | null = null): Read {
  return { refused: { jsonrpc: '2.0', id, error: { code, message } } };
}
