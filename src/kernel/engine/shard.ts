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

/** Every `parts`th place of a list of this length: neighbours, which are often alike in size, go to different parts. */
export function placesOf({ part, parts }: Shard, length: number): number[] {
  return Array.from({ length: Math.ceil(Math.max(0, length - part + 1) / parts) }, (_, n) => part - 1 + n * parts);
}

/** The part that a place of the list falls to. */
export function partOf(place: number, parts: number): number {
  return (place % parts) + 1;
}
