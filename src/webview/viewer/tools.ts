/** What dragging does on a picture, one entry each. */
import type { HuWindow } from '../../protocol/view.ts';
import { CROSSHAIR_TOOL } from './crosshairTool.ts';
import { DRAWING_TOOLS, MOVE_DRAWING } from './drawings/tools.ts';
import { isScrolled } from './keptSlices.ts';
import { PAINTING_TOOLS } from './painting/tools.ts';
import type { Pane } from './pane.ts';
import type { Viewer } from './viewer.ts';
import { type Frame, type Point, panned, zoomedAt } from './viewTransform.ts';

/** Where a drag takes place. */
export interface Target {
  readonly viewer: Viewer;
  readonly pane: Pane;
  /** The slice that was shown as the drag began, in its box. */
  readonly frame: Frame;
}

/** A button that went down on a picture. */
export interface Press {
  /** In CSS pixels from the corner of the picture's box. */
  readonly at: Point;
  /** As in pointer events: 0 the first, 1 the middle, 2 the second. */
  readonly button: number;
  readonly isSpaceHeld: boolean;
  readonly shiftKey: boolean;
}

/** A drag that goes on. */
export interface Drag {
  /** To a place in the picture's box, in CSS pixels. */
  move(to: Point): void;
  /** The button went up; not called where the drag was given up, as by a second finger. */
  end?(): void;
  /** The drag was given up. */
  cancel?(): void;
}

export interface Tool {
  readonly id: string;
  /** In the toolbar's choice of what the first button does; absent where it cannot be chosen. */
  readonly label?: string;
  /** Whether it can be chosen now; always where left out. */
  readonly isOffered?: (viewer: Viewer) => boolean;
  /** Its presses set points, so that two of them close by are no double click. */
  readonly isDrawing?: boolean;
  /** Begins it whatever the first button does; in words for the help, and as a test. */
  readonly shortcut?: { readonly words: string; readonly begins: (press: Press, target: Target) => boolean };
  begin(press: Press, target: Target): Drag;
}

/** Tried in this order for a press; where no shortcut begins one, the first button begins the chosen one. */
export const TOOLS: readonly Tool[] = [
  MOVE_DRAWING,
  {
    id: 'window',
    label: 'Window',
    begin: ({ at }, { viewer }) => {
      const from = viewer.window.peek();
      return {
        move: (to) => {
          viewer.window.value = draggedWindow(from, to.x - at.x, to.y - at.y);
        },
      };
    },
  },
  {
    id: 'scroll',
    label: 'Slices',
    isOffered: ({ active }) => isScrolled(active.value),
    begin: ({ at }, { pane, frame: { box } }) => {
      const from = pane.wanted.peek();
      // The whole stack in the height of the picture, but at least three pixels a slice.
      const pixels = Math.max(3, box.height / pane.count.peek());
      return { move: ({ y }) => pane.goTo(from + Math.trunc((at.y - y) / pixels)) };
    },
  },
  {
    id: 'zoom',
    label: 'Zoom',
    shortcut: { words: 'Right drag', begins: ({ button }) => button === 2 },
    begin: ({ at }, { pane, frame }) => {
      const from = pane.transform.peek();
      return {
        move: ({ y }) => {
          pane.transform.value = zoomedAt(from, Math.exp((at.y - y) / 150), at, frame);
        },
      };
    },
  },
  {
    id: 'pan',
    label: 'Pan',
    shortcut: {
      words: 'Middle drag, or Space and drag',
      begins: ({ button, isSpaceHeld }) => button === 1 || (button === 0 && isSpaceHeld),
    },
    begin: ({ at }, { pane, frame }) => {
      const from = pane.transform.peek();
      return {
        move: ({ x, y }) => {
          pane.transform.value = panned(from, { x: x - at.x, y: y - at.y }, frame);
        },
      };
    },
  },
  CROSSHAIR_TOOL,
  ...DRAWING_TOOLS,
  ...PAINTING_TOOLS,
];

/** What dragging with mouse and pen does before another tool is chosen. */
export const DEFAULT_TOOL = 'window';

/** The tool that a press begins. */
export function toolFor(press: Press, chosen: string, target: Target): Tool | undefined {
  const byShortcut = TOOLS.find(({ shortcut }) => shortcut?.begins(press, target));
  return byShortcut ?? (press.button === 0 ? TOOLS.find(({ id }) => id === chosen) : undefined);
}

/** What the first button does from now on; chosen again, what it does unless told. */
export function chooseTool({ tool, drawings }: Viewer, id: string): void {
  drawings.draft.value = undefined;
  tool.value = tool.peek() === id ? undefined : id;
}

/** Whether presses set points of a drawing. */
export function isDrawing({ tool }: Viewer): boolean {
  return TOOLS.some(({ id, isDrawing }) => isDrawing && id === tool.peek());
}

/** Right and left widens and narrows the window, up and down moves its centre; slower in narrow windows. */
export function draggedWindow(from: HuWindow, right: number, down: number): HuWindow {
  const huPerPixel = Math.max(0.5, from.width / 400);
  return {
    centre: Math.round(from.centre + down * huPerPixel),
    width: Math.max(2, Math.round(from.width + right * huPerPixel)),
  };
}
