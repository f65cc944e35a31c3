/** Keeps two CTs side by side at the same level of the body, whichever of them is scrolled. */
import { effect, type Signal, signal } from '@preact/signals';
import { sameLevel } from '../../protocol/levels.ts';
import type { Levels, Plane } from '../../protocol/view.ts';
import type { Pane } from './pane.ts';

export interface Link {
  /** Scrolling one scrolls the other. Locked again, they stay as far from the same level as they were scrolled meanwhile. */
  readonly isLocked: Signal<boolean>;
  /** By how many slices the CT beside lies above the same level; 0 until somebody set it. */
  readonly offset: Signal<number>;
  /** Locks them as they stand, or lets them go. */
  setLocked(locked: boolean): void;
  dispose(): void;
}

export function linkPanes([first, beside]: readonly [Pane, Pane], levels: Levels): Link {
  const isLocked = signal(true);
  const offset = signal(0);
  /** Where both were when they were last level, so that it is known which one has been scrolled since. */
  let last = { plane: first.plane.peek(), first: first.wanted.peek(), beside: beside.wanted.peek() };
  const levelOf = (plane: Plane, index: number) =>
    sameLevel(levels[plane], index, beside.series.view.sliceCounts[plane]);
  const follow = effect(() => {
    const now = { plane: first.plane.value, first: first.wanted.value, beside: beside.wanted.value };
    const besidePlane = beside.plane.value;
    if (!isLocked.value) {
      last = now;
      return;
    }
    if (now.plane !== besidePlane) {
      // Whichever has changed its plane takes the other with it, where no offset was set by hand.
      const plane = now.plane === last.plane ? besidePlane : now.plane;
      offset.value = 0;
      if (plane === now.plane) beside.goTo(levelOf(plane, now.first), plane);
      else first.goTo(sameLevel(levels[plane], now.beside, first.series.view.sliceCounts[plane], true), plane);
    } else if (now.first !== last.first || now.plane !== last.plane)
      beside.goTo(levelOf(now.plane, now.first) + offset.value);
    else if (now.beside !== last.beside)
      first.goTo(sameLevel(levels[now.plane], now.beside - offset.value, first.count.peek(), true));
    last = { plane: first.plane.peek(), first: first.wanted.peek(), beside: beside.wanted.peek() };
  });
  return {
    isLocked,
    offset,
    setLocked(locked) {
      const plane = first.plane.peek();
      if (locked && plane === beside.plane.peek())
        offset.value = beside.wanted.peek() - levelOf(plane, first.wanted.peek());
      isLocked.value = locked;
    },
    dispose: follow,
  };
}
