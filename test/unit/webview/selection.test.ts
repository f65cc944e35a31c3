import { describe, expect, it } from 'vitest';
import { createSelection } from '../../../src/webview/selection.ts';

describe('the selection of patients', () => {
  it('tells the notebook and every output of a change, and of nothing else', () => {
    const told: (readonly string[])[] = [];
    const selection = createSelection((patients) => told.push(patients));
    let drawn = 0;
    const stop = selection.subscribe(() => drawn++);
    selection.set(['P1', 'P2']);
    selection.set(['P2', 'P1', 'P1']);
    selection.toggle('P2');
    stop();
    selection.toggle('P3');
    expect(told).toEqual([['P1', 'P2'], ['P1'], ['P1', 'P3']]);
    expect(drawn).toBe(2);
    expect([...selection.patients]).toEqual(['P1', 'P3']);
  });

  it('follows what was selected elsewhere without telling it again', () => {
    const told: (readonly string[])[] = [];
    const selection = createSelection((patients) => told.push(patients));
    let drawn = 0;
    selection.subscribe(() => drawn++);
    selection.follow(['P1']);
    selection.set(['P1']);
    expect([told, drawn, [...selection.patients]]).toEqual([[], 1, ['P1']]);
  });
});
