import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/kernel/base/random.ts';
import { boxOf } from '../../../../src/protocol/figures/boxStatistics.ts';
import { withFewerPoints } from '../../../../src/protocol/figures/fewerPoints.ts';
import type { FigureView } from '../../../../src/protocol/view.ts';

const random = createRandom('figure');
const values = (count: number) => Array.from({ length: count }, () => 100 * random());

function figureOf(data: FigureView['data'], rows: readonly (readonly number[])[] = []): FigureView {
  const panels = rows.map((of) => ({
    class: 'ggo',
    region: 'total' as const,
    rows: of.map((left, n) => ({ patient: `P${n}`, left, right: left, leftCategory: 0, rightCategory: 0 })),
  }));
  const patients = rows.length ? { patients: { names: { left: 'a', right: 'b' }, panels } } : {};
  return { type: 'figure', title: '', description: '', data, layout: {}, ...patients, notes: ['research only'] };
}

describe('a figure of many points', () => {
  const line = { type: 'scatter', mode: 'lines', x: values(500), y: values(500) };
  const pointsOf = (x: readonly number[], panel: number) => ({
    type: 'scatter',
    mode: 'markers',
    x,
    y: x.map((value) => 2 * value),
    customdata: x.map((value, n) => [`P${n}`, value]),
    meta: { panel },
    marker: { size: x.map((_, n) => n), opacity: 0.75 },
  });

  it('is as it was where it has few', () => {
    const figure = figureOf([pointsOf(values(100), 0), line]);
    expect(withFewerPoints(figure, 100)).toBe(figure);
  });

  it('keeps some of each panel, the outermost among them, with the patients behind them, and says so', () => {
    const [x, other] = [values(900), values(300)];
    const figure = figureOf([pointsOf(x, 0), line, pointsOf(other, 1)], [x, other]);
    const { data, notes, patients } = withFewerPoints(figure, 1000, 200);
    const [first, , second] = data as unknown as ReturnType<typeof pointsOf>[];
    expect([first!.x.length, second!.x.length]).toEqual([150, 50]);
    expect(data[1]).toBe(line);
    expect([Math.min(...first!.x), Math.max(...first!.x)]).toEqual([Math.min(...x), Math.max(...x)]);
    // Every part of a point is of the same patient.
    for (const [n, value] of first!.x.entries()) {
      const place = x.indexOf(value);
      expect([first!.y[n], first!.customdata[n], first!.marker.size[n]]).toEqual([
        2 * value,
        [`P${place}`, value],
        place,
      ]);
      expect(patients!.panels[0]!.rows[n]).toMatchObject({ patient: `P${place}`, left: value });
    }
    expect(patients!.panels[1]!.rows).toHaveLength(50);
    expect(notes[0]).toBe(
      'Drawn are 200 of 1200 points, by lot, with the outermost of each panel; all count in the numbers, lines and boxes.',
    );
    expect(withFewerPoints(figure, 1000, 200)).toEqual(withFewerPoints(figure, 1000, 200));
  });

  it('draws boxes of all values beside the few points', () => {
    const y = values(400);
    const { data } = withFewerPoints(
      figureOf([{ type: 'box', name: 'RUL', y, text: y.map(String), boxpoints: 'all' }]),
      40,
      40,
    );
    expect(data[0]!.x).toEqual(['RUL']);
    const [box] = data as unknown as { y: number[][]; text: string[][]; q1: number[]; median: number[] }[];
    expect([box!.y[0]!.length, box!.text[0]!.length]).toEqual([40, 40]);
    expect(box!.text[0]).toEqual(box!.y[0]!.map(String));
    expect([box!.q1, box!.median]).toEqual([[boxOf(y).q1], [boxOf(y).median]]);
  });

  it('gives boxes behind points their statistics in the place of their values', () => {
    const [x, y] = [
      [0, 1, 0, 1, 0],
      [1, 5, 2, 7, 3],
    ];
    const behind = { type: 'box', orientation: 'v', x, y, boxpoints: false };
    const { data } = withFewerPoints(figureOf([behind, pointsOf(values(50), 0)]), 10, 10);
    expect(data[0]).toMatchObject({ x: [0, 1], median: [2, 6], lowerfence: [1, 5], upperfence: [3, 7] });
    expect(data[0]).not.toHaveProperty('y');
  });
});

it('boxes are those that Plotly draws of the values', () => {
  // plotly.js 3, box traces of these values, quartilemethod linear.
  expect(boxOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 30])).toMatchObject({
    q1: 3,
    median: 5.5,
    q3: 8,
    lowerFence: 1,
    upperFence: 9,
  });
  expect(boxOf([4])).toEqual({ q1: 4, median: 4, q3: 4, lowerFence: 4, upperFence: 4 });
});
