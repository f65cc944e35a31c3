/** What changed of each patient, region and class: between two visits, or by the slope through all of them. */
import { rateOfChange } from '../../agreement/continuous/rateOfChange.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { Threshold } from './threshold.ts';
import type { ChangePlace, VisitReading, VisitReadings } from './visitReadings.ts';

export type Beyond = 'up' | 'down' | 'within';
export type Presence = 'new' | 'gone' | 'present' | 'absent';

export interface ChangeRow {
  readonly patient: string;
  readonly place: ChangePlace;
  readonly before: number;
  readonly after: number;
  /** Between both, or from the first to the last visit. */
  readonly days: number | undefined;
  /** In the unit of the value; by slope, per unit of time. */
  readonly change: number;
  /** Of `before`; undefined where that is 0. */
  readonly changePercent: number | undefined;
  /** By slope alone. */
  readonly visits?: number;
  readonly changeSe?: number | undefined;
  readonly threshold: number | undefined;
  readonly beyond: Beyond | undefined;
  readonly presence: Presence | undefined;
}

/** What is asked of the readings. */
export interface ChangeAsked {
  readonly threshold: Threshold | undefined;
  /** Of percent: from where a class counts as present. */
  readonly cut: number;
}

export interface Changed {
  readonly rows: readonly ChangeRow[];
  /** Patients of whom no row is, with the reason. */
  readonly without: ReadonlyMap<string, string>;
}

/** Patients who lack a visit, or a value at one, are in `without` where nothing else of them is left. */
export function changeBetween(
  { readings, isPercent }: VisitReadings,
  [from, to]: readonly [string, string],
  asked: ChangeAsked,
): Changed {
  return changed(readings, (own) => {
    const [before, after] = [from, to].map((visit) => own.find((reading) => reading.visit === visit));
    if (!before) return `no visit ${from}`;
    if (!after) return `no visit ${to}`;
    const days = before.days === undefined || after.days === undefined ? undefined : after.days - before.days;
    return rowOf({ before, after, days, change: after.value - before.value }, { ...asked, isPercent });
  });
}

/** `daysPerUnit` are the days of a year, or of a month. */
export function changeBySlope(
  { readings, isPercent }: VisitReadings,
  daysPerUnit: number,
  asked: ChangeAsked,
): Changed {
  return changed(readings, (own) => {
    const dated = own.filter(({ days }) => days !== undefined).sort((a, b) => a.days! - b.days!);
    if (own.length < 2) return 'one visit';
    if (dated.length < 2) return 'no days between visits';
    const rate = rateOfChange(
      dated.map(({ days }) => days! / daysPerUnit),
      dated.map(({ value }) => value),
    );
    if (!rate) return 'all visits of one day';
    const [before, after] = [dated[0]!, dated.at(-1)!];
    const row = rowOf({ before, after, days: after.days! - before.days!, change: rate.slope }, { ...asked, isPercent });
    return { ...row, visits: dated.length, changeSe: valueIn(rate.se) };
  });
}

function changed(
  readings: readonly VisitReading[],
  rowIn: (own: readonly VisitReading[]) => ChangeRow | string,
): Changed {
  const rows: ChangeRow[] = [];
  const without = new Map<string, string>();
  for (const own of Map.groupBy(readings, ({ patient, place }) => JSON.stringify([patient, place])).values()) {
    const row = rowIn(own);
    if (typeof row !== 'string') rows.push(row);
    else if (!without.has(own[0]!.patient)) without.set(own[0]!.patient, row);
  }
  for (const { patient } of rows) without.delete(patient);
  return { rows, without };
}

function rowOf(
  {
    before,
    after,
    days,
    change,
  }: {
    readonly before: VisitReading;
    readonly after: VisitReading;
    readonly days: number | undefined;
    readonly change: number;
  },
  { threshold, cut, isPercent }: ChangeAsked & { readonly isPercent: boolean },
): ChangeRow {
  const { patient, place } = before;
  const limit = threshold?.at(place, before.value);
  return {
    patient,
    place,
    before: before.value,
    after: after.value,
    days,
    change,
    changePercent: before.value === 0 ? undefined : (100 * change) / Math.abs(before.value),
    threshold: limit,
    beyond: limit === undefined ? undefined : change > limit ? 'up' : change < -limit ? 'down' : 'within',
    presence: isPercent && place.class !== 'normal' ? presenceOf(before.value, after.value, cut) : undefined,
  };
}

/** A value equal to the cut goes up, as everywhere. */
function presenceOf(before: number, after: number, cut: number): Presence {
  const [was, is] = [before, after].map((value) => value >= cut && value > 0);
  if (was) return is ? 'present' : 'gone';
  return is ? 'new' : 'absent';
}
