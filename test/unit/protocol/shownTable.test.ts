import { expect, it } from 'vitest';
import type { TableColumn } from '../../../src/protocol/view.ts';
import { shownColumns, shownText } from '../../../src/protocol/words/shownTable.ts';

const column = (name: string, own: Partial<TableColumn> = {}): TableColumn => ({
  name,
  label: name,
  kind: 'number',
  digits: 2,
  ...own,
});
const COLUMNS = [
  column('class', { kind: 'text' }),
  column('kappa', { interval: ['kappa_ci_low', 'kappa_ci_high'] }),
  column('kappa_se'),
  column('kappa_ci_low'),
  column('kappa_ci_high'),
  column('percent_agreement', { digits: 0 }),
];

it('shows how often both sides agree beside κ, which has its interval in its cells', () => {
  const shown = shownColumns({ columns: COLUMNS });
  expect(shown.map(({ column: { name } }) => name)).toEqual(['class', 'kappa', 'percent_agreement', 'kappa_se']);
  const row = ['ggo', 0.5, 0.1, 0.3, 0.7, 88];
  expect(shown.map((one) => shownText(row, COLUMNS, one))).toEqual([
    'Ground-glass opacity',
    '0.50 [0.30; 0.70]',
    '88',
    '0.10',
  ]);
});

it('leaves other tables in their order', () => {
  const columns = [column('percent_agreement'), column('n')];
  expect(shownColumns({ columns }).map(({ column: { name } }) => name)).toEqual(['percent_agreement', 'n']);
});
