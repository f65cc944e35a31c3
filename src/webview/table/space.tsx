/** What stands in the place of rows that are not drawn. */
import type { JSX } from 'preact';

export function Space({ height }: { readonly height: number }): JSX.Element {
  return <tr class="space" style={{ height: `${height}px` }} />;
}
