/** The thread that computes for the page: its program stands packed in the page itself. */
import { ENGINE_ID } from '../../protocol/page/computing.ts';
import type { FromEngine, ToEngine } from '../../protocol/page/engineMessages.ts';
import { inflate } from '../viewer/decode.ts';

export interface EngineThread {
  post(message: ToEngine): void;
  /** Ends it, whatever it is doing. */
  end(): void;
}

/** Messages wait until it has started. `hear` is told of a thread that cannot start, too. */
export function startEngine(hear: (message: FromEngine) => void): EngineThread {
  let ended = false;
  let worker: Worker | undefined;
  const waiting: ToEngine[] = [];
  const fail = (message: string) => {
    if (!ended) hear({ type: 'failed', message });
  };
  const start = async () => {
    const url = await programUrl();
    if (ended) return;
    worker = new Worker(url);
    worker.onmessage = ({ data }: MessageEvent<FromEngine>) => {
      if (!ended) hear(data);
    };
    worker.onerror = ({ message }) => fail(message || 'its thread ended');
    for (const message of waiting.splice(0)) worker.postMessage(message);
  };
  start().catch((error: unknown) =>
    fail(
      `Its program does not start (${error instanceof Error ? error.message : String(error)}): the file is damaged, or this browser too old. Take a new copy of the file, or another browser.`,
    ),
  );
  return {
    post(message) {
      if (worker) worker.postMessage(message);
      else waiting.push(message);
    },
    end() {
      ended = true;
      worker?.terminate();
    },
  };
}

let program: Promise<string> | undefined;

/** Unpacked once, however often a thread is started. */
function programUrl(): Promise<string> {
  program ??= inflate(document.getElementById(ENGINE_ID)!.textContent!).then((bytes) =>
    URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' })),
  );
  return program;
}
