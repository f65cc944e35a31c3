/** What is measured is chosen by words of its name. */
import { expect, it } from 'vitest';
import { chooseJobs, type Job, nameOfJob } from '../../../models/evaluation/jobs.ts';

const jobs: Job[] = [
  { kind: 'retest', index: 0 },
  { kind: 'real', name: 'LIDC-IDRI-0314' },
  { kind: 'reference' },
  { kind: 'chest', file: '/data/chests/LIDC-IDRI-0003.fine.nrrd' },
  { kind: 'chest', file: '/data/chests/LIDC-IDRI-0003.lungs.nrrd' },
  { kind: 'covid' },
  { kind: 'map', file: '/data/lobes/1.2.284002.nrrd', deformed: true },
];
const chosen = (...words: string[]) => chooseJobs(jobs, words).map(nameOfJob);

it('takes all that has one of the words in its name', () => {
  expect(chosen('covid', '0003')).toEqual(['chest LIDC-IDRI-0003.fine', 'chest LIDC-IDRI-0003.lungs', 'covid slices']);
  expect(chosen('FINE')).toEqual(['chest LIDC-IDRI-0003.fine']);
  expect(chosen('map')).toEqual(['map 284002, bent and diseased']);
});

it('says what there is, where a word is in no name', () => {
  expect(() => chosen('covid', 'cowid')).toThrow(
    /has cowid in its name. There is:\nretest 0, 1, 2 …\nLIDC-IDRI-0314\n/,
  );
});
