import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { createSelection, type Selection } from '../../../src/webview/selection.ts';

/** Counts how often an output that draws by the selection is drawn again. */
function drawnBy({ patients }: Selection) {
  let drawn = -1;
  const stop = effect(() => {
    drawn += patients.value ? 1 : 0;
  });
  return { stop, drawn: () => drawn };
}

describe('the selection of patients', () => {
  it('tells the notebook and every output of a change, and of nothing else', () => {
    const told: (readonly string[])[] = [];
    const selection = createSelection((patients) => told.push(patients));
    const { stop, drawn } = drawnBy(selection);
    selection.set(['P1', 'P2']);
    selection.set(['P2', 'P1', 'P1']);
    selection.toggle('P2');
    stop();
    selection.toggle('P3');
    expect(told).toEqual([['P1', 'P2'], ['P1'], ['P1', 'P3']]);
    expect(drawn()).toBe(2);
    expect([...selection.patients.value]).toEqual(['P1', 'P3']);
  });

  it('follows what was selected elsewhere without telling it again', () => {
    const told: (readonly string[])[] = [];
    const selection = createSelection((patients) => told.push(patients));
    const { drawn } = drawnBy(selection);
    selection.follow(['P1']);
    selection.set(['P1']);
    expect([told, drawn(), [...selection.patients.value]]).toEqual([[], 1, ['P1']]);
  });
});
