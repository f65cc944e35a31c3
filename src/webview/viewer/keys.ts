/** The keys of the viewer, one entry each; the `?` overlay and docs/viewer.md are made of the same list. */
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { copyPicture } from './copyPicture.ts';
import { closePolygon, giveUpPolygon } from './drawings/tools.ts';
import { hasAllSlices, isScrolled } from './keptSlices.ts';
import { EDITING_KEYS } from './painting/keys.ts';
import { setThreePlanes, showPlane } from './planes.ts';
import { nextSlab } from './slabs.ts';
import { chooseTool } from './tools.ts';
import type { Viewer } from './viewer.ts';
import { actualSize, FITTED, zoomedAt } from './viewTransform.ts';

export interface KeyBinding {
  /** As in keyboard events, "Ctrl+" before those that want it (Cmd on a Mac). */
  readonly keys: readonly string[];
  /** What it does, for the help. */
  readonly does: string;
  /** False where it does nothing now, and VS Code may take the key. */
  run(viewer: Viewer): unknown;
  /** Whether it can do anything in the viewer at all; always where left out. */
  isOffered?(viewer: Viewer): boolean;
}

export interface KeyGroup {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

const isScrolling = ({ active }: Viewer) => isScrolled(active.value);
/** Leaves a kernel's part out where there is none. */
const canPaint = ({ painting }: Viewer) => painting !== undefined;

const scroll = (steps: number) => (viewer: Viewer) => viewer.active.peek().scroll(steps);

/** About the middle of the picture. */
const zoom = (factor: number) => (viewer: Viewer) => {
  const { frame, transform } = viewer.active.peek();
  const framed = frame.peek();
  if (!framed) return;
  const { width, height } = framed.box;
  transform.value = zoomedAt(transform.peek(), factor, { x: width / 2, y: height / 2 }, framed);
};

/** What a double click does, too. */
export function fitOrActualSize({ active }: Viewer): void {
  const { frame, transform } = active.peek();
  const framed = frame.peek();
  if (framed) transform.value = transform.peek().zoom === 1 ? actualSize(framed, devicePixelRatio) : FITTED;
}

const plane = (to: 'axial' | 'coronal' | 'sagittal') => (viewer: Viewer) => showPlane(viewer, to);

const preset = (name: keyof typeof HU_WINDOWS) => (viewer: Viewer) => {
  viewer.window.value = HU_WINDOWS[name];
};

/** While masks are edited, of what was painted. */
const undo = ({ painting, drawings }: Viewer) => (painting?.isOn.peek() ? painting.undo() : drawings.undo());
const redo = ({ painting, drawings }: Viewer) => (painting?.isOn.peek() ? painting.redo() : drawings.redo());

/** The list goes first: it lies over what is drawn. */
function giveUp(viewer: Viewer): boolean {
  if (!viewer.isHelpOpen.peek()) return giveUpPolygon(viewer);
  viewer.isHelpOpen.value = false;
  return true;
}

export const KEYS: readonly KeyGroup[] = [
  {
    title: 'Slices',
    bindings: offeredWhere(isScrolling, [
      { keys: ['ArrowUp', 'ArrowRight', 'F'], does: 'Next slice', run: scroll(1) },
      { keys: ['ArrowDown', 'ArrowLeft', 'B'], does: 'Slice before', run: scroll(-1) },
      { keys: ['PageUp'], does: 'Ten slices on', run: scroll(10) },
      { keys: ['PageDown'], does: 'Ten slices back', run: scroll(-10) },
      { keys: ['Home'], does: 'First slice', run: ({ active }) => active.peek().goTo(0) },
      { keys: ['End'], does: 'Last slice', run: ({ active }) => active.peek().goTo(active.peek().count.peek() - 1) },
      {
        keys: ['J'],
        does: 'Jump: type a slice’s number, then Enter',
        run: ({ isTyping }) => {
          isTyping.value = true;
        },
      },
    ]),
  },
  {
    title: 'Planes',
    bindings: [
      { keys: ['Z'], does: 'Axial', run: plane('axial') },
      { keys: ['Y'], does: 'Coronal', run: plane('coronal') },
      { keys: ['X'], does: 'Sagittal', run: plane('sagittal') },
      {
        keys: ['T'],
        does: 'Three planes with a crosshair, and one again',
        run: (viewer) => !viewer.link && setThreePlanes(viewer, !viewer.isThreePlanes.peek()),
        isOffered: hasAllSlices,
      },
      { keys: ['S'], does: 'Slab: MIP, MinIP, mean, none', run: nextSlab, isOffered: hasAllSlices },
      {
        keys: ['C'],
        does: 'Cine: start and stop',
        run: ({ cine }) => {
          cine.isPlaying.value = !cine.isPlaying.peek();
        },
        isOffered: isScrolling,
      },
    ],
  },
  {
    title: 'Window',
    bindings: [
      { keys: ['1'], does: 'Mediastinum', run: preset('mediastinum') },
      { keys: ['2'], does: 'Lung', run: preset('lung') },
      { keys: ['4'], does: 'Bone', run: preset('bone') },
      { keys: ['I'], does: 'Invert', run: (viewer) => viewer.change({ inverted: !viewer.look.peek().inverted }) },
    ],
  },
  {
    title: 'Overlay',
    bindings: [
      {
        keys: ['G'],
        does: 'Textures on and off',
        run: (viewer) => viewer.change({ overlay: !viewer.look.peek().overlay }),
      },
      {
        keys: ['L'],
        does: 'Borders of the lobes, and of zones where they were measured',
        run: (viewer) => viewer.change({ lobeLines: !viewer.look.peek().lobeLines }),
      },
      {
        keys: ['D'],
        does: 'Plain picture beside',
        run: (viewer) => viewer.change({ beside: !viewer.look.peek().beside }),
      },
    ],
  },
  {
    title: 'Size',
    bindings: [
      { keys: ['+'], does: 'Larger', run: zoom(1.25) },
      { keys: ['-'], does: 'Smaller', run: zoom(1 / 1.25) },
      { keys: ['='], does: 'Fit, or one pixel to one', run: fitOrActualSize },
      {
        keys: ['R'],
        does: 'Reset size and window',
        run: (viewer) => {
          viewer.active.peek().transform.value = FITTED;
          viewer.window.value = viewer.view.window;
        },
      },
    ],
  },
  {
    title: 'Measuring',
    bindings: [
      { keys: ['M'], does: 'Ruler', run: (viewer) => chooseTool(viewer, 'ruler') },
      { keys: ['E'], does: 'Circle', run: (viewer) => chooseTool(viewer, 'circle') },
      { keys: ['A'], does: 'Polygon: by hand, or corner by corner', run: (viewer) => chooseTool(viewer, 'polygon') },
      { keys: ['Enter'], does: 'End a polygon', run: closePolygon },
      { keys: ['Escape'], does: 'Hide the list of keys; give up a polygon', run: giveUp },
      {
        keys: ['Delete', 'Backspace'],
        does: 'Delete the chosen drawing',
        run: ({ drawings }) => drawings.eraseSelected(),
      },
      { keys: ['Ctrl+Z'], does: 'Take back what was drawn, deleted or painted last', run: undo },
      { keys: ['Ctrl+Y', 'Ctrl+Shift+Z'], does: 'Bring it again', run: redo },
    ],
  },
  { ...EDITING_KEYS, bindings: offeredWhere(canPaint, EDITING_KEYS.bindings) },
  {
    title: 'Patients',
    bindings: offeredWhere(
      ({ openPatient }) => openPatient !== undefined,
      [
        { keys: ['N', ']'], does: 'Next patient', run: ({ openPatient }) => openPatient?.(1) },
        { keys: ['P', '['], does: 'Patient before', run: ({ openPatient }) => openPatient?.(-1) },
      ],
    ),
  },
  {
    title: 'Picture',
    bindings: [
      { keys: ['Ctrl+C'], does: 'Copy with slice and window, as PNG', run: (viewer) => void copyPicture(viewer) },
      {
        keys: ['O'],
        does: 'Open in an editor of its own',
        run: ({ openEditor }) => openEditor?.(),
        isOffered: ({ openEditor }) => openEditor !== undefined,
      },
      {
        keys: ['?'],
        does: 'This list, on and off',
        run: ({ isHelpOpen }) => {
          isHelpOpen.value = !isHelpOpen.peek();
        },
      },
    ],
  },
];

/** Those that do something in the viewer, in groups that have any. */
export function keysOffered(viewer: Viewer): readonly KeyGroup[] {
  const groups = KEYS.map(({ title, bindings }) => ({
    title,
    bindings: bindings.filter(({ isOffered }) => isOffered?.(viewer) ?? true),
  }));
  return groups.filter(({ bindings }) => bindings.length > 0);
}

function offeredWhere(isOffered: (viewer: Viewer) => boolean, bindings: readonly KeyBinding[]): KeyBinding[] {
  return bindings.map((binding) => ({ ...binding, isOffered }));
}

type KeyLike = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What the key does in a viewer; undefined where it is left to VS Code. */
export function bindingOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyLike): KeyBinding | undefined {
  if (altKey) return undefined;
  // Without Ctrl, Shift is part of a sign, such as `?`.
  const withCtrl = shiftKey ? 'Ctrl+Shift+' : 'Ctrl+';
  const name = `${ctrlKey || metaKey ? withCtrl : ''}${key.length === 1 ? key.toUpperCase() : key}`;
  return KEYS.flatMap(({ bindings }) => bindings).find(({ keys }) => keys.includes(name));
}
