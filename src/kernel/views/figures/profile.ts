/** Percent of each class against the distance to the pleura or against height: a line for each patient, the mean of all, and their quartiles. */
import type { ColumnTable } from 'arquero';
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import { quantile } from '../../agreement/resampling/quantile.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import { DEPTH_BANDS, DEPTH_MM, HEIGHT_BANDS } from '../../lungs/places/measurePlaces.ts';
import { rowsOf } from '../../tables/rows.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';
import { colourOf, faint } from './relations/colours.ts';

export interface ProfileDrawing {
  readonly name: string;
  readonly by: 'distance' | 'height';
  readonly region: string;
  readonly provenance: Provenance;
}

/** A band of one CT. */
interface Point {
  readonly scan: string;
  readonly patient: string;
  readonly class: string;
  readonly from: number;
  readonly percent: number | undefined;
}

/** `table` as `profile` made it, or what is left of it. Throws a UserError where none of the classes is. */
export function profileFigure(
  table: ColumnTable,
  classes: readonly string[] | undefined,
  { name, by, region, provenance }: ProfileDrawing,
): FigureView {
  const points = pointsOf(table, by);
  const known = [...new Set(points.map((point) => point.class))];
  // Normal lung is what the others leave: it is drawn where it is named.
  const shown = (classes ?? known.filter((own) => own !== 'normal')).filter((own) => known.includes(own));
  if (shown.length === 0)
    throw new UserError('not-compared', `There is no profile of these classes to draw: ${known.join(', ')} are there.`);
  const panels = shown.map((own) => curvesOf(points.filter((point) => point.class === own)));
  const patients = new Set(points.map(({ patient }) => patient)).size;
  const against = by === 'distance' ? 'distance to the pleura' : 'height';
  return {
    type: 'figure',
    title: `Extent by ${against}: ${name}, ${regionInText(region)}, ${counted(patients, 'patient')}`,
    description: `Lines of the percent of ${shown.map(classInText).join(', ')} against the ${against}: ${panels.map(({ mean }, n) => `${classInText(shown[n]!)} ${meanInWords(mean, by)}`).join('; ')}.`,
    data: panels.flatMap((panel, n) => tracesOf(panel, n, by)),
    layout: panelLayout(
      shown.map((own) => ({
        x: {
          title: { text: by === 'distance' ? 'Distance to the pleura (mm)' : 'Height in the lung (%)' },
          ...(by === 'height' ? { range: [0, 100], dtick: 20 } : { rangemode: 'tozero' }),
          zeroline: false,
        },
        y: { title: { text: 'Percent of the lung there' }, rangemode: 'tozero', zeroline: false },
        heading: `<b>${classLabel(own)}</b>`,
      })),
    ),
    notes: [
      `Thin lines are CTs, the thick one is their mean, the band their quartiles; each CT counts alike.${by === 'height' ? ' The base is on the left.' : ''}`,
      ...(by === 'distance' ? depthNotes(panels) : []),
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

/** Of what is true of the deepest points alone. */
function depthNotes(panels: readonly Panel[]): string[] {
  const deepest = Math.max(...panels.flatMap(({ scans }) => scans.flatMap(({ from }) => from)));
  const isCut = panels.some(({ scans, mean }) =>
    scans.some(({ from }) => (from.at(-1) ?? 0) > (mean.from.at(-1) ?? 0)),
  );
  return [
    ...(isCut ? ['Where fewer than half of the CTs have lung so deep, there is no mean.'] : []),
    ...(deepest >= LAST_BAND_MM ? [`The last point is all that is deeper than ${LAST_BAND_MM} mm.`] : []),
  ];
}

/** Where the band of all that is deeper begins. */
const LAST_BAND_MM = DEPTH_MM * (DEPTH_BANDS - 1);

function pointsOf(table: ColumnTable, by: ProfileDrawing['by']): Point[] {
  const column = by === 'distance' ? 'from_mm' : 'from_percent';
  return rowsOf(table).map((row) => ({
    scan: JSON.stringify([row.patient, row.series]),
    patient: String(row.patient),
    class: String(row.class),
    from: Number(row[column]),
    percent: typeof row.percent === 'number' ? row.percent : undefined,
  }));
}

interface Curve {
  readonly from: readonly number[];
  readonly percent: readonly (number | null)[];
}

interface Panel {
  readonly scans: readonly (Curve & { readonly patient: string })[];
  readonly mean: Curve;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function curvesOf(points: readonly Point[]): Panel {
  const bands = [...new Set(points.map(({ from }) => from))].sort((a, b) => a - b);
  const scans = [...Map.groupBy(points, ({ scan }) => scan).values()].map((own) => {
    const at = new Map(own.map(({ from, percent }) => [from, percent]));
    const last = bands.findLastIndex((band) => at.get(band) !== undefined);
    const from = bands.slice(0, last + 1);
    return { patient: own[0]!.patient, from, percent: from.map((band) => at.get(band) ?? null) };
  });
  const values = bands.map((_, n) => scans.flatMap(({ percent }) => percent[n] ?? []).sort((a, b) => a - b));
  // A mean of the few CTs whose lungs are so deep would be one of other lungs.
  const filled = bands.flatMap((band, n) => (2 * values[n]!.length >= scans.length ? [{ band, of: values[n]! }] : []));
  return {
    scans,
    mean: {
      from: filled.map(({ band }) => band),
      percent: filled.map(({ of }) => of.reduce((a, b) => a + b, 0) / of.length),
    },
    low: filled.map(({ of }) => quantile(of, 0.25)),
    high: filled.map(({ of }) => quantile(of, 0.75)),
  };
}

function tracesOf({ scans, mean, low, high }: Panel, n: number, by: ProfileDrawing['by']): Record<string, unknown>[] {
  const half = by === 'distance' ? DEPTH_MM / 2 : 100 / HEIGHT_BANDS / 2;
  const middles = (from: readonly number[]) => from.map((value) => value + half);
  const line = { type: 'scatter', mode: 'lines', ...plotlyAxes(n), showlegend: false };
  const colour = colourOf(0);
  const band =
    scans.length < 2
      ? []
      : [
          {
            ...line,
            x: [...middles(mean.from), ...middles(mean.from).toReversed()],
            y: [...low, ...high.toReversed()],
            fill: 'toself',
            fillcolor: faint(colour),
            line: { width: 0 },
            hoverinfo: 'skip',
          },
        ];
  return [
    ...band,
    ...scans.map(({ patient, from, percent }) => ({
      ...line,
      x: middles(from),
      y: percent,
      customdata: from.map(() => patient),
      hovertemplate: '<b>%{customdata}</b><br>%{x:.4g}: %{y:.1f} %<extra></extra>',
      line: { width: 1, color: colour },
      opacity: scans.length > 1 ? 0.35 : 1,
    })),
    {
      ...line,
      x: middles(mean.from),
      y: mean.percent,
      hovertemplate: `Mean of ${counted(scans.length, 'CT')}<br>%{x:.4g}: %{y:.1f} %<extra></extra>`,
      line: { width: 3, color: colour },
    },
  ];
}

function meanInWords({ from, percent }: Curve, by: ProfileDrawing['by']): string {
  const at = (n: number) => `${formatNumber(percent[n] ?? 0, 1)} % at ${from[n]}`;
  if (from.length === 0) return 'nowhere';
  return `${at(0)} and ${at(from.length - 1)} ${by === 'distance' ? 'mm' : '% of the height'}`;
}
