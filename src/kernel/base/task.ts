/** The last parameter of everything that takes long: how to stop it and how to tell how far it is. */

export interface Task {
  readonly signal: AbortSignal;
  /** `fraction` 0–1 of this task; `message` says what is being done, in the user's words. */
  readonly progress: (fraction: number, message: string) => void;
}

/** A part of a task that covers `from`–`to` of its parent's progress. */
export function subtask(task: Task, from: number, to: number): Task {
  return {
    signal: task.signal,
    progress: (fraction, message) => task.progress(from + (to - from) * fraction, message),
  };
}

/** For callers that neither cancel nor watch. */
export const unattended: Task = { signal: new AbortController().signal, progress: () => {} };
