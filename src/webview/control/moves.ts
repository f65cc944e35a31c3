/** The moves of one control: which belong to one drag or one key, and what undo and redo bring back. */
import type { ControlView } from '../../protocol/view.ts';

type Value = ControlView['value'];

export interface Moves {
  /** A hand takes hold of the control, or a key goes down: what follows is undone together. */
  begin(): void;
  /** Which gesture moves belong to now. */
  gesture(): number;
  /** `value` was there before a move; of one gesture the first is kept. */
  remember(value: Value): void;
  /** The value before the last gesture, undefined where there is none; `value` is there now. */
  undo(value: Value): Value | undefined;
  redo(value: Value): Value | undefined;
  /** The value is on its way to the kernel. */
  send(value: Value): void;
  /** The kernel shows the value: false where a later one is on its way, so that a slider never jumps back under the hand. */
  answers(value: Value): boolean;
  /** What was sent is not taken, and nothing is on its way any more. */
  refused(): void;
}

/** Number of the last gesture of any control; begins with the time, so that a page that is drawn anew repeats none. */
let last = Date.now();

export function createMoves(): Moves {
  const earlier: Value[] = [];
  const later: Value[] = [];
  let sent: Value[] = [];
  let gesture = ++last;
  let remembered: number | undefined;
  const begin = () => {
    gesture = ++last;
  };
  const step = (from: Value[], to: Value[], value: Value) => {
    begin();
    const found = from.pop();
    if (found !== undefined) to.push(value);
    return found;
  };
  return {
    begin,
    gesture: () => gesture,
    remember(value) {
      later.length = 0;
      if (remembered !== gesture) earlier.push(value);
      remembered = gesture;
    },
    undo: (value) => step(earlier, later, value),
    redo: (value) => step(later, earlier, value),
    send: (value) => void sent.push(value),
    answers(value) {
      const answered = sent.lastIndexOf(value);
      sent = answered < 0 ? [] : sent.slice(answered + 1);
      return sent.length === 0;
    },
    refused() {
      sent = [];
    },
  };
}

/** What a key asks for: Ctrl+Z or Cmd+Z, and with Shift, or Ctrl+Y, the other way. */
export function undoKey({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): 'undo' | 'redo' | undefined {
  if (!ctrlKey && !metaKey) return undefined;
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  return key.toLowerCase() === 'y' ? 'redo' : undefined;
}
