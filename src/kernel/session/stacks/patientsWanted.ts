/** Which patients' slices the figures and tables of a notebook lead to, and for which rows. */
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { placeName } from '../../../protocol/pageSlices.ts';
import type { FigureView, TableView, ViewModel } from '../../../protocol/view.ts';

export interface Wanted {
  readonly class: string;
  readonly region: string;
}

/** By the handle of the figure or table, then by patient. */
export function patientsWanted(shown: readonly ViewModel[]): Map<string, Map<string, readonly Wanted[]>> {
  const rows = shown.flatMap((view) =>
    view.type === 'figure' ? rowsOfFigure(view) : view.type === 'table' ? rowsOfTable(view) : [],
  );
  const byHandle = Map.groupBy(rows, ({ handle }) => handle);
  return new Map([...byHandle].map(([handle, ofHandle]) => [handle, byPatient(ofHandle)]));
}

interface Row extends Wanted {
  readonly handle: string;
  readonly patient: string;
}

function rowsOfFigure({ patients }: FigureView): Row[] {
  const handle = patients?.handle;
  if (handle === undefined) return [];
  return patients!.panels.flatMap(({ class: name, region, rows }) =>
    rows.map(({ patient, lobe }) => ({ handle, patient, class: name, region: lobe ?? region })),
  );
}

function rowsOfTable({ patientsHandle: handle, columns, rows }: TableView): Row[] {
  if (handle === undefined) return [];
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const [patient, of, region] = [place('patient'), place('class'), place('region')];
  const text = (row: (typeof rows)[number], at: number) => String(row[at] ?? '');
  return rows.map((row) => ({ handle, patient: text(row, patient), class: text(row, of), region: text(row, region) }));
}

/** What is asked for, and the usual classes and regions: a page that computes shows others than those of the run. */
function byPatient(rows: readonly Row[]): Map<string, readonly Wanted[]> {
  const usual = LOBAR_REGIONS.flatMap((region) => TEXTURE_CLASSES.map((name) => ({ class: name, region })));
  return new Map(
    [...Map.groupBy(rows, ({ patient }) => patient)].map(([patient, own]) => [
      patient,
      [
        ...new Map(
          [...usual, ...own].map(({ class: of, region }) => [placeName({ class: of, region }), { class: of, region }]),
        ).values(),
      ],
    ]),
  );
}
