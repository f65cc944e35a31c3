/** `agree … over case`: whether a reader's time, and the difference to another reading, change in the order of reading. */
import { type ColumnTable, from, table as tableOf } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import { spearman } from '../../agreement/correlation/spearman.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { quantile } from '../../agreement/resampling/quantile.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { rowsAt } from '../../tables/evaluate.ts';
import { type Row, rowsOf } from '../../tables/rows.ts';
import { scaleOfCuts } from '../../tables/scale.ts';
import { regionClassKey, type ScoreRow } from '../../tables/scores.ts';
import type { Named } from '../../values/named.ts';
import type { AskedFigure } from '../../values/value.ts';
import { driftFigure } from '../../views/figures/driftFigure.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { cutPointsOf, provenanceOf, type Side } from './agreeSides.ts';
import { regionsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { categoryIn } from './pairing.ts';
import { classesCompared, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';

/** A value of each case of a session, in its place in the order of reading. */
interface InOrder {
  readonly measure: 'seconds' | 'difference';
  /** Undefined where the table has none. */
  readonly session: string | number | undefined;
  readonly region: string;
  readonly class: string;
  readonly points: readonly { readonly place: number; readonly value: number }[];
}

export function agreeOver(
  reader: Named<'table'>,
  other: Side | undefined,
  column: string,
  asked: AgreeArguments,
): VerbResult {
  const sessions = sessionsOf(reader, column);
  const times = sessions.flatMap((session) => timesIn(session) ?? []);
  const compared = other ? differences(reader, other, sessions, asked) : { series: [], unit: '' };
  const series = [...times, ...compared.series];
  if (series.length === 0)
    throw new UserError(
      'no-pairs',
      other
        ? `\`${reader.name}\` and \`${other.name}\` share no score, and \`${reader.name}\` has no column \`seconds\`.`
        : `\`${reader.name}\` has no column \`seconds\`. Write \`with\` and another reading to follow the difference to it.`,
    );
  const confidence = asked.level / 100;
  const table = from(series.map((one) => rowOf(one, confidence)));
  const parameters = { over: column, level: asked.level };
  const provenance = other
    ? provenanceOf(reader, other, parameters)
    : { ...reader.value.provenance, parameters: { ...reader.value.provenance.parameters, ...parameters } };
  const difference = other ? `${reader.name} − ${other.name}${compared.unit}` : '';
  return {
    value: {
      kind: 'table',
      table,
      cutPoints: undefined,
      figures: {
        drift: (left: ColumnTable, drawn: AskedFigure) =>
          driftFigure(keptIn(series, left).map(withHalves), drawn, { reader: reader.name, difference, provenance }),
      },
      provenance,
    },
    view: () =>
      tableView(table, {
        title: `${reader.name} in the order of reading`,
        notes: [
          `Seconds: median time of a case${other ? `; difference: mean of ${difference}` : ''}. ρ is Spearman’s between the order of reading and the value, and p tests whether there is a trend.`,
        ],
        researchOnly: true,
        provenance,
        columns: HEADINGS,
      }),
  };
}

const HEADINGS = {
  measure: { label: 'Measure', kind: 'text' },
  session: { label: 'Session', kind: 'text' },
  n: { label: 'n', kind: 'number', digits: 0, description: 'Cases' },
  whole: { label: 'Whole session', kind: 'number', digits: 2, description: 'Median of seconds, mean of differences' },
  first_half: { label: 'First half', kind: 'number', digits: 2 },
  second_half: { label: 'Second half', kind: 'number', digits: 2 },
  rho: { label: 'ρ with the order', kind: 'number', digits: 2, description: 'Spearman’s rank correlation' },
  rho_p: { label: 'p (trend)', kind: 'p-value', digits: 3 },
} as const;

interface SessionRows {
  readonly session: string | number | undefined;
  readonly rows: readonly Row[];
  /** The rows by their numbers in the reader's table. */
  readonly numbers: readonly number[];
  readonly placeOf: (row: Row) => number | undefined;
}

/** Throws a UserError where the column is not there, or says no order. */
function sessionsOf({ name, value: { table } }: Named<'table'>, column: string): SessionRows[] {
  const columns = table.columnNames();
  if (!columns.includes(column))
    throw new UserError('unknown-column', `\`${name}\` has no column \`${column}\`; it has ${columns.join(', ')}.`);
  const placeOf = (row: Row) => {
    const number = numberInCell(row[column]);
    return typeof number === 'number' ? number : undefined;
  };
  const rows = rowsOf(table).map((row, n) => ({ row, n }));
  const placed = rows.filter(({ row }) => placeOf(row) !== undefined);
  if (placed.length === 0)
    throw new UserError('not-a-number', `The column \`${column}\` of \`${name}\` has no number that says an order.`);
  const bySession = Map.groupBy(placed, ({ row }) => sessionIn(row));
  return [...bySession].map(([session, own]) => ({
    session,
    rows: own.map(({ row }) => row),
    numbers: own.map(({ n }) => n),
    placeOf,
  }));
}

function sessionIn({ session }: Row): string | number | undefined {
  return typeof session === 'number' || typeof session === 'string' ? session : undefined;
}

/** The seconds that each case took; undefined where the table has none. */
function timesIn({ session, rows, placeOf }: SessionRows): InOrder | undefined {
  const seconds = new Map<number, number>();
  for (const row of rows) {
    const number = numberInCell(row.seconds);
    const place = placeOf(row)!;
    if (typeof number === 'number' && !seconds.has(place)) seconds.set(place, number);
  }
  if (seconds.size === 0) return undefined;
  return { measure: 'seconds', session, region: '', class: '', points: inOrder(seconds) };
}

function inOrder(values: ReadonlyMap<number, number>): InOrder['points'] {
  return [...values].map(([place, value]) => ({ place, value })).sort((a, b) => a.place - b.place);
}

/** Reader minus the other, in percent where both are, else in categories: each case of a session, repeats too. */
function differences(
  reader: Named<'table'>,
  other: Side,
  sessions: readonly SessionRows[],
  asked: AgreeArguments,
): { readonly series: InOrder[]; readonly unit: string } {
  const cutPoints = cutPointsOf(reader, other);
  const byCase = sessions.map((session) => caseTable(reader, session));
  const sides: Side[] = [other, ...byCase.map(({ side }) => side)];
  const readings = readingsOf(sides, declaredScale(asked) ?? scaleOfCuts(cutPoints), asked);
  const isPercent = readings.every(({ scores }) => scores.rows.every(({ percent }) => percent !== undefined));
  const hasPercentages = readings.some(({ scores }) => scores.rows.some(({ percent }) => percent !== undefined));
  const scale = scaleAsked(asked, cutPoints, hasPercentages);
  const measured = (row: ScoreRow) => (isPercent ? row.percent! : categoryIn(row, cutPoints, scale));
  const { classes } = classesCompared(asked, readings);
  const places = regionsOf(asked, readings).flatMap((region: Region) =>
    classes.map((name) => ({ region, class: name })),
  );
  const series = byCase.flatMap(({ session, patientOf }, n) =>
    places.flatMap((place): InOrder[] => {
      const key = regionClassKey(place.region, place.class);
      const theirs = readings[0]!.scores.byPlace.get(key);
      const points = [...(readings[n + 1]!.scores.byPlace.get(key) ?? [])].flatMap(([label, row]) => {
        const beside = theirs?.get(patientOf.get(label) ?? '');
        return beside ? [[Number(label), measured(row) - measured(beside)] as const] : [];
      });
      return points.length ? [{ measure: 'difference', session, ...place, points: inOrder(new Map(points)) }] : [];
    }),
  );
  return { series, unit: isPercent ? ' in percentage points' : ' in categories' };
}

/** A session as if each case were a patient of its own, so that those shown twice count twice; of answers to one case the first. */
function caseTable({ name, value }: Named<'table'>, { session, rows, numbers, placeOf }: SessionRows) {
  const seen = new Set<string>();
  const kept = rows.flatMap((row, n) => {
    const key = JSON.stringify([placeOf(row), row.region, row.class]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [n];
  });
  const labels = kept.map((n) => String(placeOf(rows[n]!)));
  const table = rowsAt(
    value.table,
    kept.map((n) => numbers[n]!),
  ).assign(tableOf({ patient: labels }));
  return {
    session,
    side: { name, value: { ...value, table } },
    patientOf: new Map(kept.map((n, i) => [labels[i]!, String(rows[n]!.patient ?? '').trim()] as const)),
  };
}

function rowOf({ measure, session, region, class: name, points }: InOrder, confidence: number) {
  const values = points.map(({ value }) => value);
  const { coefficient, ciLow, ciHigh, p } = spearman(
    points.map(({ place }) => place),
    values,
    confidence,
  );
  const [first, second] = halvesOf(values);
  return {
    measure,
    ...(session === undefined ? {} : { session }),
    region,
    class: name,
    n: points.length,
    whole: centre(values, measure),
    first_half: centre(first, measure),
    second_half: centre(second, measure),
    rho: valueIn(coefficient),
    rho_ci_low: valueIn(ciLow),
    rho_ci_high: valueIn(ciHigh),
    rho_p: valueIn(p),
  };
}

function withHalves(one: InOrder) {
  const [first, second] = halvesOf(one.points.map(({ value }) => value));
  return { ...one, firstHalf: centre(first, one.measure), secondHalf: centre(second, one.measure) };
}

/** The one in the middle is in neither. */
function halvesOf<T>(values: readonly T[]): [T[], T[]] {
  const half = Math.floor(values.length / 2);
  return [values.slice(0, half), values.slice(values.length - half)];
}

/** A break makes a case long, and says nothing of the others: of times the median, of differences the mean. */
function centre(values: readonly number[], measure: InOrder['measure']): number | undefined {
  if (values.length === 0) return undefined;
  return measure === 'seconds'
    ? quantile(Float64Array.from(values).sort(), 0.5)
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function keptIn(series: readonly InOrder[], left: ColumnTable): InOrder[] {
  const rows = rowsOf(left);
  return series.filter((one) =>
    rows.some(
      (row) =>
        row.measure === one.measure &&
        row.session === one.session &&
        row.region === one.region &&
        row.class === one.class,
    ),
  );
}
