/** Sessions of reading: how far they are, and nothing of what was read. */
import type { ReadingView } from '../view.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, joined, PROVENANCE, type ViewKind } from './viewKind.ts';

const PLACES: PlacesOf<ReadingView> = {
  type: 'fixed',
  title: 'words',
  name: 'words',
  facts: { name: 'words', value: 'words' },
  blocked: 'words',
  provenance: PROVENANCE,
};

export const READING: ViewKind<ReadingView> = {
  ...answersOf<ReadingView>(PLACES),
  plainText: (view) =>
    joined(
      view.title,
      `${view.done} of ${view.cases} cases read`,
      ...view.facts.map(({ name, value }) => `${name}: ${value}`),
      view.blocked,
      READING_HAPPENS,
    ),
};

/** Where there is no room to be opened. */
export const READING_HAPPENS = 'Reading happens in VS Code: open the notebook there, and choose Begin.';
