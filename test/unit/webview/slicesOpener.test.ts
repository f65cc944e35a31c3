/** What a row of a table asks for when its patient's slices are opened: its own CT, and the slice that it names. */
import { expect, it } from 'vitest';
import type { PatientSlicesRequest } from '../../../src/protocol/kernelApi.ts';
import type { TableView } from '../../../src/protocol/view.ts';
import type { Messaging } from '../../../src/webview/messaging.ts';
import { slicesOpener } from '../../../src/webview/table/slicesOpener.ts';

const column = (name: string) => ({ name, label: name, kind: 'text' }) as const;
const VIEW: TableView = {
  type: 'table',
  title: 'Voxels',
  columns: ['patient', 'series', 'region', 'class', 'worst_slice'].map(column),
  rows: [],
  totalRows: 0,
  notes: [],
  messages: [],
  researchOnly: true,
  patientsHandle: 'h',
  sliceColumn: 'worst_slice',
};

function asked(view: TableView, row: TableView['rows'][number]): PatientSlicesRequest[] {
  const requests: PatientSlicesRequest[] = [];
  // SAFETY: nothing else of it is used here.
  const messaging = {
    requestPatient: async (request: PatientSlicesRequest) => {
      requests.push(request);
      return { problem: 'none' };
    },
  } as unknown as Messaging;
  slicesOpener(view, messaging, () => {})?.(row)?.();
  return requests;
}

it('names the series of the row, and its slice where there is one', () => {
  const place = { handle: 'h', patient: 'P1', series: 's2', region: 'RUL', class: 'ggo' };
  expect(asked(VIEW, ['P1', 's2', 'RUL', 'ggo', 7])).toEqual([{ ...place, slice: 7 }]);
  expect(asked(VIEW, ['P1', 's2', 'RUL', 'ggo', null])).toEqual([place]);
});

it('opens nothing where the table leads to no CTs', () => {
  const { patientsHandle: _, ...without } = VIEW;
  expect(asked(without, ['P1', 's2', 'RUL', 'ggo', 7])).toEqual([]);
});
