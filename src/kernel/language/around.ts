/** What is known beside the text of a notebook: what lies at the paths that it loads, and what names hold that have run. */
import type { ValueKind } from '../values/value.ts';

/** What a result holds, as far as that is known. */
export interface Held {
  readonly columns?: readonly string[];
  readonly patients?: readonly string[];
}

/** What a `load` statement would give. */
export interface Loaded extends Held {
  /** None where that is not known. */
  readonly kinds: readonly ValueKind[];
  /** Why there is nothing to load. */
  readonly missing?: string;
}

export interface Around {
  /** What the statement at an offset of a cell loads; undefined where nothing is known of it. */
  readonly loaded: (cellId: string, offset: number) => Loaded | undefined;
  /** What a name holds; undefined where it has not run, or is out of date. */
  readonly held: (name: string) => Held | undefined;
}

/** Where nothing is known but the text. */
export const NOTHING_AROUND: Around = { loaded: () => undefined, held: () => undefined };
