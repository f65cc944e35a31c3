/** Change as figures: a bar for each patient in order, and a line for each patient through all visits. */
import type { ColumnTable } from 'arquero';
import { REGIONS } from '../../../protocol/names.ts';
import type { FigureView, LinkedPatients, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { naturally } from '../../base/naturally.ts';
import { UserError } from '../../base/userError.ts';
import { categoryOf, DEFAULT_CUT_POINTS } from '../../tables/categories.ts';
import type { Row } from '../../tables/rows.ts';
import type { AskedFigure } from '../../values/value.ts';
import { type ChangeGroup, changeGroups } from '../changeSummary.ts';
import { numberText, panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';

/** A value of one visit, as `change` reads it. */
interface Reading {
  readonly patient: string;
  readonly visit: string;
  readonly days: number | undefined;
  readonly place: { readonly region: string | undefined; readonly class: string | undefined; readonly measure: string };
  readonly value: number;
}

export interface ChangeDrawing {
  readonly name: string;
  /** "from visit 1 to 2", "per year". */
  readonly words: string;
  readonly visits: readonly [string, string] | undefined;
  /** Of the values; empty where it is not known. */
  readonly unit: string;
  readonly per: string | undefined;
  readonly readings: readonly Reading[];
  readonly provenance: Provenance;
  /** Names the CTs in the kernel; undefined where none were measured. */
  readonly handle: string | undefined;
}

/** Okabe & Ito's, told apart without red and green. */
const COLOURS = { up: '#D55E00', down: '#0072B2', within: 'rgba(128, 128, 128, 0.7)' } as const;
/** On light and on dark pages none of the others. */
const MEAN = '#CC79A7';
const GREY = 'rgba(128, 128, 128, 0.45)';

/** A bar per patient, from the largest rise to the largest fall. */
export function waterfall(table: ColumnTable, asked: AskedFigure, drawing: ChangeDrawing): FigureView {
  const panels = panelsOf(table, asked).map((group) => ({
    ...group,
    rows: group.rows.toSorted((a, b) => Number(b.difference) - Number(a.difference)),
  }));
  const { name, words, provenance } = drawing;
  const hasThreshold = panels.some(({ rows }) => rows.some((row) => typeof row.beyond === 'string'));
  return {
    type: 'figure',
    title: `Change of ${name} ${words}${placeText(panels)}`,
    description: `Waterfall plots, a bar per patient: ${panels.map((panel) => [headingText(panel), countsText(panel)].filter(Boolean).join(' ')).join('; ')}.`,
    data: panels.flatMap((panel, n) => [bars(panel, n, drawing), ...thresholds(panel, n)]),
    layout: {
      ...panelLayout(
        panels.map((panel) => ({
          x: { title: { text: 'Patients' }, showticklabels: false, ticks: '', showgrid: false, zeroline: false },
          y: { title: { text: changeTitle(drawing) }, zeroline: true },
          heading: `<b>${headingLabel(panel)}</b><br>${countsText(panel)}`,
        })),
      ),
      bargap: 0.15,
    },
    patients: linked(panels, drawing),
    notes: [
      hasThreshold
        ? 'Orange: up beyond the error of measurement; blue: down beyond it; grey: within it. Dotted lines: the smallest change that is beyond it, where it is the same for all.'
        : 'Without `beyond` in its `change`, nothing says which changes are beyond the error of measurement.',
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

function bars({ rows }: ChangeGroup, n: number, { visits }: ChangeDrawing) {
  const [before, after] = visits ? visits.map((visit) => `visit ${visit}`) : ['first', 'last'];
  return {
    type: 'bar',
    x: rows.map((_, place) => place + 1),
    y: rows.map(({ difference }) => difference),
    ...plotlyAxes(n),
    customdata: rows.map((row) => [row.patient, row.before, row.after, row.days ?? '']),
    hovertemplate: `<b>%{customdata[0]}</b><br>%{y:.2f}<br>${before}: %{customdata[1]:.2f}<br>${after}: %{customdata[2]:.2f}<extra></extra>`,
    meta: { panel: n },
    marker: { color: rows.map(({ beyond }) => colourOf(beyond)) },
  };
}

function colourOf(beyond: unknown): string {
  return beyond === 'up' || beyond === 'down' ? COLOURS[beyond] : COLOURS.within;
}

/** Where all patients have the same one. */
function thresholds({ rows }: ChangeGroup, n: number): Record<string, unknown>[] {
  const values = new Set(rows.map((row) => row.smallest_change));
  const [value] = values;
  if (values.size !== 1 || typeof value !== 'number') return [];
  return [value, -value].map((y) => ({
    type: 'scatter',
    mode: 'lines',
    x: [0.5, rows.length + 0.5],
    y: [y, y],
    ...plotlyAxes(n),
    line: { color: 'rgba(128, 128, 128, 0.9)', dash: 'dot', width: 1.2 },
    hoverinfo: 'skip',
  }));
}

/** A line per patient over days, or over visits where days are not known, with the mean of all at each visit. */
export function spaghetti(table: ColumnTable, asked: AskedFigure, drawing: ChangeDrawing): FigureView {
  const panels = panelsOf(table, asked);
  const { name, provenance, unit } = drawing;
  const inDays = drawing.readings.every(({ days }) => days !== undefined);
  const order = [...new Set(drawing.readings.map(({ visit }) => visit))].sort(naturally);
  const at = ({ days, visit }: Reading) => (inDays ? days! : order.indexOf(visit));
  const lines = panels.map((panel) => linesOf(panel, drawing));
  return {
    type: 'figure',
    title: `${name} over ${inDays ? 'days' : 'visits'}${placeText(panels)}`,
    description: `A line per patient: ${panels.map((panel, n) => `${[headingText(panel), 'mean', meansText(lines[n]!, order)].filter(Boolean).join(' ')}`).join('; ')}.`,
    data: lines.flatMap((own, n) => [
      ...own.map(([patient, readings]) => ({
        type: 'scatter',
        mode: 'lines',
        x: readings.map(at),
        y: readings.map(({ value }) => value),
        ...plotlyAxes(n),
        line: { color: GREY, width: 1 },
        hoverinfo: 'skip',
        name: patient,
      })),
      {
        type: 'scatter',
        mode: 'markers',
        x: own.map(([, readings]) => at(readings.at(-1)!)),
        y: own.map(([, readings]) => readings.at(-1)!.value),
        ...plotlyAxes(n),
        customdata: own.map(([patient, readings]) => [
          patient,
          readings.map(({ value }) => value.toFixed(2)).join(' → '),
        ]),
        hovertemplate: '<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>',
        meta: { panel: n },
        marker: { size: own.length > 60 ? 5 : 7, color: panels[n]!.rows.map(({ beyond }) => colourOf(beyond)) },
      },
      meanLine(own, order, n, at),
    ]),
    layout: {
      ...panelLayout(
        panels.map((panel) => ({
          x: {
            title: { text: inDays ? 'Days since the first visit' : 'Visit' },
            ...(inDays ? {} : { tickvals: order.map((_, place) => place), ticktext: order }),
            zeroline: false,
          },
          y: {
            title: { text: [panel.measure || (unit === '%' ? 'Percent of the region' : name)].join('') },
            zeroline: false,
          },
          heading: `<b>${headingLabel(panel)}</b><br>n ${panel.rows.length}`,
        })),
      ),
    },
    patients: linked(panels, drawing),
    notes: [
      `The thick purple line is the mean of the patients at each visit${inDays ? ', at their mean day' : ''}. A point is a patient’s last visit, in the colours of the waterfall: orange and blue are beyond the error of measurement.`,
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

type Line = readonly [patient: string, readings: readonly Reading[]];

/** In the order of the rows; each patient’s readings in the order of visits. */
function linesOf({ rows, region, class: own, measure }: ChangeGroup, { readings, visits }: ChangeDrawing): Line[] {
  const inPlace = readings.filter(
    ({ place }) =>
      (place.region ?? 'total') === region &&
      (place.class ?? '') === own &&
      (measure === '' || place.measure === measure),
  );
  const byPatient = Map.groupBy(inPlace, ({ patient }) => patient);
  return rows.map(({ patient }) => {
    const all = byPatient.get(String(patient)) ?? [];
    const shown = visits ? all.filter(({ visit }) => visits.includes(visit)) : all;
    return [String(patient), shown.toSorted((a, b) => naturally(a.visit, b.visit))];
  });
}

function meanLine(lines: readonly Line[], order: readonly string[], n: number, at: (reading: Reading) => number) {
  const points = meansAt(lines, order, at);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    ...plotlyAxes(n),
    line: { width: 3, color: MEAN },
    marker: { size: 8, color: MEAN },
    hovertemplate: 'mean %{y:.2f}<extra></extra>',
  };
}

function meansAt(lines: readonly Line[], order: readonly string[], at: (reading: Reading) => number) {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return order.flatMap((visit) => {
    const own = lines.flatMap(([, readings]) => readings.filter((reading) => reading.visit === visit));
    return own.length ? [{ x: mean(own.map(at)), y: mean(own.map(({ value }) => value)) }] : [];
  });
}

function meansText(lines: readonly Line[], order: readonly string[]): string {
  return meansAt(lines, order, () => 0)
    .map(({ y }) => numberText(y))
    .join(', ');
}

/** A panel for each class and measure, in one region. */
function panelsOf(table: ColumnTable, { classes, region }: AskedFigure): ChangeGroup[] {
  const groups = changeGroups(table);
  const shown = region ?? (groups.find((group) => group.region === 'total') ?? groups[0])?.region;
  const panels = groups.filter(
    (group) =>
      group.region === shown &&
      (classes ? classes.includes(group.class) : group.class !== 'normal' || groups.length === 1),
  );
  if (panels.length > 0) return panels;
  throw new UserError(
    'not-compared',
    `There is no change of ${[classes?.join(', '), shown].filter(Boolean).join(' in ')} to draw.`,
  );
}

function linked(panels: readonly ChangeGroup[], { visits, handle, unit }: ChangeDrawing): LinkedPatients {
  const [left, right] = visits ? visits.map((visit) => `Visit ${visit}`) : ['First', 'Last'];
  // Of lung function and the like there are no categories.
  const category = (value: number) => categoryOf(value, DEFAULT_CUT_POINTS);
  return {
    ...(handle === undefined ? {} : { handle }),
    names: { left: left!, right: right! },
    panels: panels.map((panel) => ({
      class: panel.class || panel.measure,
      region: REGIONS.find((region) => region === panel.region) ?? 'total',
      rows: panel.rows.map((row: Row) => {
        const [before, after] = [Number(row.before), Number(row.after)];
        return {
          patient: String(row.patient),
          left: before,
          right: after,
          ...(unit === '%' && { leftCategory: category(before), rightCategory: category(after) }),
        };
      }),
    })),
  };
}

function headingLabel({ class: own, measure }: ChangeGroup): string {
  return [own && classLabel(own), measure].filter(Boolean).join(', ');
}

function headingText({ class: own, measure }: ChangeGroup): string {
  return [own && classInText(own), measure].filter(Boolean).join(', ');
}

function placeText([first]: readonly ChangeGroup[]): string {
  const region = REGIONS.find((own) => own === first?.region);
  return first?.class === '' || region === undefined ? '' : `, ${regionInText(region)}`;
}

function countsText({ rows }: ChangeGroup): string {
  const count = (value: string) => rows.filter(({ beyond }) => beyond === value).length;
  const known = rows.some(({ beyond }) => typeof beyond === 'string');
  return known ? `n ${rows.length}, ${count('up')} up, ${count('down')} down` : `n ${rows.length}`;
}

function changeTitle({ unit, per }: ChangeDrawing): string {
  return `Change${unit === '%' ? ' (percentage points)' : ''}${per ? ` per ${per}` : ''}`;
}
