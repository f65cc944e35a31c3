import { describe, expect, it } from 'vitest';
import { createLabelGuard } from '../../../../src/protocol/serving/labelGuard.ts';
import { createNotebookService } from '../../../../src/protocol/serving/notebookService.ts';
import { Refusal } from '../../../../src/protocol/serving/refusal.ts';
import type { ServedNotebook } from '../../../../src/protocol/serving/servedNotebook.ts';
import type { TableView } from '../../../../src/protocol/view.ts';

const TABLE: TableView = {
  type: 'table',
  title: 'r.csv',
  columns: [{ name: 'patient', label: 'patient', kind: 'text' }],
  rows: [['Miller'], ['1002']],
  totalRows: 2,
  notes: [],
  messages: [],
  researchOnly: false,
} as unknown as TableView;

const refuse = () => Promise.reject(new Refusal(undefined, 'Nothing runs here.'));

/** A notebook with outputs in a folder that is not trusted: there is no kernel to ask. */
const NOTEBOOK: ServedNotebook = {
  cells: () => [
    { id: 'a', kind: 'markup', source: '# Miller', outputs: () => [] },
    { id: 'b', kind: 'code', source: 'load "r.csv" as r # Abel', outputs: () => [{ view: TABLE, text: 'Miller' }] },
    {
      id: 'c',
      kind: 'code',
      source: 'show c "Abel"',
      outputs: () => [{ problem: { code: 'unknown-patient' as never, message: 'No "Abel", but Miller.' } }],
    },
  ],
  hasKernel: () => false,
  ask: refuse,
  shownLabels: () => ['Miller', '1002'],
  write: refuse,
  insert: refuse,
  moveParameter: refuse,
  run: refuse,
  interrupt: async () => {},
  save: refuse,
};

describe('a notebook of which nothing may run', () => {
  const service = createNotebookService({ notebook: NOTEBOOK, guard: createLabelGuard() });

  it('can be read, without any name that its text may hold', async () => {
    expect(await service.cells({})).toEqual({
      cells: [
        { cell: 1, kind: 'markup', source: '# P002' },
        { cell: 2, kind: 'code', state: 'not-run', source: 'load "…" as r # …' },
        { cell: 3, kind: 'code', state: 'not-run', source: 'show c "…"' },
      ],
    });
    expect(JSON.stringify(await service.outputs({ cell: 2 }))).toMatch(/P002[\s\S]*P001/);
    expect(await service.outputs({ cell: 3 })).toMatchObject({ problem: { message: 'No "…", but P002.' } });
    expect(await service.explain({ cell: 3 })).toMatchObject({ problem: { message: 'No "…", but P002.' } });
  });

  it('is not changed, and nothing is asked of a kernel', async () => {
    for (const asked of [
      service.names({}),
      service.result({ name: 'r' }),
      service.check({}),
      service.set({ name: 'cut', value: 1 }),
      service.edit({ cell: 1, source: 'x' }),
      service.insert({ source: 'x' }),
      service.run({ all: true }),
    ])
      await expect(asked).rejects.toThrow(Refusal);
  });
});
