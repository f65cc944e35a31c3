/** What goes to the screen beside an output that tells files by patient and number: their full names. */
import { namesBehind } from '../base/fileNames.ts';
import type { SessionEvents } from './session.ts';

/** Says the names that stand behind texts, each once; nothing where there are none. */
export function tellNames(texts: readonly string[], { screen }: Pick<SessionEvents, 'screen'>): void {
  const lines = texts
    .filter((text) => /\b(?:files?|folders?|model|manifest|network|weights) /i.test(text))
    .flatMap(namesBehind);
  if (lines.length) screen?.([...new Set(lines)].join('\n'));
}
