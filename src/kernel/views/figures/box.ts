/** Percentages per region as boxes with every patient beside them, one panel per class. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import {
  classInText,
  classLabel,
  regionInText,
  regionLabel,
  regionOnAxis,
} from '../../../protocol/words/displayNames.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { panelColumns, panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';
import { type PercentRow, percentsOf, regionsIn } from './percents.ts';
import { areRows, REGION_LABELS_PIXELS, REGION_ROW_PIXELS } from './regionRows.ts';

export function box(
  name: string,
  rows: readonly PercentRow[],
  shown: readonly string[],
  provenance: Provenance,
): FigureView {
  const regions = regionsIn(rows);
  const asRows = areRows(regions);
  const patients = new Set(rows.map((row) => row.patient)).size;
  return {
    type: 'figure',
    title: `Extent by region: ${name}, ${counted(patients, 'patient')}`,
    description: `Box plots of the percent of ${allOf(shown.map(classInText))} in ${allOf(regions.map(regionInText))}.`,
    data: shown.flatMap((c, n) =>
      regions.map((region) => ({
        type: 'box',
        ...(asRows
          ? { name: regionLabel(region), x: percentsOf(rows, region, c), orientation: 'h' }
          : { name: regionOnAxis(region), y: percentsOf(rows, region, c) }),
        boxpoints: 'all',
        jitter: 0.5,
        pointpos: -1.6,
        marker: { size: 3, opacity: 0.6 },
        meta: { class: c },
        ...plotlyAxes(n),
        hoverinfo: asRows ? 'x' : 'y',
      })),
    ),
    layout: asRows ? rowLayout(shown, regions.length) : columnLayout(shown),
    notes: [
      'Boxes are quartiles with the median; whiskers reach to the last value within 1.5 interquartile ranges.',
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

const PERCENT = { title: { text: 'Percent of the region' }, rangemode: 'tozero', zeroline: false };

function columnLayout(shown: readonly string[]): Record<string, unknown> {
  return panelLayout(
    shown.map((c) => ({
      x: { type: 'category', title: { text: 'Region' } },
      y: PERCENT,
      heading: `<b>${classLabel(c)}</b>`,
    })),
  );
}

/** The regions below each other; their names stand once for the panels beside each other. */
function rowLayout(shown: readonly string[], regions: number): Record<string, unknown> {
  const columns = panelColumns(shown.length);
  const layout = panelLayout(
    shown.map((c, n) => ({
      x: PERCENT,
      y: { type: 'category', autorange: 'reversed', dtick: 1, showticklabels: n % columns === 0 },
      heading: `<b>${classLabel(c)}</b>`,
    })),
    regions * REGION_ROW_PIXELS,
  );
  return { ...layout, meta: { leastWidth: REGION_LABELS_PIXELS + columns * 160 } };
}
