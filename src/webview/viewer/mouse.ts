/** Mouse and pen on a picture: each button begins its tool, and what is pointed at is read. */
import { fitOrActualSize } from './keys.ts';
import type { Pane } from './pane.ts';
import { beginDrag, createDoublePress, type PointerHandlers, pointAt } from './pointing.ts';
import { type Drag, isDrawing } from './tools.ts';
import type { Viewer } from './viewer.ts';

export function createMouse(viewer: Viewer, pane: Pane): PointerHandlers {
  const isDouble = createDoublePress();
  let drag: Drag | undefined;
  const giveUp = () => {
    drag?.cancel?.();
    drag = undefined;
  };
  return {
    down(event, at) {
      giveUp();
      // The browser would scroll by the middle button.
      if (event.button === 1) event.preventDefault();
      if (event.button === 0 && isDouble(event, at) && !isDrawing(viewer)) fitOrActualSize(viewer);
      else drag = beginDrag(viewer, pane, event, at);
    },
    move(_, at) {
      pointAt(pane, at);
      drag?.move(at);
    },
    up() {
      drag?.end?.();
      drag = undefined;
    },
    cancel: giveUp,
    giveUp,
  };
}
