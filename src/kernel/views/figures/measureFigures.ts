/** Pictures of two sides that are measured in the same unit: differences against means, and one side against the other with lines of regression. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel } from '../../../protocol/words/displayNames.ts';
import { blandAltmanRatio } from '../../agreement/continuous/blandAltman.ts';
import { deming } from '../../agreement/continuous/deming.ts';
import { type MeasureGroup, meansOfPatients, repeatedLimits } from '../../agreement/continuous/measurePairs.ts';
import { errorRatioOf, limitsOfGroup, measureRow } from '../../agreement/continuous/measureStatistics.ts';
import type { MethodComparison } from '../../agreement/continuous/methodComparison.ts';
import { passingBablok } from '../../agreement/continuous/passingBablok.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { info } from '../../base/remarks.ts';
import { type RowRemark, sentencesOf } from '../../values/remarks.ts';
import type { DifferenceScale } from '../../values/value.ts';
import { SCALE_NOTES } from './blandAltman.ts';
import { type DifferencePanel, differenceFigure } from './differenceFigure.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY, withInterval } from './panels.ts';

export interface MeasureDrawing {
  readonly names: { readonly left: string; readonly right: string };
  readonly column: string;
  /** Where, in words; empty where the tables have no regions. */
  readonly place: string;
  readonly confidence: number;
  readonly provenance: Provenance;
}

export function measureDifferences(
  groups: readonly MeasureGroup[],
  drawing: MeasureDrawing,
  scale: DifferenceScale,
): FigureView {
  const { column, confidence, provenance } = drawing;
  const repetition = groups[0]!.repetition;
  const isNested = repetition !== 'none' && scale === 'difference';
  const level = `${Number((100 * confidence).toPrecision(6))} %`;
  return differenceFigure({
    ...drawing,
    unit: [column, column],
    scale,
    panels: groups.map((group) => panelOf(group, scale, confidence)),
    notes: isNested
      ? [
          `Grey lines: bias and 95 % limits of agreement for single measurements, where ${repetition === 'linked' ? 'pairs of measurements are repeated in a patient' : 'each side measured patients repeatedly'} (Bland and Altman 1999, section 5); bands: their ${level} confidence intervals (Zou 2013).`,
          repetition === 'linked'
            ? 'A point is a pair of measurements.'
            : 'A point is a patient, at the means of its measurements.',
        ]
      : SCALE_NOTES[scale].map((note) => note.replace('exact 95 % confidence', `exact ${level} confidence`)),
    provenance: {
      ...provenance,
      parameters: { ...provenance.parameters, measureLimits: isNested ? `${repetition} repetition` : scale },
    },
  });
}

function panelOf(group: MeasureGroup, scale: DifferenceScale, confidence: number): DifferencePanel {
  const [left, right] = meansOfPatients(group);
  const about = { class: group.class, n: group.patients.length };
  const points =
    group.repetition === 'linked' && scale === 'difference'
      ? group.patients.flatMap((own) =>
          own.left.map((value, i) => ({ patient: own.patient, left: value, right: own.right[i]! })),
        )
      : group.patients.map(({ patient }, i) => ({ patient, left: left[i]!, right: right[i]! }));
  if (scale !== 'ratio') return { ...about, points, limits: limitsOfGroup(group, confidence) };
  const { bias, lower, upper } = blandAltmanRatio(left, right, confidence);
  return {
    ...about,
    points,
    limits: { bias, lower: { value: lower.limit, ...lower.exact }, upper: { value: upper.limit, ...upper.exact } },
  };
}

/** Told apart by colour (Okabe & Ito's) and dash. */
const LINES = [
  { name: 'Deming', colour: '#D55E00', dash: 'solid' },
  { name: 'Passing–Bablok', colour: '#009E73', dash: 'dash' },
] as const;

