/** What is said of the visits of a cohort: nothing of them is passed over in silence. */
import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import type { Patient, Series } from '../cohort/cohort.ts';

const NAMES_SHOWN = 5;

/** Codes of what is said anew whenever visits are told anew. */
export const VISIT_REMARKS: ReadonlySet<RemarkCode> = new Set([
  'several-studies',
  'several-visits',
  'visit-missing',
  'visit-unknown',
  'visit-order',
  'visit-twice',
  'visit-undated',
  'same-day',
]);

/** One visit of a patient, with its series. */
interface Visit {
  readonly number: number;
  readonly series: readonly Series[];
  readonly days: number | undefined;
}

interface Visited {
  readonly id: string;
  readonly visits: readonly Visit[];
}

/** Of a cohort that has several visits of a patient. */
export function visitRemarks(patients: readonly Patient[]): Remark[] {
  const all = patients.map(visited);
  return [
    ...several(all),
    ...unknown(patients),
    ...one(all),
    ...holes(all),
    ...backwards(all),
    ...sameDay(all),
    ...twice(all),
    ...undated(all),
  ];
}

function visited({ id, series }: Patient): Visited {
  const byNumber = [...Map.groupBy(series, ({ visit }) => visit)];
  const visits = byNumber.flatMap(([number, own]): Visit[] =>
    number === undefined ? [] : [{ number, series: own, days: own[0]!.days }],
  );
  return { id, visits: visits.sort((a, b) => a.number - b.number) };
}

function several(all: readonly Visited[]): Remark[] {
  const own = all.filter(({ visits }) => visits.length > 1);
  const most = Math.max(...own.map(({ visits }) => visits.length));
  return [
    info(
      'several-visits',
      `${counted(own.length, 'patient has', 'patients have')} CTs of several visits, up to ${most} (${atMost(idsOf(own), NAMES_SHOWN)}). The best series of each visit is measured, and \`visit\` and \`days\` (since the patient’s first) are columns; dates are not kept. \`load … visits none\` takes one CT of each patient.`,
    ),
  ];
}

function unknown(patients: readonly Patient[]): Remark[] {
  const names = patients.flatMap(({ id, series }) =>
    series.filter(({ visit }) => visit === undefined).map((own) => `${id}, ${own.id}`),
  );
  if (names.length === 0) return [];
  return [
    warning(
      'visit-unknown',
      `Nothing says which visit ${counted(names.length, 'series', 'series')} ${names.length === 1 ? 'is' : 'are'} of, neither a folder nor a date: not measured (${atMost(names, NAMES_SHOWN)}). Move ${names.length === 1 ? 'it' : 'them'} into the folder of a visit, or write a manifest: a table with the columns patient, visit and path.`,
    ),
  ];
}

function one(all: readonly Visited[]): Remark[] {
  const own = all.filter(({ visits }) => visits.length === 1);
  if (own.length === 0) return [];
  return [
    info(
      'visit-missing',
      `${counted(own.length, 'patient has', 'patients have')} one visit (${atMost(idsOf(own), NAMES_SHOWN)}), so that \`change\` says nothing of ${own.length === 1 ? 'this one' : 'them'}.`,
    ),
  ];
}

function holes(all: readonly Visited[]): Remark[] {
  const own = all.flatMap(({ id, visits }) => {
    const there = visits.map(({ number }) => number);
    const lacking = Array.from({ length: there.at(-1) ?? 0 }, (_, n) => n + 1).filter((n) => !there.includes(n));
    return lacking.length ? [`${id} lacks ${allOf(lacking.map(String))}`] : [];
  });
  if (own.length === 0) return [];
  return [
    warning(
      'visit-missing',
      `Visits are missing before later ones: ${atMost(own, NAMES_SHOWN)}. The others keep their numbers. If nothing is missing, number the folders anew, or write a manifest with the column visit.`,
    ),
  ];
}

function backwards(all: readonly Visited[]): Remark[] {
  const own = all.flatMap(({ id, visits }) => {
    const dated = visits.filter(({ days }) => days !== undefined);
    const at = dated.findIndex(({ days }, n) => n > 0 && days! < dated[n - 1]!.days!);
    if (at === -1) return [];
    const [before, after] = [dated[at - 1]!, dated[at]!];
    return [`visit ${after.number} of ${id} is ${before.days! - after.days!} days before visit ${before.number}`];
  });
  if (own.length === 0) return [];
  return [
    warning(
      'visit-order',
      `Dates go backwards: ${atMost(own, NAMES_SHOWN)}. The numbers are those of the folders or the manifest, and \`days\` those of the dates: a change between them would have the wrong sign. Correct the names, or the dates.`,
    ),
  ];
}

function sameDay(all: readonly Visited[]): Remark[] {
  const own = all.flatMap(({ id, visits }) => {
    const pair = visits.find(({ days }, n) => n > 0 && days !== undefined && days === visits[n - 1]!.days);
    return pair ? [`${id}, visit ${pair.number}`] : [];
  });
  if (own.length === 0) return [];
  return [
    warning(
      'same-day',
      `Visits are of the same day as the one before: ${atMost(own, NAMES_SHOWN)}. \`repeat\` compares scans of one day; a change per year needs days between them.`,
    ),
  ];
}

function twice(all: readonly Visited[]): Remark[] {
  const own = all.flatMap(({ id, visits }) =>
    visits.flatMap(({ number, series }) => {
      const places = new Set(series.flatMap(({ scanned }) => scanned?.place ?? []));
      const days = new Set(series.flatMap(({ scanned }) => scanned?.day ?? []));
      return places.size > 1 || days.size > 1 ? [`${id}, visit ${number}`] : [];
    }),
  );
  if (own.length === 0) return [];
  return [
    warning(
      'visit-twice',
      `A visit is there twice, in several folders or rows, or with CTs of several days: ${atMost(own, NAMES_SHOWN)}. The best series of all is measured. Give each its own number, or choose by \`load … series\`.`,
    ),
  ];
}

function undated(all: readonly Visited[]): Remark[] {
  const own = all.flatMap(({ id, visits }) =>
    visits.filter(({ days }) => days === undefined).map(({ number }) => `${id}, visit ${number}`),
  );
  if (own.length === 0) return [];
  return [
    warning(
      'visit-undated',
      `${counted(own.length, 'visit has', 'visits have')} no date, or the first visit has none, and so no \`days\` (${atMost(own, NAMES_SHOWN)}). A change per year needs them: name folders by dates, write a manifest with the column days, or \`join … on patient, visit\` a table that has it.`,
    ),
  ];
}

function idsOf(all: readonly Visited[]): string[] {
  return all.map(({ id }) => id);
}
