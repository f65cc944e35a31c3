/** What is beyond the error of measurement: a number that is given, or what repeated scans say of each class and region. */
import { UserError } from '../../base/userError.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Named } from '../../values/named.ts';
import type { ChangePlace } from './visitReadings.ts';

export interface Threshold {
  /** The smallest change that is one, in the unit of the value; of `before` where it is relative. Undefined where nothing says. */
  readonly at: (place: ChangePlace, before: number) => number | undefined;
  /** For the record. */
  readonly words: string;
}

export type BeyondAsked = readonly [number: number, relative: 'relative' | undefined] | Named<'table' | 'parameter'>;

/** Throws a UserError where a table is no result of `repeat`, or a parameter no number. */
export function thresholdOf(asked: BeyondAsked, source: string | undefined): Threshold {
  const from = source === undefined ? '' : ` (${source})`;
  if (!('name' in asked)) return fixed(asked[0], asked[1] === 'relative', from);
  const { name, value } = asked;
  if (value.kind === 'parameter') {
    if (typeof value.value === 'number') return fixed(value.value, false, from);
    throw new UserError('wrong-parameter', `\`${name}\` is "${value.value}", and \`beyond\` needs a number.`);
  }
  return repeated(name, value, from);
}

function fixed(number: number, isRelative: boolean, from: string): Threshold {
  if (!(number > 0))
    throw new UserError(
      'out-of-range',
      `\`beyond ${number}\` would call everything a change: a number above 0 is needed.`,
    );
  return {
    at: (_, before) => (isRelative ? Math.abs(before) * (number / 100) : number),
    words: `${number}${isRelative ? ' % of the first value' : ''}${from}`,
  };
}

function repeated(name: string, { table, provenance }: Named<'table'>['value'], from: string): Threshold {
  if (!table.columnNames().includes('repeatability'))
    throw new UserError(
      'wrong-kind',
      `\`${name}\` has no column \`repeatability\`: \`beyond\` takes a number, or the result of \`repeat\`.`,
    );
  // Of one measure there is no column, and a threshold of percent is none of millilitres.
  const [only] = [provenance.parameters.repeatedOf].flat();
  const known = new Map(
    rowsOf(table).map((row) => [keyOf(row.region, row.class, row.measure ?? only), Number(row.repeatability)]),
  );
  const values = new Set(known.values());
  return {
    at: ({ region, class: own, measure }) => {
      const found = known.get(keyOf(region, own, measure));
      return found === undefined || !(found > 0) ? undefined : found;
    },
    words: `the repeatability coefficient of \`${name}\`${values.size > 1 ? ', by class and region' : ''}${from}`,
  };
}

function keyOf(region: unknown, own: unknown, measure: unknown): string {
  return JSON.stringify([region ?? null, own ?? null, String(measure ?? '').toLowerCase()]);
}
