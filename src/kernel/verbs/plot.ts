/** `plot`: the pictures of an agreement. */
import type { Region, TextureClass } from '../../protocol/names.ts';
import { TEXTURE_CLASS_LABELS } from '../../protocol/names.ts';
import type { FigureView } from '../../protocol/view.ts';
import type { AgreementPairs, AgreementRow } from '../agreement/agreementTable.ts';
import { contingencyTable } from '../agreement/contingency.ts';
import { createRandom } from '../base/random.ts';
import { UserError } from '../base/userError.ts';
import { named, wordOf, wordsOf } from './arguments.ts';
import { CLASSES_TYPE, oneOf, REGION_TYPE } from './clauseTypes.ts';
import type { AgreementValue } from './value.ts';
import type { Verb } from './verb.ts';

const KINDS = ['scatter', 'confusion'] as const;
type Kind = (typeof KINDS)[number];

interface Panel {
  readonly group: AgreementPairs;
  readonly row: AgreementRow;
}

export const plot: Verb = {
  name: 'plot',
  summary: 'Draws an agreement as a scatter plot or a confusion matrix.',
  documentation:
    '`scatter` shows one point per patient, the first reading across and the second one upwards, with scores spread a little so that points do not hide each other. `confusion` counts the patients in each pair of categories, with the percent of each row. Several classes are drawn side by side. Without `in`, the whole lungs are drawn.',
  examples: ['plot ag as scatter for ggo', 'plot ag as confusion for ggo in RLL'],
  subject: {
    type: { kind: 'name', of: ['agreement'] },
    noun: 'the name of an agreement',
    documentation: 'The result of `agree`.',
  },
  clauses: {
    as: { type: oneOf(...KINDS), required: true, documentation: 'The kind of picture.' },
    for: { type: CLASSES_TYPE, default: 'all classes of the agreement', documentation: 'The classes to draw.' },
    in: { type: REGION_TYPE, default: 'total', documentation: 'The region to draw.' },
  },
  gives: [],
  alwaysShown: true,
  async run(values) {
    const { name, value } = named(values.subject, 'agreement');
    const kind = wordOf(values.clauses.as!) as Kind;
    const region = (values.clauses.in ? wordOf(values.clauses.in) : 'total') as Region;
    const panels = panelsOf(name, value, region, wordsOf(values.clauses.for) as TextureClass[] | undefined);
    return { view: () => (kind === 'scatter' ? scatter(value, panels, region) : confusion(value, panels, region)) };
  },
};

function panelsOf(
  name: string,
  value: AgreementValue,
  region: Region,
  classes: readonly TextureClass[] | undefined,
): Panel[] {
  const rows = value.table.objects() as AgreementRow[];
  const inRegion = value.pairs.flatMap((group, n) => (group.region === region ? [{ group, row: rows[n]! }] : []));
  if (inRegion.length === 0)
    throw new UserError(
      'not-compared',
      `\`${name}\` does not compare ${region}. Write \`by region\` in its \`agree\`.`,
    );
  return classes
    ? classes.map((c) => inRegion.find(({ group }) => group.class === c) ?? missingClass(name, c))
    : inRegion;
}

function missingClass(name: string, textureClass: TextureClass): never {
  throw new UserError(
    'not-compared',
    `\`${name}\` does not compare ${textureClass}. Add it to the \`for\` of its \`agree\`.`,
  );
}

const number = (value: number | undefined) => (value === undefined ? 'undefined' : value.toFixed(2));
const regionLabel = (region: Region) => (region === 'total' ? 'whole lungs' : region);

/** Vertical or horizontal room that panels share, as Plotly's domains. */
function domains(count: number, columns: number): { x: [number, number]; y: [number, number] }[] {
  const rows = Math.ceil(count / columns);
  const [gapX, gapY] = [0.1, 0.22];
  const width = (1 - gapX * (columns - 1)) / columns;
  const height = (1 - gapY * (rows - 1)) / rows;
  return Array.from({ length: count }, (_, n) => {
    const column = n % columns;
    const top = 1 - Math.floor(n / columns) * (height + gapY);
    return { x: [column * (width + gapX), column * (width + gapX) + width], y: [Math.max(0, top - height), top] };
  });
}

function columnsFor(count: number): number {
  return count <= 3 ? count : count === 4 ? 2 : 3;
}

function figure(
  value: AgreementValue,
  panels: readonly Panel[],
  title: string,
  description: string,
  draw: (panel: Panel, n: number, axis: string) => Record<string, unknown>[],
  layoutOf: (panel: Panel) => { x: object; y: object; heading: string },
): FigureView {
  const columns = columnsFor(panels.length);
  const places = domains(panels.length, columns);
  const layout: Record<string, unknown> = {};
  const annotations: object[] = [];
  const data = panels.flatMap((panel, n) => {
    const axis = n === 0 ? '' : String(n + 1);
    const place = places[n]!;
    const { x, y, heading } = layoutOf(panel);
    layout[`xaxis${axis}`] = { ...x, domain: place.x, anchor: `y${axis}` };
    layout[`yaxis${axis}`] = { ...y, domain: place.y, anchor: `x${axis}` };
    annotations.push({
      text: heading,
      x: (place.x[0] + place.x[1]) / 2,
      y: place.y[1],
      xref: 'paper',
      yref: 'paper',
      xanchor: 'center',
      yanchor: 'bottom',
      showarrow: false,
      yshift: 8,
    });
    return draw(panel, n, axis);
  });
  const rows = Math.ceil(panels.length / columns);
  return {
    type: 'figure',
    title,
    description,
    data,
    layout: {
      ...layout,
      annotations,
      showlegend: false,
      height: 130 + rows * (rows === 1 ? 300 : 270),
      width: panels.length === 1 ? 480 : undefined,
    },
    notes: ['Research only: not for diagnosis.'],
    provenance: value.provenance,
  };
}

