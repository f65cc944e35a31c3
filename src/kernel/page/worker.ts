/** The thread of an HTML page that computes. */
import type { FromEngine, ToEngine } from '../../protocol/page/engineMessages.ts';
import { createPageEngine, type PageEngine } from './engine.ts';

/** What a thread of a browser has for messages; this room knows no browser. */
interface Thread {
  postMessage(message: FromEngine): void;
  onmessage: ((event: { readonly data: ToEngine }) => void) | null;
}

// SAFETY: the bundle of this file is started as a thread by the page, and by nothing else.
const thread = globalThis as unknown as Thread;
let engine: PageEngine | undefined;

thread.onmessage = ({ data }) => {
  if (data.type === 'begin') engine = createPageEngine(data, (message) => thread.postMessage(message));
  else void engine?.answer(data);
};
