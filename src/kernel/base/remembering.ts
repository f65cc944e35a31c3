/** Keeps what a pure function made of the few texts that it is asked for again and again, as by all images of a series. */

/** Beyond this many texts it begins anew. */
const MOST = 1000;

/** The same function of a text, which is not computed again for texts of late. */
export function remembering<T>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value!;
    if (known.size >= MOST) known.clear();
    const made = of(text);
    known.set(text, made);
    return made;
  };
}
