/** What names of folders and files, and cells of a manifest, say of a visit: `visit2`, `baseline`, `M12`, `2019-03-02`. */

export type VisitName =
  /** Counted: `visit 3`, `ses-03`, `t0`. */
  | { readonly kind: 'counted'; readonly number: number }
  /** Counted from a baseline, which is 0: `follow-up 2`. */
  | { readonly kind: 'after'; readonly number: number }
  /** Planned so long after the baseline: `M12`, `6 months`, `year 1`, `week 24`. */
  | { readonly kind: 'months'; readonly months: number }
  /** Days since the first that is known of the patient: a date is never kept. */
  | { readonly kind: 'day'; readonly day: number };

/** Months of one of each unit. */
const UNITS: readonly (readonly [unit: RegExp, months: number])[] = [
  [/^(m|mo|mon|months?|monate?|mois|mes|meses|mese|mesi)$/, 1],
  [/^(y|yr|yrs|years?|jahre?|ans?|años?|anno|anni)$/, 12],
  [/^(w|wk|weeks?|wochen?|semaines?|semanas?|settimane?)$/, 12 / 52.18],
  // No single `d`: "3D" is no day.
  [/^(days?|tage?|jours?|dias?|días?|giorn[oi])$/, 12 / 365.25],
];

const COUNTED = /^(?:visite?|visita|besuch|v|ses|session|timepoint|time-point|tp|t)-?(\d{1,2})$/;
const BASELINE = /^(?:baseline|base|bl|initial|basal|basis|ausgangs(?:ct|untersuchung))$/;
const FOLLOW_UP =
  /^(?:follow-?ups?|fu|verlauf|verlaufs(?:ct|kontrolle)|kontrolle|control(?:e|lo)?|suivi|seguimiento)(?:-?(\d{1,2}))?$/;
/** Words that may stand before a date or a time after the baseline. */
const BEFORE = /^(?:visite?|v|ses|session|ct|hrct|scan|study|exam|follow-?up|fu|verlauf|kontrolle)-?(?=\d|[a-z])/;

/** Of the whole name of a folder; undefined where it says nothing of a visit. Dates are numbers of days since 1970. */
export function visitNameOf(written: string): VisitName | undefined {
  const name = bare(written);
  const counted = COUNTED.exec(name)?.[1];
  if (counted !== undefined) return { kind: 'counted', number: Number(counted) };
  if (BASELINE.test(name)) return { kind: 'after', number: 0 };
  const after = FOLLOW_UP.exec(name);
  if (after) return { kind: 'after', number: Number(after[1] ?? 1) };
  return timeIn(name) ?? timeIn(name.replace(BEFORE, ''));
}

/** A UID may end like a date. */
const UID = /^\d+(\.\d+){3,}$/;

export interface LabelledVisit {
  readonly patient: string;
  readonly visit: VisitName;
}

/** Behind a label: `P01_baseline`, `P01 2019-03-02`; undefined where the name ends with no visit, or is one alone. */
export function visitBehind(label: string): LabelledVisit | undefined {
  if (UID.test(label)) return undefined;
  // The longest name of a visit: "follow-up-2" rather than "2", and all parts of a date.
  for (const { index } of label.matchAll(/[\s_.-]+/g)) {
    const patient = label.slice(0, index);
    const visit = patient === '' ? undefined : visitNameOf(label.slice(index));
    if (visit) return { patient, visit };
  }
  return undefined;
}

function bare(written: string): string {
  return written
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}

function timeIn(name: string): VisitName | undefined {
  const day = dayIn(name);
  if (day !== undefined) return { kind: 'day', day };
  const [, first, before, behind, last] = /^(?:([^\d-]+)-?(\d{1,3})|(\d{1,3})-?([^\d-]+))$/.exec(name) ?? [];
  const months = UNITS.find(([unit]) => unit.test(first ?? last ?? ''))?.[1];
  return months === undefined ? undefined : { kind: 'months', months: months * Number(before ?? behind) };
}

/** The year first, or the day first with points, as it is written where days are. */
function dayIn(name: string): number | undefined {
  const [, year, month, day] = /^(\d{4})[-.]?(\d{2})[-.]?(\d{2})$/.exec(name) ?? [];
  if (year !== undefined) return dayOf(year, month!, day!);
  const [, d, m, y] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(name) ?? [];
  return y === undefined ? undefined : dayOf(y, m!, d!);
}

/** Days since 1970 of a date of DICOM, also with points as before 1993; undefined where it is none. */
export function dayOfDate(date: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date?.trim() ?? '') ?? [];
  return year === undefined ? undefined : dayOf(year, month!, day!);
}

const MS_PER_DAY = 86_400_000;

function dayOf(...written: readonly [year: string, month: string, day: string]): number | undefined {
  const [year = 0, month = 0, day = 0] = written.map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));
  const isDate = year >= 1900 && year < 2200 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isDate ? at.getTime() / MS_PER_DAY : undefined;
}
