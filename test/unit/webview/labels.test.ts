/** Where the values of what is drawn stand. */
import { expect, it } from 'vitest';
import { placeLabels } from '../../../src/webview/viewer/drawings/labels.ts';

const BOX = { width: 420, height: 300 };
const TEXT = '2: 2945 mm², −468 ± 339 HU';

it('labels stand where they are wanted as long as nothing is in their way', () => {
  const labels = [
    { at: { x: 10, y: 50 }, text: TEXT },
    { at: { x: 10, y: 66 }, text: TEXT },
    { at: { x: 220, y: 52 }, text: '1: 12.0 mm' },
  ];
  expect(placeLabels(labels, BOX)).toEqual(labels.map(({ at }) => at));
});

it('no label stands over another, however close what is drawn lies', () => {
  const labels = Array.from({ length: 8 }, (_, n) => ({ at: { x: 100 + 5 * n, y: 296 - n }, text: TEXT }));
  const heights = placeLabels(labels, BOX)
    .map(({ y }) => y)
    .sort((a, b) => a - b);
  for (const [n, y] of heights.slice(1).entries()) expect(y - heights[n]!).toBeGreaterThanOrEqual(15);
});

it('labels stay in the picture, whatever is enlarged out of it', () => {
  for (const at of [
    { x: -500, y: -80 },
    { x: 2000, y: 900 },
  ]) {
    const [place] = placeLabels([{ at, text: TEXT }], BOX);
    expect(place!.x).toBeGreaterThanOrEqual(0);
    expect(place!.x + TEXT.length * 7.4).toBeLessThanOrEqual(BOX.width - 18);
    expect(place!.y).toBeGreaterThanOrEqual(11);
    expect(place!.y).toBeLessThanOrEqual(BOX.height);
  }
});

it('a box with no room for all holds them still', () => {
  const labels = [1, 2, 3].map(() => ({ at: { x: 0, y: 10 }, text: TEXT }));
  for (const { y } of placeLabels(labels, { width: 100, height: 20 })) expect(y).toBeLessThanOrEqual(20);
});
