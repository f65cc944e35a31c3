/** Parameters; one that chooses a patient has labels as its options. */
import type { ControlView } from '../view.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, type ViewKind } from './viewKind.ts';

const PLACES: PlacesOf<ControlView> = {
  type: 'fixed',
  name: 'words',
  value: 'words',
  control: { kind: 'fixed', options: 'words' },
};

export const CONTROL: ViewKind<ControlView> = {
  ...answersOf<ControlView>(PLACES),
  plainText: ({ name, value }) => `${name} = ${value}`,
};