export function measureScatter(
  groups: readonly MeasureGroup[],
  { names, column, place, confidence, provenance }: MeasureDrawing,
): FigureView {
  const { left, right } = names;
  const panels = groups.map((group) => {
    const [x, y] = meansOfPatients(group);
    const lines = [
      deming(x, y, errorRatioOf(repeatedLimits(group, confidence)), confidence),
      passingBablok(x, y, confidence),
    ];
    return { group, x, y, lines, ...measureRow(group, confidence) };
  });
  const where = place && `, ${place}`;
  const summary = ({ row }: (typeof panels)[number]) =>
    `r ${withInterval(row.pearson, row.pearson_ci_low, row.pearson_ci_high)}, CCC ${withInterval(row.ccc, row.ccc_ci_low, row.ccc_ci_high)}, n ${row.n}`;
  return {
    type: 'figure',
    title: `${column} of ${left} against ${right}${where}`,
    description: `Scatter plots of ${column} of ${left} against ${right}${where}: ${panels.map((panel) => `${panel.group.class ? `${classInText(panel.group.class)} ` : ''}${summary(panel)}, ${panel.lines.map((line, n) => `${LINES[n]!.name} ${lineText(line)}`).join(', ')}`).join('; ')}.`,
    data: panels.flatMap(({ group, x, y, lines }, n) => {
      const ends = [Math.min(...x), Math.max(...x)];
      return [
        {
          type: 'scatter',
          mode: 'markers',
          showlegend: false,
          x,
          y,
          ...plotlyAxes(n),
          customdata: group.patients.map(({ patient }) => patient),
          hovertemplate: `<b>%{customdata}</b><br>${left}: %{x:.4g}<br>${right}: %{y:.4g}<extra></extra>`,
          marker: { size: x.length > 60 ? 6 : 9, opacity: 0.75 },
        },
        lineTrace('identity', { x: ends, y: ends }, n, { color: 'rgba(128, 128, 128, 0.9)', dash: 'dot', width: 1.2 }),
        ...lines.map((line, which) => {
          const { name, colour, dash } = LINES[which]!;
          const y = ends.map((end) => at(line, end));
          return lineTrace(name, { x: ends, y }, n, { color: colour, dash, width: 2 });
        }),
      ];
    }),
    layout: {
      ...panelLayout(
        panels.map((panel) => ({
          x: { title: { text: `${left} (${column})` }, zeroline: false },
          y: { title: { text: `${right} (${column})` }, zeroline: false },
          heading: `${panel.group.class ? `<b>${classLabel(panel.group.class)}</b><br>` : ''}${summary(panel)}`,
        })),
      ),
      showlegend: true,
      legend: { orientation: 'h', y: -0.25 },
    },
    notes: [
      ...panels.map(
        ({ group, lines }) =>
          `${group.class ? `${classLabel(group.class)}: ` : ''}${lines.map((line, n) => `${LINES[n]!.name} ${lineText(line)}`).join('; ')}.`,
      ),
      ...sentencesOf(panels.flatMap(emptyIn)),
      'Lines give the right side from the left one. Deming takes errors on both sides; Passing and Bablok’s line does not follow outliers.',
      RESEARCH_ONLY,
    ],
    provenance: { ...provenance, parameters: { ...provenance.parameters, regressions: 'Deming, Passing–Bablok' } },
  };
}

/** Why a panel has no r or no concordance. */
function emptyIn({
  group,
  row,
  reasons,
}: { readonly group: MeasureGroup } & ReturnType<typeof measureRow>): RowRemark[] {
  if (row.pearson !== undefined && row.ccc !== undefined) return [];
  const place = group.class ? classLabel(group.class) : '';
  return reasons.map((reason) => ({ ...info('empty-cell', `no value where ${reason}`), place }));
}

function lineTrace(
  name: string,
  points: { x: readonly number[]; y: readonly (number | null)[] },
  n: number,
  line: object,
) {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    legendgroup: name,
    showlegend: n === 0,
    ...points,
    ...plotlyAxes(n),
    line,
    hoverinfo: 'skip',
  };
}

function at({ intercept, slope }: MethodComparison, x: number): number | null {
  const [a, b] = [valueIn(intercept.value), valueIn(slope.value)];
  return a === undefined || b === undefined ? null : a + b * x;
}

function lineText({ intercept, slope }: MethodComparison): string {
  if ('undefinedBecause' in slope.value) return `none (${slope.value.undefinedBecause})`;
  const text = ({ value, ciLow, ciHigh }: MethodComparison['slope']) =>
    withInterval(valueIn(value), valueIn(ciLow), valueIn(ciHigh));
  return `slope ${text(slope)}, intercept ${text(intercept)}`;
}
