/** Whether the notebook's folder is not trusted (VS Code's Restricted Mode), so that nothing of it runs. */
import { useEffect, useState } from 'preact/hooks';

export interface Restriction {
  readonly isRestricted: boolean;
  set(isRestricted: boolean): void;
  /** Calls back after each change until the returned function is called. */
  subscribe(callback: () => void): () => void;
}

export function createRestriction(): Restriction {
  let isRestricted = false;
  const callbacks = new Set<() => void>();
  return {
    get isRestricted() {
      return isRestricted;
    },
    set(next) {
      isRestricted = next;
      for (const callback of callbacks) callback();
    },
    subscribe(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
  };
}

/** Draws an output again when trust is granted. */
export function useRestriction(restriction: Restriction): boolean {
  const [isRestricted, setRestricted] = useState(restriction.isRestricted);
  useEffect(() => {
    const read = () => setRestricted(restriction.isRestricted);
    read();
    return restriction.subscribe(read);
  }, [restriction]);
  return isRestricted;
}
