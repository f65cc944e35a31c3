/** The kernel process: one session, driven by JSON-RPC over Node's IPC channel. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { KernelHandlers, KernelListeners, KernelNotifications } from '../protocol/kernelMethods.ts';
import { serversFromEnvironment } from './ct/dicomWeb/address.ts';
import { createSession } from './session/session.ts';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));

const notify =
  <N extends keyof KernelNotifications>(name: N) =>
  (notice: KernelNotifications[N]) =>
    void connection.sendNotification(name, notice);
const listeners: KernelListeners = {
  progress: notify('progress'),
  output: notify('output'),
  inputChanged: notify('inputChanged'),
};

type First = Pick<KernelHandlers, 'initialize'>;

function serve(handlers: First | Omit<KernelHandlers, keyof First>): void {
  for (const [method, handler] of Object.entries(handlers)) connection.onRequest(method, handler);
}

serve({
  initialize(options) {
    const dicomWebServers = [...(options.dicomWebServers ?? []), ...serversFromEnvironment(process.env)];
    // What the session answers its own process is nobody else's to ask.
    const { names, close, ...handlers } = createSession({ ...options, dicomWebServers }, listeners);
    serve(handlers);
    return null;
  },
});
// The extension that started this process is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
connection.listen();
