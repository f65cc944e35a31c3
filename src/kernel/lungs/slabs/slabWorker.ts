/** A thread that helps another with the slices of its CT. */
import { freeMemory } from '../../base/freeMemory.ts';
import type { SlabJobName, SlabJobs } from './slabJobs.ts';
import { type Slabs, takeSlabs } from './takeSlabs.ts';

export type SlabRequest = {
  [N in SlabJobName]: { readonly name: N; readonly given: SlabJobs[N]; readonly slabs: Slabs };
}[SlabJobName];

export default function help({ name, given, slabs }: SlabRequest): void {
  takeSlabs(name, given, slabs);
  // V8 does not count shared memory, and has hardly anything else to collect here: the CTs of a cohort would all stay.
  setImmediate(freeMemory);
}
