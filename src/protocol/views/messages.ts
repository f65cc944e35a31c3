/** Warnings, notes and flags that belong to no table or picture. */
import type { MessagesView } from '../view.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, FLAG, flagText, joined, MESSAGE, type ViewKind } from './viewKind.ts';

const PLACES: PlacesOf<MessagesView> = { type: 'fixed', title: 'words', messages: MESSAGE, flags: FLAG };

export const MESSAGES: ViewKind<MessagesView> = {
  ...answersOf<MessagesView>(PLACES),
  plainText: (view) =>
    joined(
      view.title,
      ...view.messages.map((m) => (m.severity === 'info' ? m.text : `${m.severity}: ${m.text}`)),
      ...(view.flags ?? []).map(flagText),
    ),
};
