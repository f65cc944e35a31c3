/** Texts of others within notifications. */
import { visibleText } from '../protocol/words/visibleText.ts';

/** Nothing in it is obeyed or can be clicked: VS Code makes links of `[text](address)`, commands among them. */
export function harmless(message: string): string {
  return visibleText(message).replaceAll('](', '] (');
}
