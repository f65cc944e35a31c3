/** What several outputs share, and are drawn again for when it changes. */
import { useEffect, useState } from 'preact/hooks';

export interface Followed {
  /** Calls back after each change until the returned function is called. */
  subscribe(callback: () => void): () => void;
}

export function createFollowers(): Followed & { tell(): void } {
  const callbacks = new Set<() => void>();
  return {
    subscribe(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    tell() {
      for (const callback of callbacks) callback();
    },
  };
}

/** Draws an output again whenever `read` gives something else of the source. */
export function useFollowed<Source extends Followed, T>(source: Source, read: (source: Source) => T): T {
  const [value, setValue] = useState(() => read(source));
  useEffect(() => {
    const update = () => setValue(() => read(source));
    // It may have changed since it was drawn.
    update();
    return source.subscribe(update);
  }, [source]);
  return value;
}
