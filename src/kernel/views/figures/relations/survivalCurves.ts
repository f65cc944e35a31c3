/** Kaplan–Meier curves of patients divided by what was measured: into thirds, or at cuts of the user's. */
import type { FigureView } from '../../../../protocol/view.ts';
import { formatNumber, formatP } from '../../../../protocol/words/formatCell.ts';
import { kaplanMeier, type LogRank, logRank, medianSurvival } from '../../../agreement/association/kaplanMeier.ts';
import type { Survival } from '../../../agreement/association/partialLikelihood.ts';
import { thirds } from '../../../agreement/association/relation.ts';
import { valueIn } from '../../../agreement/estimate.ts';
import { counted } from '../../../base/counted.ts';
import { UserError } from '../../../base/userError.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY } from '../panels.ts';
import { colourOf, dashOf, faint } from './colours.ts';
import { panelName, type RelatedPanel, type RelationDrawing } from './relatedPanel.ts';

interface CurveGroup {
  readonly label: string;
  readonly survival: readonly Survival[];
}

export function survivalCurves(
  panels: readonly RelatedPanel[],
  cuts: readonly number[] | undefined,
  drawing: RelationDrawing,
): FigureView {
  const { name, column, confidence, time = 'time', provenance } = drawing;
  if (cuts?.some((cut, n) => n > 0 && cut <= cuts[n - 1]!))
    throw new UserError('cut-points', `The cuts ${cuts.join(', ')} do not rise.`);
  const drawn = panels.map((panel) => {
    const groups = groupsOf(panel, cuts);
    return { panel, groups, test: logRank(groups.map(({ survival }) => survival)) };
  });
  const event = panels[0]!.outcomeName;
  return {
    type: 'figure',
    title: `${event} over ${time} by ${column} of ${name}${cuts ? ` at ${cuts.join(', ')}` : ''}`,
    description: `Kaplan–Meier curves: ${drawn.map(({ panel, groups, test }) => `${panelName(panel, panels)} ${groups.map(groupText).join(', ')}, ${testText(test)}`).join('; ')}.`,
    sizes: panels.map(({ patients }) => patients.length),
    data: drawn.flatMap(({ groups }, n) => groups.flatMap((group, g) => curve(group, { g, n, confidence }))),
    layout: {
      ...panelLayout(
        drawn.map(({ panel, test }) => ({
          x: { title: { text: time }, rangemode: 'tozero', zeroline: false },
          y: { title: { text: `Share without the event (${event})` }, range: [0, 1.02], zeroline: false },
          heading: `${panelName(panel, panels) ? `<b>${panelName(panel, panels)}</b><br>` : ''}${testText(test)}`,
        })),
      ),
      showlegend: true,
      legend: { orientation: 'h', y: -0.25 },
      ...(panels.length === 1 ? { width: 620 } : {}),
    },
    notes: [
      ...drawn.map(
        ({ panel, groups }) =>
          `${panelName(panel, panels) ? `${panelName(panel, panels)}: ` : ''}${groups.map((group) => `${groupText(group)}, median ${medianText(group)}`).join('; ')}. At risk at ${atRisk(groups)}.`,
      ),
      `Bands are ${Number((100 * confidence).toPrecision(6))} % confidence intervals (of log(−log S)); marks are patients whose follow-up ended without the event. ${cuts ? 'A value at a cut belongs to the higher group.' : 'Thirds of the patients by their values.'}`,
      RESEARCH_ONLY,
    ],
    provenance: {
      ...provenance,
      parameters: { ...provenance.parameters, survivalGroups: cuts ? `at ${cuts.join(', ')}` : 'thirds' },
    },
  };
}

