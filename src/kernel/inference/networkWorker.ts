/**
 * The thread that runs networks, one tile after the other, for all threads that have a port to it. ONNX Runtime holds the
 * thread that calls it; those that read and measure CTs go on meanwhile. One thread for all of them keeps what networks
 * need in memory to that of one tile.
 */
import { createHash } from 'node:crypto';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { memoryFreer } from '../base/freeMemory.ts';
import { toSend } from '../base/thrownAcross.ts';
import { type OpenSession, openSession } from './device.ts';
import { END, type FromNetworks, type OpenedNetwork, type OpenNetwork, type ToNetworks } from './networkMessages.ts';
import type { NetworkSession, RawOutput } from './networkSession.ts';

type Opened = Awaited<ReturnType<OpenSession>>;

const free = memoryFreer();

/** By their number. */
const sessions: NetworkSession[] = [];
/** Sessions by what they were opened with: all threads that ask for a network share one. */
const opened = new Map<string, Promise<{ readonly session: number; readonly opened: Opened }>>();

async function open({ network, threads, device, called }: OpenNetwork): Promise<OpenedNetwork> {
  const hash = createHash('sha256')
    .update(JSON.stringify([threads, device]))
    .update(network.onnx);
  for (const { path, data } of network.externalData) hash.update(path).update(data);
  const key = hash.digest('hex');
  const own =
    opened.get(key) ??
    openSession(network, { threads, device }, called).then((made) => ({
      session: sessions.push(made.session) - 1,
      opened: made,
    }));
  opened.set(key, own);
  own.catch(() => opened.delete(key));
  const {
    session,
    opened: {
      session: { inputNames, inputMetadata, outputMetadata },
      device: used,
    },
  } = await own;
  return { session, inputNames, inputMetadata, outputMetadata, device: used };
}

async function answer(port: MessagePort, message: ToNetworks): Promise<void> {
  const { id } = message;
  const post = (reply: FromNetworks, lent: readonly ArrayBuffer[] = []) => port.postMessage(reply, lent);
  try {
    if (message.type === 'open') return post({ id, type: 'opened', opened: await open(message.request) });
    const given = await sessions[message.session]!.run(message.feeds, message.fetches);
    for (const { data } of Object.values(message.feeds)) free(data.byteLength);
    const outputs = Object.fromEntries(
      Object.entries(given).map(([name, { type, data, dims, size }]) => [name, { type, data, dims, size }]),
    );
    post({ id, type: 'ran', outputs }, buffersOf(outputs));
  } catch (error) {
    post({ id, type: 'failed', error: toSend(error) });
  }
}

/** What holds numbers goes to the other thread as it is; texts, of which no output of ours is, are copied. */
function buffersOf(outputs: Readonly<Record<string, RawOutput>>): ArrayBuffer[] {
  return Object.values(outputs).flatMap(({ data }) =>
    'buffer' in data && data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
  );
}

parentPort?.on('message', (port: MessagePort | typeof END) => {
  // No network runs while this is heard: the thread that runs one hears nothing.
  if (port === END) process.exit();
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToNetworks) => {
    last = last.then(() => answer(port, message));
  });
});
