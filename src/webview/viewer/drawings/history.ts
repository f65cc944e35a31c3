/** What was drawn and erased in a viewer, to be taken back and brought again by its keys. */
import type { Annotation } from '../../../protocol/annotations/annotation.ts';

/** One thing that a user did: what there was of each drawing before it and after it, undefined for none. */
export interface Step {
  readonly id: string;
  readonly before: Annotation | undefined;
  readonly after: Annotation | undefined;
}

export interface History {
  remember(steps: readonly Step[]): void;
  /** The steps of the last thing done, false where there is none; they are brought again by `redo`. */
  undo(): readonly Step[] | false;
  redo(): readonly Step[] | false;
}

export function createHistory(): History {
  const done: (readonly Step[])[] = [];
  const undone: (readonly Step[])[] = [];
  const move = (from: (readonly Step[])[], to: (readonly Step[])[]) => {
    const steps = from.pop();
    if (steps) to.push(steps);
    return steps ?? false;
  };
  return {
    remember(steps) {
      if (steps.length === 0) return;
      done.push(steps);
      undone.length = 0;
    },
    undo: () => move(done, undone),
    redo: () => move(undone, done),
  };
}
