/** The kernel process: one session, driven by JSON-RPC over Node's IPC channel. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { WriteAnswer, WriteQuestion } from '../protocol/kernelApi.ts';
import type { KernelHandlers, KernelListeners, KernelNotifications } from '../protocol/kernelMethods.ts';
import { serversFromEnvironment } from './ct/dicomWeb/address.ts';
import { removeLeftovers } from './ct/dicomWeb/leftovers.ts';
import { answerPage } from './page/answerPage.ts';
import { createSession } from './session/session.ts';
import { report } from './terminal.ts';

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

let closeSession: (() => Promise<void>) | undefined;

function serve(handlers: First | Omit<KernelHandlers, keyof First>): void {
  for (const [method, handler] of Object.entries(handlers)) connection.onRequest(method, handler);
}

serve({
  initialize(options) {
    const dicomWebServers = [...(options.dicomWebServers ?? []), ...serversFromEnvironment(process.env)];
    const events = {
      ...listeners,
      screen: report,
      mayWrite: (question: WriteQuestion) => connection.sendRequest<WriteAnswer>('mayWrite', question),
    };
    // What the session answers its own process is nobody else's to ask.
    const session = createSession({ ...options, dicomWebServers }, events);
    const { names, ran, close, fail, checkResult, writeResult, sliceStacks, ...handlers } = session;
    closeSession = close;
    serve({ ...handlers, page: (request) => answerPage(request, session) });
    // What nothing caught ends the cell that runs, and no result of an earlier one.
    process.on('uncaughtException', (error) => {
      if (!fail(error))
        report(`Something went wrong inside LungNB, while no cell was running.\n${error.stack ?? error}`);
    });
    // The extension's other way to interrupt: a cell that computes hears of no message (base/interruptible.ts).
    process.on('SIGINT', () => handlers.interrupt(null));
    return null;
  },
});
// The extension that started this process is gone: nobody is left to answer. A network is not left while it computes.
process.on('disconnect', () => void Promise.resolve(closeSession?.()).finally(() => process.exit(0)));
connection.listen();
void removeLeftovers();
