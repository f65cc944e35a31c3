/** FNV-1a, for what has to come out the same everywhere and guards against nobody; `offset` makes another of it. */
export function fnv1a(text: string, offset = 0): number {
  let hash = (0x811c9dc5 ^ offset) | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
