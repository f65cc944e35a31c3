/** Whether the notebook's folder is not trusted (VS Code's Restricted Mode), so that nothing of it runs. */
import { createFollowers, type Followed, useFollowed } from './followed.ts';

export interface Restriction extends Followed {
  readonly isRestricted: boolean;
  set(isRestricted: boolean): void;
}

export function createRestriction(): Restriction {
  let isRestricted = false;
  const { subscribe, tell } = createFollowers();
  return {
    get isRestricted() {
      return isRestricted;
    },
    set(next) {
      isRestricted = next;
      tell();
    },
    subscribe,
  };
}

/** Draws an output again when trust is granted. */
export function useRestriction(restriction: Restriction): boolean {
  return useFollowed(restriction, ({ isRestricted }) => isRestricted);
}
