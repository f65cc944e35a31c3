/** Draws an output again whenever the selected patients change. */
import { useFollowed } from './followed.ts';
import type { Selection } from './selection.ts';

export function useSelection(selection: Selection): ReadonlySet<string> {
  return useFollowed(selection, ({ patients }) => patients);
}
