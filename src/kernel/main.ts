/** The kernel process: one session, driven by JSON-RPC over Node's IPC channel. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type {
  ChangeParameter,
  CheckCellsParameters,
  KernelOptions,
  ParameterChange,
  PatientSlicesReply,
  PatientSlicesRequest,
  PlaceInCell,
  RunCellParameters,
  SelectPatients,
  SliceReply,
  SliceRequest,
  WriteAnswer,
} from '../protocol/kernelApi.ts';
import { KERNEL_METHODS } from '../protocol/kernelApi.ts';
import { serversFromEnvironment } from './ct/dicomWeb/address.ts';
import { removeLeftovers } from './ct/dicomWeb/leftovers.ts';
import { createSession, type Session } from './session/session.ts';
import { report } from './terminal.ts';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
let session: Session | undefined;

function started(): Session {
  if (!session) throw new Error(`the kernel was used before \`${KERNEL_METHODS.initialize}\``);
  return session;
}

connection.onRequest(KERNEL_METHODS.initialize, (options: KernelOptions) => {
  const dicomWebServers = [...(options.dicomWebServers ?? []), ...serversFromEnvironment(process.env)];
  session = createSession(
    { ...options, dicomWebServers },
    {
      progress: (notice) => void connection.sendNotification(KERNEL_METHODS.progress, notice),
      output: (notice) => void connection.sendNotification(KERNEL_METHODS.output, notice),
      screen: report,
      inputChanged: () => void connection.sendNotification(KERNEL_METHODS.inputChanged),
      mayWrite: (question) => connection.sendRequest<WriteAnswer>(KERNEL_METHODS.mayWrite, question),
    },
  );
  return null;
});
connection.onRequest(KERNEL_METHODS.runCell, (cell: RunCellParameters) => started().runCell(cell));
connection.onRequest(KERNEL_METHODS.interrupt, () => {
  started().interrupt();
  return null;
});
connection.onRequest<SliceReply, never>(KERNEL_METHODS.slice, (request: SliceRequest) => started().slice(request));
connection.onRequest<PatientSlicesReply, never>(KERNEL_METHODS.patientSlices, (request: PatientSlicesRequest) =>
  started().patientSlices(request),
);
connection.onRequest(KERNEL_METHODS.select, (selection: SelectPatients) => {
  started().select(selection);
  return null;
});
connection.onRequest<ParameterChange, never>(KERNEL_METHODS.changeParameter, (request: ChangeParameter) =>
  started().changeParameter(request),
);
connection.onRequest(KERNEL_METHODS.staleCells, ({ cells }: CheckCellsParameters) => started().staleCells(cells));
connection.onRequest(KERNEL_METHODS.dependencies, ({ cells }: CheckCellsParameters) => started().dependencies(cells));
connection.onRequest(KERNEL_METHODS.variables, () => started().variables());
connection.onRequest(KERNEL_METHODS.complete, (place: PlaceInCell) => started().complete(place));
connection.onRequest(KERNEL_METHODS.hover, (place: PlaceInCell) => started().hover(place) ?? null);
connection.onRequest(KERNEL_METHODS.signature, (place: PlaceInCell) => started().signature(place) ?? null);
connection.onRequest(KERNEL_METHODS.outline, ({ cells }: CheckCellsParameters) => started().outline(cells));
connection.onRequest(KERNEL_METHODS.format, (source: string) => started().format(source));
connection.onRequest(KERNEL_METHODS.check, ({ cells }: CheckCellsParameters) => ({ problems: started().check(cells) }));
// What nothing caught ends the cell that runs, and no result of an earlier one.
process.on('uncaughtException', (error) => {
  if (!session?.fail(error)) console.error('Something went wrong inside LungNB, while no cell was running.', error);
});
// The extension's other way to interrupt: a cell that computes hears of no message (session/breakable.ts).
process.on('SIGINT', () => session?.interrupt());
// The extension that started this process is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
connection.listen();
void removeLeftovers();
