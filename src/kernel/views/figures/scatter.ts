/** One point per patient: the first reading across, the second one upwards; scores are spread a little, with a box each. */
import type { FigureView } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { type AgreementPairs, type ComparedRegion, categoryName } from '../../agreement/agreementTable.ts';
import { createRandom } from '../../base/random.ts';
import type { AgreementValue } from '../../values/value.ts';
import {
  emptyNotes,
  markerSize,
  numberText,
  type Panel,
  panelLayout,
  plotlyAxes,
  RESEARCH_ONLY,
  withInterval,
} from './panels.ts';

type Side = 'left' | 'right';

/** Points of equal scores are spread over this much of a score on both sides, so that they do not hide each other. */
const SPREAD = 0.16;

export function scatter(value: AgreementValue, panels: readonly Panel[], region: ComparedRegion): FigureView {
  const { left, right } = value.names;
  return {
    type: 'figure',
    title: `${left} against ${right}, ${regionInText(region)}`,
    description: `Scatter plots of ${left} against ${right}, ${regionInText(region)}: ${panels.map(({ group, row }) => `${classInText(group.class)} ρ ${numberText(row.rho)}, n ${row.n}`).join('; ')}.`,
    data: panels.flatMap(({ group }, n) => [...boxes(group, n, value), points(group, n, value)]),
    layout: {
      ...panelLayout(
        panels.map(({ group, row }) => ({
          x: axis('left', group, value),
          y: axis('right', group, value),
          heading: `<b>${classLabel(group.class)}</b><br>ρ ${withInterval(row.rho, row.rho_ci_low, row.rho_ci_high)}, n ${row.n}`,
        })),
      ),
      boxgap: 0.2,
      dragmode: 'lasso',
    },
    notes: [...emptyNotes(panels, ['ρ'], value), RESEARCH_ONLY],
    provenance: value.provenance,
  };
}

function axis(side: Side, group: AgreementPairs, { names, isPercent }: AgreementValue): object {
  if (isPercent[side]) return { title: { text: `${names[side]} (%)` }, rangemode: 'tozero', zeroline: false };
  const ticktext = Array.from({ length: group.categories }, (_, n) => categoryName(group, n));
  // Scores stand at their own numbers, words at their places from 0.
  const lowest = Number.isInteger(Number(ticktext[0])) ? Number(ticktext[0]) : 0;
  return {
    title: { text: `${names[side]} (score)` },
    range: [lowest - 0.5, lowest + group.categories - 0.5],
    tickvals: ticktext.map((_, n) => lowest + n),
    ticktext,
    zeroline: false,
  };
}

function points(group: AgreementPairs, n: number, { names, isPercent }: AgreementValue) {
  const { left, right } = names;
  const random = createRandom(`jitter ${group.region} ${group.class}`);
  const spread = (side: Side) =>
    group.pairs.map((pair) => (isPercent[side] ? pair[side] : pair[side] + random.between(-SPREAD, SPREAD)));
  return {
    type: 'scatter',
    mode: 'markers',
    x: spread('left'),
    y: spread('right'),
    ...plotlyAxes(n),
    customdata: group.pairs.map((pair) => [pair.patient, pair.left, pair.right]),
    hovertemplate: `<b>%{customdata[0]}</b><br>${left}: %{customdata[1]:.1f}<br>${right}: %{customdata[2]:.1f}<extra></extra>`,
    meta: { panel: n },
    marker: { size: markerSize(group, group.pairs.length > 60 ? 6 : 9), opacity: 0.75 },
    cliponaxis: false,
  };
}

/** Where scores stand against percentages: the percentages of each score, as a box behind its points. */
function boxes(group: AgreementPairs, n: number, { isPercent }: AgreementValue): Record<string, unknown>[] {
  if (isPercent.left === isPercent.right) return [];
  const [ordinal, other] = isPercent.left ? (['right', 'left'] as const) : (['left', 'right'] as const);
  const scores = group.pairs.map((pair) => pair[ordinal]);
  const percents = group.pairs.map((pair) => pair[other]);
  const places = ordinal === 'left' ? { x: scores, y: percents } : { x: percents, y: scores };
  return [
    {
      type: 'box',
      orientation: ordinal === 'left' ? 'v' : 'h',
      ...places,
      ...plotlyAxes(n),
      boxpoints: false,
      width: 0.6,
      line: { width: 1, color: 'rgba(128, 128, 128, 0.9)' },
      fillcolor: 'rgba(128, 128, 128, 0.15)',
      hoverinfo: 'skip',
    },
  ];
}
