/** Servers of a few lines on loopback, which answer as a test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const SERIES = '/rs/studies/1.2/series/1.2.3';

export function createServers() {
  let servers: Server[] = [];
  return {
    async serve(handler: Handler): Promise<string> {
      const server = createServer(handler);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    },
    async close(): Promise<void> {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      servers = [];
    },
  };
}

export const json = (response: ServerResponse, value: unknown) =>
  response.setHeader('content-type', 'application/dicom+json').end(JSON.stringify(value));
export const multipart = (bytes: Buffer) =>
  Buffer.concat([Buffer.from('--b1\r\nContent-Type: application/dicom\r\n\r\n'), bytes, Buffer.from('\r\n--b1--\r\n')]);
export const asParts = (response: ServerResponse) =>
  response.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary="b1"');
export const instanceMatch = (uid: string) => ({ '00080018': { vr: 'UI', Value: [uid] } });

/** One series of `count` instances; `instance` answers for each in its own way. */
export const archive =
  (count: number, instance: (n: number, response: ServerResponse, request: IncomingMessage) => void): Handler =>
  (request, response) => {
    const path = request.url!.split('?')[0]!;
    if (path === `${SERIES}/instances`)
      json(
        response,
        Array.from({ length: count }, (_, n) => instanceMatch(`1.2.3.${n + 1}`)),
      );
    else instance(Number(path.split('.').at(-1)), response, request);
  };

/** Sends the same bytes until the client leaves. */
export function endless(response: ServerResponse, bytes: Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(bytes));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