function groupsOf({ x, outcome }: RelatedPanel, cuts: readonly number[] | undefined): CurveGroup[] {
  if (outcome.kind !== 'survival') return [];
  const bounds = cuts ?? thirds(x);
  const shown = bounds.map((bound) => String(Number(bound.toPrecision(3))));
  const placeOf = (value: number) => bounds.filter((bound) => (cuts ? value >= bound : value > bound)).length;
  const labelOf = (place: number) => {
    const [below, above] = cuts ? ['<', '≥'] : ['≤', '>'];
    if (place === 0) return `${below} ${shown[0]}`;
    if (place === bounds.length) return `${above} ${shown.at(-1)}`;
    return cuts ? `${shown[place - 1]} to < ${shown[place]}` : `> ${shown[place - 1]} to ${shown[place]}`;
  };
  return Array.from({ length: bounds.length + 1 }, (_, place) => ({
    label: labelOf(place),
    survival: outcome.values.filter((__, n) => placeOf(x[n]!) === place),
  })).filter(({ survival }) => survival.length > 0);
}

function curve({ label, survival }: CurveGroup, { g, n, confidence }: { g: number; n: number; confidence: number }) {
  const steps = kaplanMeier(survival, confidence);
  const colour = colourOf(g);
  const own = { type: 'scatter', ...plotlyAxes(n), legendgroup: label, showlegend: false };
  const banded = steps.filter(({ low }) => low !== undefined);
  // Bands are drawn as steps: each bound holds until the next time.
  const stepped = (bound: 'low' | 'high') =>
    banded.flatMap((step, at) => [
      [step.time, step[bound]!] as const,
      [banded[at + 1]?.time ?? step.time, step[bound]!] as const,
    ]);
  const outline = [...stepped('high'), ...stepped('low').toReversed()];
  const left = new Set(survival.flatMap(({ time, event }) => (event ? [] : [time])));
  const censored = steps.filter(({ time }) => left.has(time));
  return [
    {
      ...own,
      mode: 'lines',
      x: outline.map(([time]) => time),
      y: outline.map(([, share]) => share),
      fill: 'toself',
      fillcolor: faint(colour),
      line: { width: 0 },
      hoverinfo: 'skip',
    },
    {
      ...own,
      mode: 'lines',
      name: `${label} (n ${survival.length})`,
      showlegend: true,
      x: [0, ...steps.map(({ time }) => time)],
      y: [1, ...steps.map(({ survival: share }) => share)],
      line: { shape: 'hv', color: colour, dash: dashOf(g), width: 2 },
      customdata: [survival.length, ...steps.map(({ atRisk }) => atRisk)],
      hovertemplate: `${label}<br>%{x:.4g}: %{y:.2f}, %{customdata} at risk<extra></extra>`,
    },
    {
      ...own,
      mode: 'markers',
      x: censored.map(({ time }) => time),
      y: censored.map(({ survival: share }) => share),
      marker: { symbol: 'line-ns-open', size: 8, color: colour, line: { width: 1.4, color: colour } },
      hoverinfo: 'skip',
    },
  ];
}

function groupText({ label, survival }: CurveGroup): string {
  const events = survival.filter(({ event }) => event).length;
  return `${label}: ${counted(events, 'event')} in ${survival.length}`;
}

function medianText({ survival }: CurveGroup): string {
  const median = valueIn(medianSurvival(kaplanMeier(survival)));
  return median === undefined ? 'not reached' : String(Number(median.toPrecision(4)));
}

function testText({ chiSquare, p, degreesOfFreedom }: LogRank): string {
  const [value, probability] = [valueIn(chiSquare), valueIn(p)];
  if (value === undefined || probability === undefined) return 'no log-rank test';
  return `log-rank χ² ${formatNumber(value, 2)} (df ${degreesOfFreedom}), p ${formatP(probability)}`;
}

/** At four times from the start on. */
function atRisk(groups: readonly CurveGroup[]): string {
  const longest = Math.max(...groups.flatMap(({ survival }) => survival.map(({ time }) => time)));
  const times = [0, 0.25, 0.5, 0.75].map((share) => Number((longest * share).toPrecision(2)));
  const numbers = groups.map(
    ({ label, survival }) =>
      `${label} (${times.map((at) => survival.filter(({ time }) => time >= at).length).join(', ')})`,
  );
  return `${times.join(', ')}: ${numbers.join('; ')}`;
}
