/** How many patients are in each pair of categories, with the percent of each row. */
import type { FigureView } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { type AgreementPairs, type ComparedRegion, categoryName, tableOf } from '../../agreement/agreementTable.ts';
import type { AgreementValue } from '../../values/value.ts';
import { emptyNotes, numberText, type Panel, panelLayout, plotlyAxes, RESEARCH_ONLY, withInterval } from './panels.ts';

export function confusion(value: AgreementValue, panels: readonly Panel[], region: ComparedRegion): FigureView {
  const { left, right } = value.names;
  const plain = { showgrid: false, zeroline: false };
  return {
    type: 'figure',
    title: `Categories of ${left} and ${right}, ${regionInText(region)}`,
    description: `Confusion matrices of ${left} (rows) and ${right} (columns), ${regionInText(region)}: ${panels.map(({ group, row }) => `${classInText(group.class)} κ ${numberText(row.kappa)}, ${row.percent_agreement?.toFixed(0) ?? 'no'} % in the same category, n ${row.n}`).join('; ')}.`,
    data: panels.map(({ group }, n) => matrix(group, n, value.names)),
    layout: {
      ...panelLayout(
        panels.map(({ group, row }) => {
          const tickvals = Array.from({ length: group.categories }, (_, n) => n);
          const ticktext = tickvals.map((category) => categoryName(group, category));
          const weights = row.weights === 'none' ? '' : ` (${row.weights})`;
          return {
            x: { ...plain, tickvals, ticktext, title: { text: `${right} category` } },
            y: { ...plain, tickvals, ticktext, title: { text: `${left} category` }, autorange: 'reversed' },
            heading: `<b>${classLabel(group.class)}</b><br>κ${weights} ${withInterval(row.kappa, row.kappa_ci_low, row.kappa_ci_high)}, n ${row.n}`,
          };
        }),
      ),
      dragmode: false,
    },
    notes: [...emptyNotes(panels, ['κ'], value), RESEARCH_ONLY],
    provenance: value.provenance,
  };
}

function matrix(group: AgreementPairs, n: number, { left, right }: AgreementValue['names']) {
  const counts = tableOf(group);
  const percent = counts.map((row) => {
    const all = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (all ? (count / all) * 100 : 0));
  });
  return {
    type: 'heatmap',
    z: percent,
    meta: { panel: n },
    zmin: 0,
    zmax: 100,
    showscale: false,
    ...plotlyAxes(n),
    text: counts.map((row, i) => row.map((count, j) => (count ? `${count}<br>${percent[i]![j]!.toFixed(0)} %` : '0'))),
    texttemplate: '%{text}',
    hovertemplate: `${left}: %{y}<br>${right}: %{x}<br>%{text} of the row<extra></extra>`,
    xgap: 2,
    ygap: 2,
  };
}
