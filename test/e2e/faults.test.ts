/** A few of the faults of `npm run faults`, each of every kind, through the built command line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Reference } from '../faults/fault.ts';
import { FAULTS, undisturbed } from '../faults/faults.ts';
import type { Computer } from '../faults/study.ts';

/** So many of each kind as say that it is held, in a minute for all. */
const MOST: Readonly<Record<string, number>> = {
  'kill -9': 3,
  'full disk': 4,
  'DICOMweb server': 2,
  'two runs at once': 1,
};
const OTHERWISE = 2;

let reference: Reference;
let computer: Computer;
beforeAll(async () => {
  ({ reference, computer } = await undisturbed());
});
afterAll(() => computer?.remove());

describe.each(FAULTS)('$name', ({ name, whyNot, attempts }) => {
  const reason = whyNot?.();
  it.skipIf(reason)(
    `changes no result and leaves nothing${reason ? ` (${reason})` : ''}`,
    async () => {
      const most = MOST[name] ?? OTHERWISE;
      const outcomes: Outcome[] = [];
      for await (const outcome of attempts(most, reference)) {
        outcomes.push(outcome);
        if (outcomes.length === most) break;
      }
      expect(outcomes.filter(({ wrong }) => wrong.length)).toEqual([]);
      expect(outcomes).toHaveLength(most);
    },
    300_000,
  );
});
