/** The keys that edit masks. All but the first are left to others while nothing is edited. */
import type { KeyGroup } from '../keys.ts';
import { chooseTool } from '../tools.ts';
import type { Viewer } from '../viewer.ts';
import { pixelAt } from '../viewTransform.ts';
import type { Painting } from './painting.ts';
import { BRUSH, ERASER, resizeBrush, toggleEditing } from './tools.ts';

/** A larger and a smaller brush. */
export const BRUSH_STEP = 1.2;

/** What is done while masks are edited. */
const editing = (act: (painting: Painting, viewer: Viewer) => void) => (viewer: Viewer) => {
  const { painting } = viewer;
  if (!painting?.isOn.peek()) return false;
  act(painting, viewer);
  return true;
};

/** What is done at the place that is pointed at. */
const atPointer = (act: (painting: Painting, ...at: Parameters<Painting['pick']>) => void) =>
  editing((painting, { active, say }) => {
    const { slice, point } = active.peek();
    const shown = slice.peek();
    const pixel = shown && point.peek() && pixelAt(point.peek()!, shown);
    if (!shown || pixel === undefined) say('Point at the picture first.');
    else act(painting, shown, pixel);
  });

const otherLabel = (step: 1 | -1) =>
  editing((painting) => {
    const count = painting.labels().length;
    const { label } = painting.brush.peek();
    painting.change({ label: ((label - 1 + step + count) % count) + 1 });
  });

export const EDITING_KEYS: KeyGroup = {
  title: 'Editing masks',
  bindings: [
    {
      keys: ['W'],
      does: 'Edit masks: begin and end',
      run: (viewer) => (viewer.painting ? void toggleEditing(viewer) : false),
    },
    {
      keys: ['V'],
      does: 'Brush and eraser, by turns',
      run: editing((_, viewer) => chooseTool(viewer, viewer.tool.peek() === BRUSH ? ERASER : BRUSH)),
    },
    { keys: ['.'], does: 'Larger brush', run: (viewer) => resizeBrush(viewer, BRUSH_STEP) },
    { keys: [','], does: 'Smaller brush', run: (viewer) => resizeBrush(viewer, 1 / BRUSH_STEP) },
    {
      keys: ['H'],
      does: 'Brush as a ball or a disc',
      run: editing((painting) => painting.change({ isBall: !painting.brush.peek().isBall })),
    },
    { keys: ['6'], does: 'Next label', run: otherLabel(1) },
    { keys: ['5'], does: 'Label before', run: otherLabel(-1) },
    {
      keys: ['Q'],
      does: 'Take the label under the pointer',
      run: atPointer((painting, ...at) => painting.pick(...at)),
    },
    {
      keys: ['U'],
      does: 'Fill between painted slices',
      run: editing((painting, { active }) => painting.fill(active.peek().plane.peek())),
    },
    {
      keys: ['K'],
      does: 'Reject the island under the pointer',
      run: atPointer((painting, ...at) => painting.reject(...at)),
    },
    { keys: ['Ctrl+S'], does: 'Save the edited masks', run: editing((painting) => void painting.save()) },
  ],
};
