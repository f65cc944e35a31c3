/** Which patients a reader is shown, and which CT of each. */

import { caseLabel } from '../../../protocol/reading/scores.ts';
import { counted } from '../../base/counted.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import type { Cohort, Patient, Series } from '../../ct/cohort/cohort.ts';
import { usedSeries } from '../../ct/cohort/seriesChoice.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import type { Range } from '../../language/clauses/range.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Named } from '../../values/named.ts';

/** A CT that is read: of each patient one, or one of each visit. */
export interface ReadablePatient {
  readonly patient: string;
  /** In a cohort whose patients have several. */
  readonly visit?: number;
  readonly series: Series;
}

/** The patients of the cohort with the series that `load` chose, of each of their visits one, in its order. */
export function readableIn({ patients }: Cohort): ReadablePatient[] {
  return patients.flatMap((patient: Patient) =>
    [...Map.groupBy(usedSeries(patient), ({ visit }) => visit)].map(([visit, [series]]) => ({
      patient: patient.id,
      ...(visit === undefined ? {} : { visit }),
      series: series!,
    })),
  );
}

/** Whether cases are told apart by visits. */
export function hasVisits(cases: readonly { readonly visit?: number }[]): boolean {
  return cases.some(({ visit }) => visit !== undefined);
}

/** Those of `calibrate`, in the order in which they are named. Throws a UserError where one is not there, or twice. */
export function calibrationIn(all: readonly ReadablePatient[], labels: readonly string[]): ReadablePatient[] {
  const twice = labels.find((label, n) => labels.indexOf(label) !== n);
  if (twice) throw new UserError('repeated-clause', `\`calibrate\` has ${twice} twice. Keep one of them.`);
  return labels.map((label) => {
    const found = all.find((one) => caseLabel(one) === label) ?? all.find(({ patient }) => patient === label);
    if (found) return found;
    const known = suggestionFor(
      label,
      all.map(({ patient }) => patient),
    );
    throw new UserError('unknown-patient', `There is no patient "${label}" in the cohort: ${known}`);
  });
}

/** The share of a reader. Throws a UserError where it names nobody, or cases that are not there. */
export function shareOf(
  all: readonly ReadablePatient[],
  cases: Placed<Range | Named<'table'>> | undefined,
  reader: string,
): ReadablePatient[] {
  if (!cases) return [...all];
  const { value } = cases;
  return 'low' in value ? inRange(all, value) : inTable(all, value, reader);
}

function inRange(all: readonly ReadablePatient[], { low, high }: Range): ReadablePatient[] {
  if (!Number.isInteger(low) || !Number.isInteger(high) || low < 1 || high < low || high > all.length)
    throw new UserError(
      'out-of-range',
      `\`cases ${low}..${high}\` is out of range: the cohort has ${counted(all.length, hasVisits(all) ? 'case' : 'patient')}, counted from 1.`,
    );
  return all.slice(low - 1, high);
}

/** By the patients' labels, or by their places in the cohort. */
function inTable(all: readonly ReadablePatient[], { name, value }: Named<'table'>, reader: string): ReadablePatient[] {
  const rows = rowsOf(value.table);
  const columns = value.table.columnNames();
  const by = ['patient', 'case'].find((column) => columns.includes(column));
  if (!by || !columns.includes('reader'))
    throw new UserError(
      'missing-columns',
      `\`${name}\` does not say who reads what: it needs the columns \`case\` (or \`patient\`) and \`reader\`, as \`plan reading\` makes them, and has ${columns.join(', ')}.`,
    );
  const own = new Set(rows.filter((row) => String(row.reader) === reader).map((row) => String(row[by])));
  const keyOf = ({ patient }: ReadablePatient, n: number) => (by === 'patient' ? patient : String(n + 1));
  const share = all.filter((one, n) => own.has(keyOf(one, n)));
  const found = new Set(all.map(keyOf).filter((key) => own.has(key))).size;
  if (found === own.size && own.size > 0) return share;
  const readers = [...new Set(rows.map((row) => String(row.reader)))];
  throw new UserError(
    'no-reader',
    own.size === 0
      ? `\`${name}\` gives no case to \`${reader}\`: ${suggestionFor(reader, readers)}`
      : `\`${name}\` gives ${counted(own.size, 'case')} to \`${reader}\`, of which the cohort has ${found}.`,
  );
}
