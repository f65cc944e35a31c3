/** `measure`: a table of the rulers, circles and polygons that were drawn on the slices of a cohort. */
import { type ColumnTable, table } from 'arquero';
import type { Annotation } from '../../protocol/annotations/annotation.ts';
import { isOutline, meanHu, measureBody, sdHu } from '../../protocol/annotations/measures.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { Provenance, TableColumn } from '../../protocol/view.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { info, warning } from '../base/remarks.ts';
import { SOFTWARE } from '../base/software.ts';
import { subtask } from '../base/task.ts';
import type { Cohort, Series } from '../ct/cohort/cohort.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { withDefault } from '../language/declaration.ts';
import { DRAWN } from '../language/dependencies.ts';
import { type MeasuredAnnotation, measureAnnotations } from '../values/annotationMeasures.ts';
import { digestOf } from '../values/measuredSeries.ts';
import type { TableValue } from '../values/value.ts';
import { tableView } from '../views/tableView.ts';
import { declareVerb, type VerbContext } from './verb.ts';

/** Patients who are named where something drawn on them is left out. */
const NAMES_SHOWN = 5;
const NOTHING_DRAWN =
  'Nothing is drawn on these CTs yet. Choose Ruler, Circle or Polygon above the slices of one of them; this table follows.';

export const measure = declareVerb({
  name: 'measure',
  summary: 'Gives what was drawn on the slices of a cohort: lengths, areas, Hounsfield units and volumes.',
  documentation:
    'Rulers, circles and polygons that were drawn in the slice viewers of this notebook become a table, which follows as more is drawn. Circles and polygons of one name on one CT are outlines of one body and one row: `area_mm2` is that of the slice where it is largest, `mean_hu` and `sd_hu` are of all pixels whose middle lies inside, and `volume_ml` is the sum of the areas times the distance of the slices (where slices were left out, areas change steadily between). `by slice` gives each outline a row of its own. Hounsfield units are read from the CT each time, and not from the picture.',
  examples: ['measure cohort as rois', 'measure cohort by slice as rois'],
  subject: { type: name('cohort'), noun: 'the name of a cohort', documentation: 'The cohort whose CTs were drawn on.' },
  clauses: {
    by: withDefault(
      oneOf('name', 'slice'),
      'name',
      'A row for each name on each CT, or for each outline on each slice.',
    ),
  },
  gives: ['table'],
  alwaysShown: false,
  follows: [DRAWN],
  async run({ subject: { name: cohortName, value }, by }, context) {
    const found = findSeries(context.annotations, value.cohort);
    const { measured, inputs, remarks } = await measureAll(found.drawn, context);
    const rows = by === 'slice' ? measured.map((one) => rowOf([one])) : bodiesOf(measured).map(rowOf);
    const provenance: Provenance = { software: SOFTWARE, models: [], inputs, parameters: { rowsPer: by } };
    const result: TableValue = {
      kind: 'table',
      ...(value.flow ? { flow: value.flow } : {}),
      table: tableOf(rows),
      cutPoints: undefined,
      provenance,
    };
    return {
      value: result,
      remarks: [...leftOut(found.others, cohortName), ...remarks],
      view: () =>
        tableView(result.table, {
          title: `Measured by hand on ${cohortName}`,
          notes: rows.length ? [] : [NOTHING_DRAWN],
          columns: COLUMNS,
          researchOnly: true,
          provenance,
        }),
    };
  },
});

interface DrawnOn {
  readonly patient: string;
  readonly series: Series;
  readonly drawn: readonly Annotation[];
}

/** 2 before 10. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** What is drawn on the cohort's CTs, in the order of its patients and of names; `others` is drawn on CTs that it does not have. */
function findSeries(
  annotations: readonly Annotation[],
  { patients }: Cohort,
): { readonly drawn: readonly DrawnOn[]; readonly others: readonly Annotation[] } {
  const drawn = patients.flatMap(({ id, series: all }) =>
    all.flatMap((series): DrawnOn[] => {
      const own = annotations.filter((one) => one.patient === id && one.series === series.id);
      const named = own.toSorted((a, b) => byName(a.name, b.name));
      return own.length ? [{ patient: id, series, drawn: named }] : [];
    }),
  );
  const taken = new Set(drawn.flatMap((on) => on.drawn));
  return { drawn, others: annotations.filter((one) => !taken.has(one)) };
}

