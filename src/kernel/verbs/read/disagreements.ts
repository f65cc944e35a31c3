/** Where readers differ by more than a consensus lets pass, and the table that a consensus makes of their readings. */
import { type ColumnTable, table } from 'arquero';
import { type Answer, type AnswerKind, fieldKey, fieldsOf, type ReadingForm } from '../../../protocol/reading/form.ts';
import { answersNow, caseLabel, type PlannedCase, type ReadingSession } from '../../../protocol/reading/scores.ts';
import { quantile } from '../../agreement/resampling/quantile.ts';
import { createRandom } from '../../base/random.ts';
import type { Named } from '../../values/named.ts';
import type { Reading, SaidBy } from '../../values/reading.ts';
import { hasVisits, type ReadablePatient } from './cases.ts';
import { shuffled } from './order.ts';
import { valuesIn } from './values.ts';

/** What the readers said of one field of one case; of those who said nothing there is nothing. */
interface SaidOf {
  readonly patient: string;
  readonly visit?: number;
  readonly region: string;
  readonly class: string;
  readonly answer: AnswerKind;
  readonly said: readonly { readonly reader: string; readonly value: Answer }[];
}

/** Every field that two readers or more have scored, in the order of the patients. */
export function saidOf(
  readers: readonly Named<'table'>[],
  share: readonly ReadablePatient[],
  form: ReadingForm,
): SaidOf[] {
  const values = readers.map((reader) => ({ name: reader.name, of: valuesIn(reader, form, hasVisits(share)) }));
  return share.flatMap((one) =>
    fieldsOf(form).flatMap((field) => {
      const said = values.flatMap(({ name, of }) => {
        const value = of.get(caseLabel(one))?.get(fieldKey(field));
        return value === undefined ? [] : [{ reader: name, value }];
      });
      return said.length < 2
        ? []
        : [{ patient: one.patient, ...(one.visit === undefined ? {} : { visit: one.visit }), ...field, said }];
    }),
  );
}

/** More steps, or points of per cent, apart than may be; words and yes or no differ or do not. */
export function isDisputed({ answer, said }: Pick<SaidOf, 'answer' | 'said'>, beyond: number): boolean {
  const values = said.map(({ value }) => value);
  if (answer.kind === 'yes-no' || answer.kind === 'list') return new Set(values).size > 1;
  const numbers = values.map(Number);
  return Math.max(...numbers) - Math.min(...numbers) > beyond;
}

/** The cases of a consensus, in the order of the patients: those with a dispute, and in them the disputed fields. */
export function disputedCases(
  all: readonly SaidOf[],
  share: readonly ReadablePatient[],
  beyond: number,
): PlannedCase[] {
  const disputed = Map.groupBy(
    all.filter((one) => isDisputed(one, beyond)),
    caseLabel,
  );
  return share
    .flatMap(({ series, ...whose }) => {
      const asks = disputed.get(caseLabel(whose))?.map(fieldKey);
      return asks ? [{ ...whose, series: series.id, asks }] : [];
    })
    .map((one, n) => ({ case: n + 1, calibration: false, repeat: 1, ...one }));
}

/** Under letters that another reader has in each case, unless the names are to be shown. */
export function saidToBeShown(
  all: readonly SaidOf[],
  { seed, isNamed }: { readonly seed: number; readonly isNamed: boolean },
): Reading['said'] {
  const shown = new Map<string, Map<string, readonly SaidBy[]>>();
  for (const [label, fields] of Map.groupBy(all, caseLabel)) {
    const readers = [...new Set(fields.flatMap(({ said }) => said.map(({ reader }) => reader)))];
    const order = isNamed ? readers : shuffled(readers, createRandom(`${seed}/${label}`));
    const nameOf = (reader: string) => (isNamed ? reader : `Reader ${String.fromCharCode(65 + order.indexOf(reader))}`);
    shown.set(
      label,
      new Map(
        fields.map((field) => [
          fieldKey(field),
          field.said
            .toSorted((a, b) => order.indexOf(a.reader) - order.indexOf(b.reader))
            .map(({ reader, value }) => ({ by: nameOf(reader), value })),
        ]),
      ),
    );
  }
  return shown;
}

/**
 * A row for each field that two readers have scored: what they agree on; the median, upwards between two, where they
 * differ by no more than may be; what the consensus decided; and no value where that is open.
 */
export function consensusTable(
  all: readonly SaidOf[],
  session: ReadingSession,
  readers: readonly string[],
): ColumnTable {
  const { consensus, cases, read, ai } = session;
  const decided = new Map(
    cases.flatMap((planned) => {
      const one = read.find((other) => other.case === planned.case);
      return one ? [[caseLabel(planned), answersNow(one, ai === 'shown')] as const] : [];
    }),
  );
  const rows = all.map((one) => {
    const [value, source] = settled(one, decided.get(caseLabel(one))?.get(fieldKey(one)), consensus?.beyond ?? 1);
    const isPercent = one.answer.kind === 'percent';
    return {
      patient: one.patient,
      visit: one.visit,
      region: one.region,
      class: one.class,
      ...(isPercent ? { percent: value } : { score: value }),
      source,
      ...Object.fromEntries(one.said.map(({ reader, value: said }) => [reader, said])),
    };
  });
  const measure = session.form.scale.kind === 'percent' ? 'percent' : 'score';
  const columns = ['patient', ...(hasVisits(all) ? ['visit'] : []), 'region', 'class', measure, 'source', ...readers];
  return table(columns.map((column) => [column, rows.map((row: Readonly<Record<string, unknown>>) => row[column])]));
}

function settled(one: SaidOf, decided: Answer | undefined, beyond: number): [Answer | undefined, string] {
  const values = one.said.map(({ value }) => value);
  if (isDisputed(one, beyond)) return decided === undefined ? [undefined, 'open'] : [decided, 'consensus'];
  if (new Set(values).size === 1) return [values[0], 'agreed'];
  const middle = quantile(Float64Array.from(values, Number).sort(), 0.5);
  return [one.answer.kind === 'scale' ? Math.ceil(middle) : middle, 'median'];
}
