/** Frees large arrays as soon as they are done with. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Collects this thread's garbage: some 10 ms. V8 does so when it needs memory for objects of its own, and a thread that
 * waits for a network needs none: what a CT took a stage before would stay beside what the next stage takes.
 */
export function freeMemory(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    // SAFETY: a context that is made after the flag was set has this function.
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

/** So much may wait to be collected. */
const MOST_WAITING_BYTES = 32e6;

/** To be told of the bytes that are done with, time and again: they are collected when they are many. */
export function memoryFreer(): (bytes: number) => void {
  let waiting = 0;
  return (bytes) => {
    waiting += bytes;
    if (waiting < MOST_WAITING_BYTES) return;
    waiting = 0;
    freeMemory();
  };
}
