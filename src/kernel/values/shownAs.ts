/** How a result was shown by the statement that made it: with its own title, headings, decimals and notes. */
import type { ViewModel } from '../../protocol/view.ts';
import type { Value } from './value.ts';

type MakeView = () => ViewModel | Promise<ViewModel>;

/** By the result itself: what another verb makes of it is another one. */
const SHOWN = new WeakMap<Value, MakeView>();

export function keepView(value: Value, view: MakeView): void {
  SHOWN.set(value, view);
}

/** Undefined where the statement showed nothing. */
export async function viewOf(value: Value): Promise<ViewModel | undefined> {
  return SHOWN.get(value)?.();
}
