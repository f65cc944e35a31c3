/** All kinds of views with their answers: a new kind does not compile before it is here. How each looks is the webview's `view.tsx`. */
import type { ViewModel } from '../view.ts';
import { visibleText } from '../words/visibleText.ts';
import { CONTROL } from './control.ts';
import { FIGURE } from './figure.ts';
import { MESSAGES } from './messages.ts';
import { READING } from './reading.ts';
import { SLICES } from './slices.ts';
import { TABLE } from './table.ts';
import type { ViewKind } from './viewKind.ts';

const VIEW_KINDS: { readonly [T in ViewModel['type']]: ViewKind<Extract<ViewModel, { type: T }>> } = {
  table: TABLE,
  figure: FIGURE,
  slices: SLICES,
  messages: MESSAGES,
  control: CONTROL,
  reading: READING,
};

/** The answers of a view's kind; undefined for a kind of a newer LungNB, which a file may hold. */
export function viewKind(view: ViewModel): ViewKind<ViewModel> | undefined {
  // SAFETY: the kind is asked about views of its own type alone.
  return Object.hasOwn(VIEW_KINDS, view.type) ? (VIEW_KINDS[view.type] as unknown as ViewKind<ViewModel>) : undefined;
}

/** A view as text, with nothing in it that a terminal would obey. */
export function plainText(view: ViewModel): string {
  return visibleText(viewKind(view)?.plainText(view) ?? '');
}
