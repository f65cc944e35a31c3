/** What the outputs of a page ask, answered from the page itself. */
import type { Annotations } from '../../protocol/annotations/annotation.ts';
import { PAGE_SLICES_ID, type PageSlices, partId } from '../../protocol/pageSlices.ts';
import { type Messaging, ofFileAlone } from '../messaging.ts';
import { withStacks } from './stacks.ts';

/** Called before the outputs take the place of what stands in the page. */
export function pageMessaging(annotations: Annotations | undefined): Messaging {
  const alone = ofFileAlone(annotations);
  const index = document.getElementById(PAGE_SLICES_ID)?.textContent;
  if (!index) return alone;
  // SAFETY: the command line writes it into the page that it makes.
  const slices = JSON.parse(index) as PageSlices;
  const parts = slices.stacks.flatMap(([, { pictures, labels }]) => [
    pictures,
    ...(labels === undefined ? [] : [labels]),
  ]);
  const elements = new Map(parts.map((part) => [part, document.getElementById(partId(part))]));
  return { ...alone, ...withStacks(alone, slices, (part) => elements.get(part)!.textContent!) };
}