async function measureAll(
  all: readonly DrawnOn[],
  context: VerbContext,
): Promise<{
  readonly measured: readonly MeasuredAnnotation[];
  readonly inputs: Provenance['inputs'];
  readonly remarks: readonly Remark[];
}> {
  const measured: MeasuredAnnotation[] = [];
  const lost: string[] = [];
  const inputs: Record<string, string> = {};
  for (const [n, { patient, series, drawn }] of all.entries()) {
    const part = { ...context, task: subtask(context.task, n / all.length, (n + 1) / all.length) };
    const { sha256 } = await digestOf(series, part);
    inputs[`${patient}/${series.id}`] = sha256;
    for (const one of await measureAnnotations(drawn, { series, sha256 }, part))
      if (one) measured.push(one);
      else lost.push(patient);
  }
  return { measured, inputs, remarks: lost.length ? [onLostSlices(lost)] : [] };
}

/** Of whom each drawing is whose slice is not there. */
function onLostSlices(ofEach: readonly string[]): Remark {
  const patients = [...new Set(ofEach)];
  const what = counted(ofEach.length, 'drawing lies on a slice', 'drawings lie on slices');
  const message = `${what} that the CT does not have (${atMost(patients, NAMES_SHOWN)}): was it another CT when they were drawn? They are left out here, and stay in the notebook.`;
  return { ...warning('drawn-elsewhere', message), patients };
}

function leftOut(others: readonly Annotation[], cohort: string): Remark[] {
  if (others.length === 0) return [];
  const patients = [...new Set(others.map(({ patient }) => patient))];
  const what = counted(others.length, 'drawing is', 'drawings are');
  const message = `${what} on CTs that \`${cohort}\` does not have (${atMost(patients, NAMES_SHOWN)}), and left out here.`;
  return [{ ...info('drawn-elsewhere', message), patients }];
}

/** Outlines of one name, CT and plane together; each ruler alone. */
function bodiesOf(measured: readonly MeasuredAnnotation[]): MeasuredAnnotation[][] {
  const keyOf = ({ annotation: { id, patient, series, name, plane, shape } }: MeasuredAnnotation) =>
    JSON.stringify(isOutline(shape) ? [patient, series, plane, name] : [id]);
  return [...Map.groupBy(measured, keyOf).values()];
}

type Row = Readonly<Record<keyof typeof COLUMNS, string | number | undefined>>;

/** Of outlines of one body, or of one ruler. */
function rowOf(parts: readonly MeasuredAnnotation[]): Row {
  const outlines = parts.flatMap(({ annotation: { index }, outline }) => (outline ? [{ index, ...outline }] : []));
  const body = outlines.length ? measureBody(outlines, parts[0]!.distanceMm) : undefined;
  const largest = parts.reduce((a, b) => ((b.outline?.areaMm2 ?? 0) > (a.outline?.areaMm2 ?? 0) ? b : a));
  const { patient, series, name, shape, plane, index } = largest.annotation;
  return {
    patient,
    series,
    name,
    shape,
    plane,
    slice: index + 1,
    slices: body?.slices ?? 1,
    length_mm: largest.lengthMm,
    area_mm2: body?.areaMm2,
    mean_hu: body && meanHu(body),
    sd_hu: body && sdHu(body),
    volume_ml: body?.volumeMl,
  };
}

/** In the order of the table. */
const COLUMNS = {
  patient: { label: 'Patient', kind: 'text' },
  series: { label: 'Series', kind: 'text' },
  name: { label: 'Name', kind: 'text' },
  shape: { label: 'Shape', kind: 'text' },
  plane: { label: 'Plane', kind: 'text' },
  slice: { label: 'Slice', kind: 'number', digits: 0, description: 'From 1; of several, where the area is largest' },
  slices: { label: 'Slices', kind: 'number', digits: 0, description: 'That have an outline' },
  length_mm: { label: 'Length', kind: 'number', unit: 'mm', digits: 1 },
  area_mm2: { label: 'Area', kind: 'number', unit: 'mm²', digits: 1, description: 'Where it is largest' },
  mean_hu: { label: 'Mean', kind: 'number', unit: 'HU', digits: 1 },
  sd_hu: { label: 'SD', kind: 'number', unit: 'HU', digits: 1 },
  volume_ml: { label: 'Volume', kind: 'number', unit: 'ml', digits: 2, description: 'Over the slices' },
} as const satisfies Readonly<Record<string, Omit<TableColumn, 'name'>>>;

function tableOf(rows: readonly Row[]): ColumnTable {
  // SAFETY: the keys are those of COLUMNS.
  const names = Object.keys(COLUMNS) as (keyof Row)[];
  return table(names.map((column): [string, unknown[]] => [column, rows.map((row) => row[column])]));
}
