/** That people had a hand in numbers, said beside them wherever they are shown. */
import type { Provenance } from '../view.ts';

/** A sentence; undefined where no mask was edited by hand. */
export function handInWords(provenance: Pick<Provenance, 'parameters'> | undefined): string | undefined {
  const edited = provenance?.parameters?.editedByHand;
  return Array.isArray(edited) && edited.length ? `Edited by hand: ${edited.join('; ')}.` : undefined;
}
