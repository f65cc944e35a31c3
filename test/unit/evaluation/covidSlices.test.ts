/** Grey pictures as HU, and how readings of what a radiologist drew are counted. */
import { expect, it } from 'vitest';
import { countReadings, greyToHu } from '../../../models/evaluation/covidSlices.ts';

it('finds lung and soft tissue in the slice itself', () => {
  // Most of the lung is at grey 40, most soft tissue at 200; some of both lies beside.
  const grey = Uint8Array.from({ length: 1000 }, (_, n) => (n < 400 ? 38 + (n % 5) : n < 900 ? 198 + (n % 5) : 120));
  const hu = greyToHu(grey);
  expect(hu[grey.indexOf(40)]).toBe(-855);
  expect(hu[grey.indexOf(200)]).toBe(45);
  expect(hu[grey.indexOf(120)]).toBe(-405);
});

it('takes the darkest part of a slice for air where its most frequent lung cannot be aerated', () => {
  // By the peak at grey 110 the air at grey 5 would have −1905 HU.
  const grey = Uint8Array.from({ length: 1000 }, (_, n) => (n < 30 ? 5 : n < 430 ? 110 : n < 900 ? 200 : 60));
  const hu = greyToHu(grey);
  expect(hu[grey.indexOf(5)]).toBe(-950);
  expect(hu[grey.indexOf(200)]).toBe(45);
  expect(hu[grey.indexOf(110)]).toBe(-414);
});

it('counts lesions whole, and of the rest aerated lung away from them', () => {
  const size = [20, 1] as const;
  const labels = new Uint8Array(20);
  labels[0] = 1;
  labels[1] = 2;
  const hu = new Int16Array(20).fill(-850);
  hu[0] = -400;
  hu[1] = 0;
  // A vessel, and air of a bronchus.
  hu[18] = -100;
  hu[19] = -1000;
  const read = new Uint8Array(20).fill(1);
  read[0] = 4;
  read[1] = 3;
  read[10] = 2;
  expect(countReadings(hu, labels, read, size)).toEqual([
    // Pixels 6 to 17: nearer ones lie within four pixels of a lesion.
    [11, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0],
    [0, 0, 1, 0, 0, 0],
  ]);
});
