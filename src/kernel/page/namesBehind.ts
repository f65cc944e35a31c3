/** What uses names, and gives others. */
interface Maker {
  readonly uses: Iterable<string>;
  readonly makes: readonly string[];
}

/** The names, and all that is made of them. */
export function namesBehind(names: readonly string[], makers: readonly Maker[]): ReadonlySet<string> {
  const changed = new Set(names);
  for (let before = -1; before < changed.size; ) {
    before = changed.size;
    for (const { uses, makes } of makers)
      if ([...uses].some((name) => changed.has(name))) for (const name of makes) changed.add(name);
  }
  return changed;
}
