/** Keeps the CTs behind a table that compares two of each patient, so that its rows lead to both side by side. */
import { imageHandle } from '../values/handles.ts';
import type { TableValue } from '../values/value.ts';
import type { VerbContext } from './verb.ts';

export function pairHandle({ registered, provenance }: TableValue, context: VerbContext): string | undefined {
  if (!registered) return undefined;
  const { pairs, thresholds } = registered;
  const handle = imageHandle(
    'pairs',
    pairs.map(({ patient, first, second }) => [
      patient,
      first.cacheKey,
      first.decisions ?? null,
      second.cacheKey,
      second.decisions ?? null,
    ]),
    thresholds ?? null,
  );
  context.keepPairs(handle, { registered, provenance });
  return handle;
}
