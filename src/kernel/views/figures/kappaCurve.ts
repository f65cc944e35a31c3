/** κ, weighted κ and percent agreement as one cut point moves, with the chosen cut marked. */

import type { FigureView } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { fromTo } from '../../../protocol/words/lists.ts';
import type { ComparedRegion } from '../../agreement/agreementTable.ts';
import { type CurvePoint, type CurveSide, kappaCurve } from '../../agreement/categories/kappaCurve.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { AgreementValue } from '../../values/value.ts';
import { emptyNotes, numberText, type Panel, panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';

const STEPS = 120;
const GREY = 'rgba(128, 128, 128, 0.9)';

/** Told apart by colour (Okabe & Ito's, which the colour-blind can tell apart; the first is the theme's accent) and dash. */
const LINES = [
  { name: 'κ', dash: 'solid', colour: undefined, of: ({ kappa }: CurvePoint) => valueIn(kappa.none.kappa) },
  {
    name: 'κ, linear weights',
    dash: 'dash',
    colour: '#D55E00',
    of: ({ kappa }: CurvePoint) => valueIn(kappa.linear.kappa),
  },
  {
    name: 'κ, quadratic weights',
    dash: 'dashdot',
    colour: '#009E73',
    of: ({ kappa }: CurvePoint) => valueIn(kappa.quadratic.kappa),
  },
  {
    name: 'share in the same category',
    dash: 'dot',
    colour: GREY,
    of: ({ percentAgreement }: CurvePoint) => shareOf(valueIn(percentAgreement)),
  },
] as const;

/** `moved` is the number of the cut, from 0. */
export function kappaCurveFigure(
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  moved: number,
): FigureView {
  const { cutPoints } = value;
  const [low, high] = [cutPoints[moved - 1] ?? 0, cutPoints[moved + 1] ?? 100];
  const chosen = cutPoints[moved]!;
  const grid = [...Array.from({ length: STEPS }, (_, n) => low + ((n + 0.5) / STEPS) * (high - low)), chosen].sort(
    (a, b) => a - b,
  );
  const curves = panels.map(({ group }) =>
    kappaCurve({ left: sideOf(value, 'left', group), right: sideOf(value, 'right', group) }, cutPoints, moved, grid),
  );
  const rangeOf = (n: number) => {
    const kappas = curves[n]!.flatMap(({ kappa }) => valueIn(kappa.none.kappa) ?? []);
    return kappas.length === 0
      ? 'none at every cut'
      : fromTo(numberText(Math.min(...kappas)), numberText(Math.max(...kappas)));
  };
  // κ falls below 0 where the sides agree less than by chance.
  const lowest = Math.min(0, ...curves.flat().flatMap((point) => LINES.flatMap(({ of }) => of(point) ?? [])));
  return {
    type: 'figure',
    title: `κ of ${value.names.left} with ${value.names.right} as cut ${moved + 1} moves, ${regionInText(region)}`,
    description: panels
      .map(
        ({ group, row }, n) =>
          `${classInText(group.class)}: κ ${numberText(row.kappa)} at ${chosen} %, ${rangeOf(n)} between ${low} and ${high} %`,
      )
      .join('; '),
    sizes: panels.map(({ row }) => row.n),
    data: curves.flatMap((curve, n) =>
      LINES.map(({ name, dash, colour, of }) => ({
        type: 'scatter',
        mode: 'lines',
        name,
        showlegend: n === 0,
        legendgroup: name,
        x: curve.map(({ position }) => position),
        y: curve.map((point) => of(point) ?? null),
        ...plotlyAxes(n),
        line: { dash, width: 2, ...(colour && { color: colour }) },
        // Plotly's own rounding would write −0.00.
        customdata: curve.map((point) => numberText(of(point))),
        hovertemplate: `${name} %{customdata} at %{x:.1f} %<extra></extra>`,
      })),
    ),
    layout: {
      ...panelLayout(
        panels.map(({ group }) => ({
          x: { title: { text: `Cut ${moved + 1} (%)` }, range: [low, high], zeroline: false },
          y: { range: [lowest - 0.05, 1.05], zeroline: true, title: { text: 'κ, or share in the same category' } },
          heading: `<b>${classLabel(group.class)}</b>`,
        })),
      ),
      showlegend: true,
      legend: { orientation: 'h', y: -0.25 },
      shapes: panels.map((_, n) => ({
        type: 'line',
        xref: plotlyAxes(n).xaxis,
        yref: `${plotlyAxes(n).yaxis} domain`,
        x0: chosen,
        x1: chosen,
        y0: 0,
        y1: 1,
        line: { color: GREY, width: 1.2 },
      })),
    },
    notes: [
      `The grey line is the chosen cut, ${chosen} %. ${cutAnew(value)}`,
      ...emptyNotes(panels, ['κ'], value),
      RESEARCH_ONLY,
    ],
    provenance: value.provenance,
  };
}

/** Percentages are cut anew; scores stay. */
function sideOf({ isPercent }: AgreementValue, side: 'left' | 'right', { pairs }: Panel['group']): CurveSide {
  if (isPercent[side]) return { kind: 'percent', values: pairs.map((pair) => pair[side]) };
  const category = side === 'left' ? 'leftCategory' : 'rightCategory';
  return { kind: 'score', values: pairs.map((pair) => pair[category]) };
}

function cutAnew({ names, isPercent }: AgreementValue): string {
  if (isPercent.left && isPercent.right) return `${names.left} and ${names.right} are both cut anew.`;
  const [cut, scored] = isPercent.left ? [names.left, names.right] : [names.right, names.left];
  return `Only ${cut} is cut anew; the scores of ${scored} stay.`;
}

function shareOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}
