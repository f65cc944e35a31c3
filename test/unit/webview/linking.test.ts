import { describe, expect, it } from 'vitest';
import { panelAt, patientsAt, withSelection } from '../../../src/webview/figure/linking.ts';

const row = (patient: string, left: number, right: number) => ({
  patient,
  left,
  right,
  leftCategory: Math.floor(left / 10),
  rightCategory: right,
});
const LINKED = {
  names: { left: 'ai', right: 'reader' },
  panels: [
    { class: 'ggo', region: 'total', rows: [row('P1', 12, 1), row('P2', 25, 0), row('P3', 21, 0)] },
    { class: 'emphysema', region: 'total', rows: [row('P2', 0, 0), row('P3', 15, 3)] },
  ],
} as const;
const POINTS = { type: 'scatter', meta: { panel: 1 } };
const CELLS = { type: 'heatmap', meta: { panel: 0 } };

describe('patientsAt', () => {
  it('is the patient of a point in its own panel', () => {
    expect(patientsAt(LINKED, { data: POINTS, pointNumber: 1, x: 0, y: 0 })).toEqual(['P3']);
  });

  it('are all patients of a cell, with the left side upwards and the right across', () => {
    expect(patientsAt(LINKED, { data: CELLS, pointNumber: [2, 0], x: 0, y: 2 })).toEqual(['P2', 'P3']);
    expect(patientsAt(LINKED, { data: CELLS, pointNumber: [0, 2], x: 2, y: 0 })).toEqual([]);
  });

  it('are all patients of the panel that a cell is, where each cell is one', () => {
    const data = { type: 'heatmap', meta: { panels: [[1, 0]] } };
    const at = (column: number) => ({ data, pointNumber: [0, column], x: 'GGO', y: 'Normal' });
    expect([0, 1].map((column) => [panelAt(at(column)), patientsAt(LINKED, at(column))])).toEqual([
      [1, ['P2', 'P3']],
      [0, ['P1', 'P2', 'P3']],
    ]);
    expect(panelAt({ data: CELLS, pointNumber: [0, 0], x: 0, y: 0 })).toBe(0);
  });

  it('is nobody behind a box or a line', () => {
    expect(patientsAt(LINKED, { data: { type: 'box' }, pointNumber: 0, x: 0, y: 0 })).toEqual([]);
  });
});

describe('withSelection', () => {
  const pointsOf = (selected: string[]) =>
    withSelection([{ type: 'box' }, { type: 'scatter', meta: { panel: 0 } }, POINTS], LINKED, new Set(selected)).map(
      (trace) => trace.selectedpoints,
    );

  it('brings the points of selected patients to the fore in every panel', () => {
    expect(pointsOf(['P2'])).toEqual([undefined, [1], [0]]);
  });

  it('leaves all points alike where nobody of the panel is selected', () => {
    expect(pointsOf([])).toEqual([undefined, null, null]);
    expect(pointsOf(['P1'])).toEqual([undefined, [0], null]);
  });
});
