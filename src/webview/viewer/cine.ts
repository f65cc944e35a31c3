/** Cine: runs through the slices of the active picture by itself, from the last one on to the first again. */
import { effect, type Signal, signal } from '@preact/signals';
import type { Pane } from './pane.ts';

export const CINE_SPEEDS = [5, 10, 15, 20, 30] as const;

export interface Cine {
  readonly isPlaying: Signal<boolean>;
  /** Slices a second, as long as they come so fast. */
  readonly speed: Signal<number>;
  dispose(): void;
}

export function createCine(active: Signal<Pane>): Cine {
  const isPlaying = signal(false);
  const speed = signal(10);
  let timer: ReturnType<typeof setInterval> | undefined;
  const step = () => {
    const pane = active.peek();
    // A slice that is on its way is waited for: none is passed over.
    if (pane.isPending.peek()) return;
    if (pane.problem.peek() !== undefined) {
      isPlaying.value = false;
      return;
    }
    pane.cycle();
  };
  const stop = effect(() => {
    clearInterval(timer);
    if (isPlaying.value) timer = setInterval(step, 1000 / speed.value);
  });
  return {
    isPlaying,
    speed,
    dispose() {
      isPlaying.value = false;
      clearInterval(timer);
      stop();
    },
  };
}
