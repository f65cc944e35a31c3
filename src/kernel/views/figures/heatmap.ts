/** κ and ρ of every class (down) in every region (across), as two maps. */

import { REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { FigureView } from '../../../protocol/view.ts';
import {
  classInText,
  classLabel,
  regionInText,
  regionLabel,
  regionOnAxis,
} from '../../../protocol/words/displayNames.ts';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import type { AgreementRow } from '../../agreement/agreementTable.ts';
import type { AgreementValue } from '../../values/value.ts';
import { RESEARCH_ONLY } from './panels.ts';
import { areRows, REGION_ROW_PIXELS } from './regionRows.ts';

const ROW_PIXELS = 40;
const MARGIN_PIXELS = 170;
const GAP = 0.06;
/** The names of the classes with the gap, and a column with its number, at least. */
const LABELS_PIXELS = 200;
const COLUMN_PIXELS = 44;

export function heatmap(value: AgreementValue, rows: readonly AgreementRow[]): FigureView {
  const classes = [...new Set([...TEXTURE_CLASSES, ...rows.map((row) => row.class)])].filter((name) =>
    rows.some((row) => row.class === name),
  );
  const regions = [...REGIONS, 'lobes' as const].filter((region) => rows.some((row) => row.region === region));
  const asRows = areRows(regions);
  const share = (1 - GAP) / 2;
  const map = (of: (row: AgreementRow) => number | undefined, symbol: string, axis: string) => {
    const cells = classes.map((name) =>
      regions.map((region) => {
        const row = rows.find((r) => r.class === name && r.region === region);
        return (row && of(row)) ?? null;
      }),
    );
    const z = asRows ? regions.map((_, n) => cells.map((line) => line[n]!)) : cells;
    return {
      type: 'heatmap',
      z,
      x: asRows ? classes.map(classLabel) : regions.map(regionOnAxis),
      y: asRows ? regions.map(regionLabel) : classes.map(classLabel),
      xaxis: `x${axis}`,
      yaxis: `y${axis}`,
      zmin: 0,
      zmax: 1,
      showscale: false,
      text: z.map((line) => line.map((cell) => (cell === undefined || cell === null ? '' : formatNumber(cell, 2)))),
      texttemplate: '%{text}',
      hovertemplate: `%{y}, %{x}: ${symbol} %{text}<extra></extra>`,
      xgap: 2,
      ygap: 2,
    };
  };
  const lowest = [...rows].filter((row) => row.kappa !== undefined).sort((a, b) => a.kappa! - b.kappa!)[0];
  const weights = rows[0]?.weights ?? 'none';
  const plain = { showgrid: false, zeroline: false, ticks: '', showline: false };
  const rowCount = asRows ? regions.length : classes.length;
  const columnCount = asRows ? classes.length : regions.length;
  // Names of classes stand upright over narrow columns, and the coefficient's above them.
  const across = { ...plain, side: 'top', ...(asRows && { tickangle: -90 }) };
  const title = (text: string) => ({ title: { text, ...(asRows && { standoff: 8 }) } });
  return {
    type: 'figure',
    title: `Agreement of ${value.names.left} with ${value.names.right} by class and region`,
    description: `Two maps, of κ and of ρ, with ${classes.length} classes and ${regions.length} regions.${lowest ? ` The lowest κ is ${formatNumber(lowest.kappa!, 2)}: ${classInText(lowest.class)}, ${regionInText(lowest.region)}.` : ''}`,
    data: [map((row) => row.kappa, 'κ', ''), map((row) => row.rho, 'ρ', '2')],
    sizes: rows.map(({ n }) => n),
    layout: {
      xaxis: { ...across, ...title(weights === 'none' ? 'κ' : `κ (${weights})`), domain: [0, share] },
      yaxis: { ...plain, autorange: 'reversed', ...(asRows && { dtick: 1 }) },
      xaxis2: { ...across, ...title('ρ'), domain: [share + GAP, 1], anchor: 'y2' },
      yaxis2: { ...plain, autorange: 'reversed', showticklabels: false, anchor: 'x2' },
      height: asRows ? 290 + rowCount * REGION_ROW_PIXELS : MARGIN_PIXELS + rowCount * ROW_PIXELS,
      meta: { leastWidth: LABELS_PIXELS + 2 * columnCount * COLUMN_PIXELS },
    },
    notes: ['An empty field is a coefficient that is undefined, or was not asked for.', RESEARCH_ONLY],
    provenance: value.provenance,
  };
}
