import { describe, expect, it } from 'vitest';
import { createMoves, undoKey } from '../../../src/webview/control/moves.ts';

/** A control whose value is moved, as the view does it. */
function control(value: number) {
  const moves = createMoves();
  return {
    moves,
    drag(...values: readonly number[]): number {
      moves.begin();
      for (const next of values) {
        moves.remember(value);
        value = next;
        moves.send(value);
      }
      return moves.gesture();
    },
    undo: () => {
      value = (moves.undo(value) as number | undefined) ?? value;
      return value;
    },
    redo: () => {
      value = (moves.redo(value) as number | undefined) ?? value;
      return value;
    },
  };
}

describe('the moves of a control', () => {
  it('are undone and done again gesture by gesture, however many values one had', () => {
    const { drag, undo, redo } = control(25);
    drag(26, 30, 60);
    drag(65);
    expect([undo(), undo(), undo(), redo(), redo(), redo()]).toEqual([60, 25, 25, 60, 65, 65]);
  });

  it('cannot be done again after another move', () => {
    const { drag, undo, redo } = control(1);
    drag(2);
    undo();
    drag(3);
    expect([redo(), undo()]).toEqual([3, 1]);
  });

  it('tell gestures apart, those of two controls too', () => {
    const [a, b] = [control(0), control(0)];
    const gestures = [a.drag(1, 2), a.drag(3), b.drag(1)];
    expect(new Set(gestures).size).toBe(3);
    a.undo();
    expect(gestures).not.toContain(a.moves.gesture());
  });

  it('pass answers over while a later value is on its way, and take values from elsewhere', () => {
    const { moves, drag } = control(25);
    drag(30, 40, 60);
    expect([moves.answers(30), moves.answers(60), moves.answers(60)]).toEqual([false, true, true]);
    drag(70);
    expect(moves.answers(50)).toBe(true);
  });

  it('wait for no answer any more once they are refused', () => {
    const { moves, drag } = control(25);
    drag(30, 40);
    moves.refused();
    drag(60);
    expect(moves.answers(60)).toBe(true);
  });
});

describe('undoKey', () => {
  it.each([
    [{ key: 'z', ctrlKey: true, metaKey: false, shiftKey: false }, 'undo'],
    [{ key: 'z', ctrlKey: false, metaKey: true, shiftKey: false }, 'undo'],
    [{ key: 'Z', ctrlKey: true, metaKey: false, shiftKey: true }, 'redo'],
    [{ key: 'y', ctrlKey: true, metaKey: false, shiftKey: false }, 'redo'],
    [{ key: 'z', ctrlKey: false, metaKey: false, shiftKey: false }, undefined],
    [{ key: 'a', ctrlKey: true, metaKey: false, shiftKey: false }, undefined],
  ])('of %o is %s', (event, wanted) => expect(undoKey(event)).toBe(wanted));
});
