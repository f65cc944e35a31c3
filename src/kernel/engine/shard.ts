/** Parts of a list of CTs, for jobs that share it. */
import { UserError } from '../base/userError.ts';

/** The `part`th of `parts`, from 1. */
export interface Shard {
  readonly part: number;
  readonly parts: number;
}

/** Reads `3/40`. Throws a UserError for anything else. */
export function parseShard(text: string): Shard {
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!part || !parts || part > parts)
    throw new UserError('out-of-range', `"${text}" is no part of a whole: write \`3/40\` for the third of 40 parts.`);
  return { part, parts };
}

/** Every `parts`th item of a list: neighbours, which are often alike in size, go to different parts. */
export function itemsOf<Item>({ part, parts }: Shard, items: readonly Item[]): Item[] {
  return items.filter((_, place) => partOf(place, parts) === part);
}

/** The part that a place of the list falls to. */
export function partOf(place: number, parts: number): number {
  return (place % parts) + 1;
}
