/** Percentages per region as boxes with every patient beside them, one panel per class. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText, regionOnAxis } from '../../../protocol/words/displayNames.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';
import { type PercentRow, percentsOf, regionsIn } from './percents.ts';

export function box(
  name: string,
  rows: readonly PercentRow[],
  shown: readonly string[],
  provenance: Provenance,
): FigureView {
  const regions = regionsIn(rows);
  const patients = new Set(rows.map((row) => row.patient)).size;
  return {
    type: 'figure',
    title: `Extent by region: ${name}, ${counted(patients, 'patient')}`,
    description: `Box plots of the percent of ${allOf(shown.map(classInText))} in ${allOf(regions.map(regionInText))}.`,
    data: shown.flatMap((c, n) =>
      regions.map((region) => ({
        type: 'box',
        name: regionOnAxis(region),
        y: percentsOf(rows, region, c),
        boxpoints: 'all',
        jitter: 0.5,
        pointpos: -1.6,
        marker: { size: 3, opacity: 0.6 },
        meta: { class: c },
        ...plotlyAxes(n),
        hoverinfo: 'y',
      })),
    ),
    layout: panelLayout(
      shown.map((c) => ({
        x: { type: 'category', title: { text: 'Region' } },
        y: { title: { text: 'Percent of the region' }, rangemode: 'tozero', zeroline: false },
        heading: `<b>${classLabel(c)}</b>`,
      })),
    ),
    notes: [
      'Boxes are quartiles with the median; whiskers reach to the last value within 1.5 interquartile ranges.',
      RESEARCH_ONLY,
    ],
    provenance,
  };
}
