/** Keys and gestures in words, for the `?` overlay and the manual. */
import { DEFAULT_TOOL, TOOLS } from './tools.ts';

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  '-': '−',
};

/** A key as it is printed on a keyboard. */
export const keyInWords = (key: string) => SIGNS[key] ?? key;

/** What is done without keys, in the words of help and manual. */
export const GESTURES: readonly (readonly [gesture: string, does: string])[] = [
  ['Wheel', 'Slices'],
  ['Ctrl and wheel, pinch', 'Larger and smaller'],
  ['Drag', `${TOOLS.find(({ id }) => id === DEFAULT_TOOL)!.label}: across its width, up and down its centre`],
  ...TOOLS.flatMap(({ label, shortcut }) => (shortcut ? [[shortcut.words, label ?? ''] as const] : [])),
  ['Shift and wheel', 'Larger and smaller brush, while editing masks'],
  ['Double click, double tap', 'Fit, or one pixel to one'],
  ['One finger', 'Slices, until another tool is chosen'],
  ['Two fingers', 'Larger, smaller and moved'],
  ['Finger held still', 'Values under it'],
];
