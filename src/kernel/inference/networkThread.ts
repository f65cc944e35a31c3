/** The other end of the thread that runs networks: opens sessions there that are used like those of this thread. */
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import { received } from '../base/thrownAcross.ts';
import { UserError } from '../base/userError.ts';
import type { OpenSession } from './device.ts';
import { END, type FromNetworks, type OpenedNetwork, type ToNetworks } from './networkMessages.ts';
import { switchTelemetryOff } from './telemetryOff.ts';

/** To be called on the main thread, and given a port for each thread that wants networks run. */
export function startNetworkThread(): Worker {
  switchTelemetryOff();
  const file = fileURLToPath(import.meta.url);
  return new Worker(new URL(`./networkWorker${extname(file)}`, import.meta.url));
}

/**
 * Ends the thread when the tile under way is done: to leave ONNX Runtime while it computes would end the whole process by
 * an abort.
 */
export async function endNetworkThread(thread: Worker): Promise<void> {
  const ended = once(thread, 'exit');
  thread.ref();
  thread.postMessage(END);
  await ended;
}

/** Sessions in the thread at the other end of `port`. What is asked after that thread has ended fails by a UserError. */
export function sessionsAt(port: MessagePort): OpenSession {
  const ask = asker(port);
  return async (network, { threads, device }, called) => {
    const reply = await ask((id) => ({ id, type: 'open', request: { network, threads, device, called } }));
    if (reply.type !== 'opened') throw new Error(`the networks’ thread was asked to open one, and has ${reply.type}`);
    const { session, device: used, ...told }: OpenedNetwork = reply.opened;
    return {
      device: used,
      session: {
        ...told,
        async run(feeds, fetches) {
          const given = await ask((id) => ({ id, type: 'run', session, feeds, fetches }));
          if (given.type !== 'ran') throw new Error(`the networks’ thread was asked to run one, and has ${given.type}`);
          return given.outputs;
        },
      },
    };
  };
}

/** Sends what `messageOf` makes of a new number, and gives the answer to it. */
function asker(
  port: MessagePort,
): (messageOf: (id: number) => ToNetworks) => Promise<Exclude<FromNetworks, { type: 'failed' }>> {
  interface Waiting {
    readonly resolve: (reply: Exclude<FromNetworks, { type: 'failed' }>) => void;
    readonly reject: (error: unknown) => void;
  }
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended = false;
  port.on('message', (reply: FromNetworks) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.type === 'failed') asked?.reject(received(reply.error));
    else asked?.resolve(reply);
  });
  port.on('close', () => {
    ended = true;
    for (const { reject } of waiting.values()) reject(endedError());
    waiting.clear();
  });
  return (messageOf) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(endedError());
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      port.postMessage(messageOf(id));
    });
}

function endedError(): UserError {
  return new UserError(
    'images-ended',
    'The part of LungNB that runs networks ended unexpectedly. Earlier results are kept. Run the cell again; if it ends again, close other programs to free memory.',
  );
}