function scatter(value: AgreementValue, panels: readonly Panel[], region: Region): FigureView {
  const { left, right } = value.names;
  const description = `Scatter plots of ${left} against ${right}, ${regionLabel(region)}: ${panels.map(({ group, row }) => `${group.class} ρ ${number(row.rho)}, n ${row.n}`).join('; ')}.`;
  const integers = (side: 'left' | 'right', { pairs, categories }: AgreementPairs) =>
    pairs.every((p) => Number.isInteger(p[side]) && p[side] < categories);
  const axisOf = (side: 'left' | 'right', group: AgreementPairs, name: string) =>
    integers(side, group)
      ? {
          title: { text: `${name} (score)` },
          range: [-0.5, group.categories - 0.5],
          tickvals: Array.from({ length: group.categories }, (_, n) => n),
          zeroline: false,
        }
      : { title: { text: `${name} (%)` }, rangemode: 'tozero', zeroline: false };
  return figure(
    value,
    panels,
    `${left} against ${right}, ${regionLabel(region)}`,
    description,
    ({ group }, _, axis) => {
      const random = createRandom(`jitter ${group.region} ${group.class}`);
      const spread = (side: 'left' | 'right') =>
        group.pairs.map((p) => (integers(side, group) ? p[side] + random.between(-0.16, 0.16) : p[side]));
      return [
        {
          type: 'scatter',
          mode: 'markers',
          x: spread('left'),
          y: spread('right'),
          xaxis: `x${axis}`,
          yaxis: `y${axis}`,
          customdata: group.pairs.map((p) => [p.patient, p.left, p.right]),
          hovertemplate: `<b>%{customdata[0]}</b><br>${left}: %{customdata[1]:.1f}<br>${right}: %{customdata[2]:.1f}<extra></extra>`,
          marker: { size: 9, opacity: 0.8 },
          cliponaxis: false,
        },
      ];
    },
    ({ group, row }) => {
      const interval = row.rho_ci_low === undefined ? '' : ` [${number(row.rho_ci_low)}; ${number(row.rho_ci_high)}]`;
      return {
        x: axisOf('left', group, left),
        y: axisOf('right', group, right),
        heading: `<b>${TEXTURE_CLASS_LABELS[group.class]}</b><br>ρ ${number(row.rho)}${interval}, n ${row.n}`,
      };
    },
  );
}

function confusion(value: AgreementValue, panels: readonly Panel[], region: Region): FigureView {
  const { left, right } = value.names;
  const description = `Confusion matrices of ${left} (rows) and ${right} (columns), ${regionLabel(region)}: ${panels.map(({ group, row }) => `${group.class} κ ${number(row.kappa)}, ${row.percent_agreement?.toFixed(0) ?? 0} % in the same category, n ${row.n}`).join('; ')}.`;
  return figure(
    value,
    panels,
    `Categories of ${left} and ${right}, ${regionLabel(region)}`,
    description,
    ({ group }, _, axis) => {
      const counts = contingencyTable(
        group.pairs.map((p) => p.leftCategory),
        group.pairs.map((p) => p.rightCategory),
        group.categories,
      );
      const percent = counts.map((row) => {
        const total = Math.max(
          1,
          row.reduce((a, b) => a + b, 0),
        );
        return row.map((count) => (count / total) * 100);
      });
      return [
        {
          type: 'heatmap',
          z: percent,
          zmin: 0,
          zmax: 100,
          showscale: false,
          xaxis: `x${axis}`,
          yaxis: `y${axis}`,
          text: counts.map((row, i) =>
            row.map((count, j) => (count ? `${count}<br>${percent[i]![j]!.toFixed(0)} %` : '0')),
          ),
          texttemplate: '%{text}',
          hovertemplate: `${left}: %{y}<br>${right}: %{x}<br>%{text} of the row<extra></extra>`,
          xgap: 2,
          ygap: 2,
        },
      ];
    },
    ({ group, row }) => {
      const tickvals = Array.from({ length: group.categories }, (_, n) => n);
      const interval =
        row.kappa_ci_low === undefined ? '' : ` [${number(row.kappa_ci_low)}; ${number(row.kappa_ci_high)}]`;
      const weights = row.weights === 'none' ? '' : ` (${row.weights})`;
      return {
        x: { title: { text: `${right} category` }, tickvals, showgrid: false, zeroline: false },
        y: { title: { text: `${left} category` }, tickvals, showgrid: false, zeroline: false, autorange: 'reversed' },
        heading: `<b>${TEXTURE_CLASS_LABELS[group.class]}</b><br>κ${weights} ${number(row.kappa)}${interval}, n ${row.n}`,
      };
    },
  );
}
