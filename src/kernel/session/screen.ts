/** What goes to the screen beside an output that tells files by patient and number: their full names. */
import { namesBehind } from '../base/fileNames.ts';

/** The names that stand behind texts, each once; undefined where there are none. */
export function namesForScreen(texts: readonly string[]): string | undefined {
  const lines = texts
    .filter((text) => /\b(?:files?|folders?|model|manifest|network|weights) /i.test(text))
    .flatMap(namesBehind);
  return lines.length ? [...new Set(lines)].join('\n') : undefined;
}
