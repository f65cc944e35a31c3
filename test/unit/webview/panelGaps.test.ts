/** Room for the titles of axes between panels. */
import { describe, expect, it } from 'vitest';
import { withRoomBetween } from '../../../src/webview/figure/panelGaps.ts';

const LAYOUT = {
  xaxis: { domain: [0, 0.45], anchor: 'y' },
  xaxis2: { domain: [0.55, 1], anchor: 'y2' },
  yaxis: { domain: [0, 1], anchor: 'x', title: 'a' },
  yaxis2: { domain: [0, 1], anchor: 'x2', title: 'b' },
  annotations: [
    { xref: 'paper', x: 0.225 },
    { xref: 'paper', x: 0.775 },
    { xref: 'x', x: 0.3 },
  ],
};

describe('panels side by side', () => {
  it('stay as they are where there is room enough', () => {
    expect(withRoomBetween(LAYOUT, 700)).toBe(LAYOUT);
  });

  it('move apart in a narrow figure, and their headings with them', () => {
    const { xaxis, xaxis2, annotations } = withRoomBetween(LAYOUT, 310) as typeof LAYOUT;
    // 62 of 310 pixels between them.
    expect([...xaxis.domain, ...xaxis2.domain].map((end) => Number(end.toFixed(3)))).toEqual([0, 0.4, 0.6, 1]);
    expect(annotations.map(({ x }) => Number(x.toFixed(3)))).toEqual([0.2, 0.8, 0.3]);
  });

  it('stay where only the first has a title, as in a forest plot', () => {
    const { yaxis2: _, ...rest } = LAYOUT;
    const forest = { ...rest, yaxis2: { domain: [0, 1], anchor: 'x2' } };
    expect(withRoomBetween(forest, 310)).toBe(forest);
  });
});
