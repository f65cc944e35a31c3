/** Keeps what renderers ask about by handle; what was kept longest ago goes when there is more than `most`. */
export function keptByHandle<T>(most: number) {
  const kept = new Map<string, T>();
  return {
    keep(handle: string, thing: T): void {
      // The latest last.
      kept.delete(handle);
      kept.set(handle, thing);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
    get: (handle: string) => kept.get(handle),
  };
}
