/** What the end of a task is called. */
import { expect, it } from 'vitest';
import { finalReason } from '../../../src/kernel/engine/verdict.ts';

const FIRST = { attempt: 1, gotOn: false };

it.each(['', 'signal 15'])('a time limit is told alike, whichever of Slurm’s records told of it: "%s"', (how) => {
  expect(finalReason({ state: 'TIMEOUT', how, node: 'node3' }, FIRST)).toMatch(
    /^its job ran into the time limit \(on node3\)\. Ask for more/,
  );
});

it('too little memory is told with the signal', () => {
  expect(finalReason({ state: 'OUT_OF_MEMORY', how: 'signal 9', node: 'node1' }, FIRST)).toMatch(
    /^its job had too little memory \(signal 9 on node1\)\. Ask for more/,
  );
});
