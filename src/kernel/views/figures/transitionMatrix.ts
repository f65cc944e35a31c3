/** What became of each class from one visit to another: classes before (down) by classes after (across), in percent of each row. */
import type { ColumnTable } from 'arquero';
import { REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { FigureView, LinkedPanel, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import type { AskedFigure } from '../../values/value.ts';
import { RESEARCH_ONLY } from './panels.ts';

const ROW_PIXELS = 46;
const MARGIN_PIXELS = 150;
const LABELS_PIXELS = 190;
const COLUMN_PIXELS = 70;

interface Drawn {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly provenance: Provenance;
  /** Leads to the two CTs of each patient. */
  readonly handle: string | undefined;
}

/** Of the patients whose rows are left in the table, taken together. */
export function transitionMatrix(table: ColumnTable, drawn: Drawn, asked: AskedFigure): FigureView {
  const region = asked.region ?? 'total';
  // SAFETY: `change … on voxels` makes the table with these columns, and figures are drawn of its rows alone.
  const rows = (table.objects() as Row[]).filter((row) => row.region === region);
  if (rows.length === 0)
    throw new UserError(
      'not-compared',
      `Nothing was compared in ${regionInText(region)}. With \`by region\` its \`change\` compares the lobes that were found.`,
    );
  const known = [
    'none',
    ...TEXTURE_CLASSES,
    ...new Set(rows.flatMap((row) => [row.class_before, row.class_after])),
    'outside',
  ];
  const order = [...new Set(known)].filter(
    (name) => !asked.classes || asked.classes.includes(name) || name === 'outside',
  );
  const before = order.filter((name) => rows.some((row) => row.class_before === name));
  const after = order.filter((name) => rows.some((row) => row.class_after === name));
  const ml = (from: string, to?: string) =>
    rows
      .filter((row) => row.class_before === from && (to === undefined || row.class_after === to))
      .reduce((sum, row) => sum + row.before_ml, 0);
  const percent = before.map((from) => after.map((to) => (100 * ml(from, to)) / ml(from)));
  const patients = new Set(rows.map(({ patient }) => patient)).size;
  const stayed = before.flatMap((from, n) => {
    const at = after.indexOf(from);
    return at < 0 ? [] : [`${classInText(from)} ${percent[n]![at]!.toFixed(0)} %`];
  });
  const plain = { showgrid: false, zeroline: false, ticks: '', showline: false };
  return {
    type: 'figure',
    title: `What became of each class of ${drawn.name} from visit ${drawn.from} to ${drawn.to}, ${regionInText(region)}`,
    description: `A matrix of ${counted(before.length, 'class', 'classes')} at visit ${drawn.from} by ${after.length} at visit ${drawn.to}, of ${counted(patients, 'patient')}. Stayed what they were: ${stayed.join(', ') || 'none'}.`,
    data: [
      {
        type: 'heatmap',
        z: percent,
        x: after.map(classLabel),
        y: before.map(classLabel),
        zmin: 0,
        zmax: 100,
        showscale: false,
        text: before.map((from, n) => after.map((to, m) => cellText(percent[n]![m]!, ml(from, to)))),
        texttemplate: '%{text}',
        hovertemplate: 'from %{y} to %{x}<br>%{text}<extra></extra>',
        xgap: 2,
        ygap: 2,
        meta: { panels: before.map((_, n) => after.map((__, m) => n * after.length + m)) },
      },
    ],
    layout: {
      xaxis: { ...plain, side: 'top', title: { text: `Visit ${drawn.to}` } },
      yaxis: { ...plain, autorange: 'reversed', title: { text: `Visit ${drawn.from}` } },
      height: MARGIN_PIXELS + before.length * ROW_PIXELS,
      dragmode: false,
      meta: { leastWidth: LABELS_PIXELS + after.length * COLUMN_PIXELS },
    },
    patients: {
      ...(drawn.handle === undefined ? {} : { handle: drawn.handle }),
      names: { left: `ml at visit ${drawn.from}`, right: `ml at visit ${drawn.to}` },
      panels: before.flatMap((from) => after.map((to) => panelOf(rows, region, from, to))),
    },
    notes: [
      `Percent of each row, and volume at visit ${drawn.from}; of ${counted(patients, 'patient')} together.`,
      RESEARCH_ONLY,
    ],
    provenance: drawn.provenance,
  };
}

interface Row {
  readonly patient: string;
  readonly region: string;
  readonly class_before: string;
  readonly class_after: string;
  readonly before_ml: number;
  readonly after_ml: number;
  readonly most_slice: number;
}

/** The patients of a cell, each with the slice that has most of its voxels. */
function panelOf(rows: readonly Row[], region: string, from: string, to: string): LinkedPanel {
  return {
    class: `${classInText(from)} to ${classInText(to)}`,
    region: REGIONS.find((own) => own === region) ?? 'total',
    rows: rows
      .filter((row) => row.class_before === from && row.class_after === to)
      .map((row) => ({ patient: row.patient, left: row.before_ml, right: row.after_ml, slice: row.most_slice })),
  };
}

function cellText(percent: number, ml: number): string {
  return ml === 0 ? '0' : `${percent.toFixed(0)} %<br>${ml < 10 ? ml.toFixed(1) : ml.toFixed(0)} ml`;
}
