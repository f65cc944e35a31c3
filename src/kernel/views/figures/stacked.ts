/** The mean percent of each abnormal class in each region, stacked (the study's Table 2 as a picture). */

import type { Region } from '../../../protocol/names.ts';
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import {
  classInText,
  classLabel,
  regionInText,
  regionLabel,
  regionOnAxis,
} from '../../../protocol/words/displayNames.ts';
import { counted } from '../../base/counted.ts';
import type { Grouping } from '../../values/value.ts';
import { testText } from './groupBoxes.ts';
import { firstOnlyNote, groupedPercents, testBetween } from './groupedValues.ts';
import { RESEARCH_ONLY } from './panels.ts';
import { type PercentRow, percentsOf, regionsIn } from './percents.ts';
import { areRows, REGION_ROW_PIXELS } from './regionRows.ts';

export function stacked(
  name: string,
  rows: readonly PercentRow[],
  shown: readonly string[],
  provenance: Provenance,
): FigureView {
  const regions = regionsIn(rows);
  const patients = new Set(rows.map((row) => row.patient)).size;
  return {
    type: 'figure',
    title: `Mean extent by region: ${name}, ${counted(patients, 'patient')}`,
    ...bars({
      axes: { across: 'Region', upwards: 'Mean percent of the region' },
      columns: regions.map(areRows(regions) ? regionLabel : regionOnAxis),
      asRows: areRows(regions),
      shown,
      means: shown.map((c) => regions.map((region) => mean(percentsOf(rows, region, c)))),
    }),
    notes: ['Means, because medians do not add up.', RESEARCH_ONLY],
    provenance,
  };
}

/** The same of groups of patients in one region, with a test of each class between the groups. */
export function stackedGroups({
  name,
  rows,
  shown,
  region,
  grouping,
  provenance,
}: {
  readonly name: string;
  readonly rows: readonly PercentRow[];
  readonly shown: readonly string[];
  readonly region: Region;
  readonly grouping: Grouping;
  readonly provenance: Provenance;
}): FigureView {
  const grouped = shown.map((c) => groupedPercents(rows, { region, class: c }, grouping));
  const columns = grouping.groups.map((group, n) => `${group} (n ${grouped[0]?.[n]?.values.length ?? 0})`);
  return {
    type: 'figure',
    title: `Mean extent by ${grouping.name}: ${name}, ${regionInText(region)}`,
    sizes: grouped.map((groups) => groups.reduce((sum, { values }) => sum + values.length, 0)),
    ...bars({
      axes: { across: grouping.name, upwards: `Mean percent of the ${regionInText(region)}` },
      columns,
      shown,
      means: grouped.map((groups) => groups.map(({ values }) => mean(values))),
    }),
    notes: [
      `Between the groups: ${shown.map((c, n) => `${classLabel(c)}, ${testText(testBetween(grouped[n]!, grouping))}`).join('; ')}. p is not adjusted for the number of classes.`,
      'Means, because medians do not add up.',
      ...firstOnlyNote(rows),
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

interface Bars {
  readonly axes: { readonly across: string; readonly upwards: string };
  readonly columns: readonly string[];
  /** Whether they stand below each other. */
  readonly asRows?: boolean;
  readonly shown: readonly string[];
  /** By class, then by column. */
  readonly means: readonly (readonly (number | undefined)[])[];
}

function bars({
  axes,
  columns,
  asRows = false,
  shown,
  means,
}: Bars): Pick<FigureView, 'description' | 'data' | 'layout'> {
  const percents = (n: number) => means[n]!.map((value) => value ?? null);
  const across = { title: { text: axes.across }, type: 'category' };
  const upwards = { title: { text: axes.upwards }, rangemode: 'tozero' };
  return {
    description: `Stacked bars of the mean percent of each class: ${columns.map((column, r) => `${column.replace('<br>', ' ')} ${shown.map((c, n) => `${classInText(c)} ${means[n]![r]?.toFixed(1) ?? 'none'}`).join(', ')}`).join('; ')}.`,
    data: shown.map((c, n) => ({
      type: 'bar',
      name: classLabel(c),
      ...(asRows ? { x: percents(n), y: columns, orientation: 'h' } : { x: columns, y: percents(n) }),
      meta: { class: c },
      hovertemplate: `%{${asRows ? 'y' : 'x'}}: ${classLabel(c)} %{${asRows ? 'x' : 'y'}:.1f} %<extra></extra>`,
    })),
    layout: {
      barmode: 'stack',
      bargap: 0.35,
      ...(asRows
        ? { xaxis: upwards, yaxis: { type: 'category', autorange: 'reversed', dtick: 1 } }
        : { xaxis: across, yaxis: upwards }),
      legend: { traceorder: asRows ? 'normal' : 'reversed' },
      showlegend: true,
      height: asRows ? 140 + columns.length * REGION_ROW_PIXELS : 400,
      width: 760,
    },
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined;
}
