/** The mean percent of each abnormal class in each region, stacked (the study's Table 2 as a picture). */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { counted } from '../../base/counted.ts';
import { classLabel } from '../../base/labels.ts';
import { RESEARCH_ONLY } from './panels.ts';
import { type PercentRow, percentsOf, regionsIn } from './percents.ts';

export function stacked(
  name: string,
  rows: readonly PercentRow[],
  shown: readonly string[],
  provenance: Provenance,
): FigureView {
  const regions = regionsIn(rows);
  const means = shown.map((c) => regions.map((region) => mean(percentsOf(rows, region, c))));
  const patients = new Set(rows.map((row) => row.patient)).size;
  return {
    type: 'figure',
    title: `Mean extent by region: ${name}, ${counted(patients, 'patient')}`,
    description: `Stacked bars of the mean percent of each class: ${regions.map((region, r) => `${region} ${shown.map((c, n) => `${c} ${means[n]![r]?.toFixed(1) ?? 'none'}`).join(', ')}`).join('; ')}.`,
    data: shown.map((c, n) => ({
      type: 'bar',
      name: classLabel(c),
      x: regions,
      y: means[n]!.map((value) => value ?? null),
      meta: { class: c },
      hovertemplate: `%{x}: ${classLabel(c)} %{y:.1f} %<extra></extra>`,
    })),
    layout: {
      barmode: 'stack',
      bargap: 0.35,
      xaxis: { title: { text: 'Region' } },
      yaxis: { title: { text: 'Mean percent of the region' }, rangemode: 'tozero' },
      legend: { traceorder: 'reversed' },
      showlegend: true,
      height: 400,
      width: 760,
    },
    notes: ['Means, because medians do not add up.', RESEARCH_ONLY],
    provenance,
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined;
}
