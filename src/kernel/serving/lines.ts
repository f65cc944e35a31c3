/** JSON-RPC with one message a line, which any language reads and writes without a library. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';

export class LineReader extends AbstractMessageReader {
  readonly #input: Readable;
  constructor(input: Readable) {
    super();
    this.#input = input;
  }

  listen(callback: DataCallback): Disposable {
    const lines = createInterface({ input: this.#input });
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      const message = parsed(line);
      if (message) callback(message);
      else this.fireError(new Error('A line is no JSON object: each line must be one message.'));
    });
    lines.on('close', () => this.fireClose());
    return { dispose: () => lines.close() };
  }
}

export class LineWriter extends AbstractMessageWriter {
  readonly #output: Writable;
  constructor(output: Writable) {
    super();
    this.#output = output;
  }

  async write(message: Message): Promise<void> {
    this.#output.write(`${JSON.stringify(message)}\n`);
  }

  end(): void {}
}

function parsed(line: string): Message | undefined {
  try {
    const json: unknown = JSON.parse(line);
    // SAFETY: whether it is a request is the connection's to see.
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Message) : undefined;
  } catch {
    return undefined;
  }
}
