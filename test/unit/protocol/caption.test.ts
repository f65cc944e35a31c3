/** What stands at a table or a figure in a paper. */
import { describe, expect, it } from 'vitest';
import { captionOf } from '../../../src/protocol/methods/caption.ts';
import type { FigureView, Provenance, TableView } from '../../../src/protocol/view.ts';

const PROVENANCE: Provenance = {
  software: 'LungNB 9.9.9',
  models: [{ id: 'lung-texture', version: '0.7.0', sha256: 'b'.repeat(64), licence: 'MIT' }],
  inputs: { 'P1/s': 'a', 'P2/s': 'a', 'reader1.csv': 'a' },
  parameters: { cutPoints: [1, 25, 50, 75] },
};
const column = (name: string) => ({ name, label: name, kind: 'text' }) as const;
const table = (columns: string[], rows: TableView['rows'], more: Partial<TableView> = {}): TableView => ({
  type: 'table',
  title: 'Agreement of ai with reader1',
  columns: columns.map(column),
  rows,
  totalRows: rows.length,
  notes: [],
  messages: [],
  researchOnly: true,
  ...more,
});
const text = (view: TableView | FigureView) => captionOf(view, 'alone').text;

describe('a caption', () => {
  it('says of how many: the least and the most of n, or the patients, each once', () => {
    expect(text(table(['n'], [[104], [106], [null]]))).toBe('Agreement of ai with reader1. n = 104 to 106.');
    expect(text(table(['n'], [[8], [8]]))).toBe('Agreement of ai with reader1. n = 8.');
    expect(text(table(['patient'], [['P1'], ['P1'], ['P2']]))).toBe('Agreement of ai with reader1. 2 patients.');
  });

  it('does not count the first rows of a long table, and tells of the CTs behind it', () => {
    const long = table(['patient'], [['P1']], { totalRows: 900, provenance: PROVENANCE });
    expect(text(long)).toBe('Agreement of ai with reader1. CTs of 2 patients.');
  });

  it('says nothing twice that the title or the headings of groups say', () => {
    expect(text(table(['n'], [[8]], { title: 'Summary of ai: 8 patients' }))).toBe('Summary of ai: 8 patients.');
    expect(text(table(['All (n 8)'], [['1']], { title: 'Who', provenance: PROVENANCE }))).toBe('Who.');
  });

  it('counts the patients in the panels of a figure', () => {
    const row = (patient: string) => ({ patient, left: 1, right: 1 });
    const panel = (...patients: string[]) => ({ class: 'ggo', region: 'total', rows: patients.map(row) }) as const;
    const figure: FigureView = {
      type: 'figure',
      title: 'Scatter',
      description: '',
      data: [],
      layout: {},
      notes: [],
      patients: { names: { left: 'a', right: 'b' }, panels: [panel('P1', 'P2', 'P3'), panel('P1', 'P2')] },
    };
    expect(text(figure)).toBe('Scatter. 2 to 3 patients.');
    const { patients: _, ...without } = figure;
    expect(text({ ...without, sizes: [104, 106, 105] })).toBe('Scatter. n = 104 to 106.');
  });

  it('has the whole methods where it stands alone, and else what is its own, with software and networks', () => {
    const view = table(['n'], [[8]], { provenance: PROVENANCE });
    expect(captionOf(view, 'alone').methods).toMatch(/^Chest CTs of 2 patients .* computed with LungNB 9\.9\.9, which/);
    expect(captionOf(view, 'among others').methods).toBe(
      'Extents were turned into scores at the cut points 1, 25, 50 and 75 %; a value equal to a cut point has the higher score. Computed with LungNB 9.9.9, measured by lung-texture 0.7.0 (SHA-256 bbbbbbbbbbbb…, MIT).',
    );
  });

  it('tells whose hand was in it', () => {
    const provenance = { ...PROVENANCE, parameters: { editedByHand: ['lobes of P1'] } };
    expect(captionOf(table([], [], { provenance }), 'alone').byHand).toBe('Edited by hand: lobes of P1.');
  });
});
