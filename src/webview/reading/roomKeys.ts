/** The keys of the reading room, one entry each, for the help too. Those that it does not take are the viewer's. */
import { type AnswerKind, type Field, fieldKey } from '../../protocol/reading/form.ts';
import type { Room } from './roomState.ts';

export const ROOM_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['0 … 9', 'Answers the field, and goes to the next one; of a list, by the number before the word'],
  ['Y, N', 'Yes, no'],
  ['← → ↑ ↓', 'To another field'],
  ['Tab', 'To the next control'],
  ['Delete, Backspace', 'Takes the answer back'],
  ['Enter', 'On: to the next case; within a comment a new line'],
  ['Shift Enter', 'To the case before'],
  ['H', 'The reading manual, on and off'],
  ['Shift ↑ ↓, F, B', 'Next slice, slice before'],
  ['Page Up, Page Down', 'Ten slices on and back'],
  ['Alt 1, 2, 4', 'Window: mediastinum, lung, bone'],
  ['X, Y, Z', 'Sagittal, coronal, axial (Y where the field is not yes or no)'],
  ['T, S, I, J', 'Three planes, slab, inverted, jump to a slice'],
  ['?', 'This list, on and off'],
];

/** What a key does to a field: the answer, and whether that is all of it. */
export interface Typed {
  readonly value: number | string;
  readonly isWhole: boolean;
}

/** What a key answers; `before` is what was typed into the field just before. Undefined where it answers nothing. */
export function typed(key: string, answer: AnswerKind, before: string): Typed | undefined {
  const digit = /^\d$/.test(key) ? Number(key) : undefined;
  switch (answer.kind) {
    case 'yes-no': {
      const value = { y: 1, n: 0, '1': 1, '0': 0 }[key.toLowerCase()];
      return value === undefined ? undefined : { value, isWhole: true };
    }
    case 'list': {
      const word = digit === undefined ? undefined : answer.words[digit - 1];
      return word === undefined ? undefined : { value: word, isWhole: true };
    }
    case 'scale':
      return digit === undefined ? undefined : number(`${before}${digit}`, `${digit}`, answer);
    case 'percent':
      return digit === undefined ? undefined : number(`${before}${digit}`, `${digit}`, { low: 0, high: 100 });
    case 'text':
      return undefined;
  }
}

/** The digits so far where they are a number of the scale, else the last one alone. */
function number(
  all: string,
  last: string,
  { low, high }: { readonly low: number; readonly high: number },
): Typed | undefined {
  const text = Number(all) <= high ? all : last;
  const value = Number(text);
  if (value > high || (value < low && value * 10 > high)) return undefined;
  // Another digit could follow: 1 may become 10 or 100.
  const mayGoOn = value > 0 && value * 10 <= high;
  return value < low ? undefined : { value, isWhole: !mayGoOn };
}

/** The field beside the current one: within its row or its column of the grid, then among the questions below. */
export function neighbour({ form, fields, current }: Room, step: 'left' | 'right' | 'up' | 'down'): Field | undefined {
  const all = fields.peek();
  const place = all.findIndex((field) => fieldKey(field) === current.peek());
  if (place < 0) return all[0];
  if (step === 'left' || step === 'right') return all[place + (step === 'right' ? 1 : -1)];
  const questions = new Set(form.peek()?.form.questions.map(({ name }) => name));
  const { class: asked } = all[place]!;
  const column = (field: Field) => questions.has(asked) || field.class === asked || questions.has(field.class);
  return step === 'down' ? all.slice(place + 1).find(column) : all.slice(0, place).findLast(column);
}
