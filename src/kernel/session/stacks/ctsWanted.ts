/** Which CTs the figures and tables of a notebook lead to, and for which rows. */
import type { PatientSlicesRequest } from '../../../protocol/kernelApi.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { ctName, placeName } from '../../../protocol/pageSlices.ts';
import type { FigureView, TableView, ViewModel } from '../../../protocol/view.ts';

type Wanted = Pick<PatientSlicesRequest, 'class' | 'region'>;

/** A CT of a patient, or what a figure's point of the patient opens where no series is named. */
export interface WantedCt extends Pick<PatientSlicesRequest, 'patient' | 'series'> {
  readonly rows: readonly Wanted[];
}

/** By the handle of the figure or table. */
export function ctsWanted(shown: readonly ViewModel[]): Map<string, WantedCt[]> {
  const rows = shown.flatMap((view) =>
    view.type === 'figure' ? rowsOfFigure(view) : view.type === 'table' ? rowsOfTable(view) : [],
  );
  const byHandle = Map.groupBy(rows, ({ handle }) => handle);
  return new Map([...byHandle].map(([handle, ofHandle]) => [handle, byCt(ofHandle)]));
}

type Row = Omit<PatientSlicesRequest, 'slice'>;

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
  const [patient, of, region, series] = [place('patient'), place('class'), place('region'), place('series')];
  const text = (row: (typeof rows)[number], at: number) => String(row[at] ?? '');
  return rows.map((row) => ({
    handle,
    patient: text(row, patient),
    class: text(row, of),
    region: text(row, region),
    ...(text(row, series) === '' ? {} : { series: text(row, series) }),
  }));
}

/** What is asked for, and the usual classes and regions: a page that computes shows others than those of the run. */
function byCt(rows: readonly Row[]): WantedCt[] {
  const usual = LOBAR_REGIONS.flatMap((region) => TEXTURE_CLASSES.map((name) => ({ class: name, region })));
  return [...Map.groupBy(rows, ctName).values()].map((own) => {
    const { patient, series } = own[0]!;
    const asked = [...usual, ...own].map(({ class: of, region }) => ({ class: of, region }));
    return {
      patient,
      ...(series === undefined ? {} : { series }),
      rows: [...new Map(asked.map((one) => [placeName(one), one])).values()],
    };
  });
}
