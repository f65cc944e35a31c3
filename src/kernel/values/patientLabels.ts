/** Finds labels of two tables that are probably meant for the same patient: spreadsheets change capitals and drop leading zeros. */
import { atMost } from '../../protocol/words/lists.ts';
import { UserError } from '../base/userError.ts';

const LISTED = 5;

/** What is left of a label without capitals, spaces, signs and leading zeros. */
function bare(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/(?<!\d)0+(?=\d)/g, '');
}

/** The number in a label alone: that of "P01" is "1". */
function numberIn(label: string): string {
  return bare(label).replace(/\D+/g, '');
}

/** Two letters before the same number may be two hospitals. */
function isNumber(label: string): boolean {
  return bare(label) === numberIn(label);
}

/**
 * "p01 for P01, p02 for P02" for the labels of `there` that are spelled otherwise than those of `here`; undefined where
 * there are none, or where it cannot be told which stands for which.
 */
export function spelledOtherwise(here: readonly string[], there: readonly string[]): string | undefined {
  const pairs =
    pairsBy(bare, here, there) ??
    (here.every(isNumber) || there.every(isNumber) ? pairsBy(numberIn, here, there) : undefined);
  if (!pairs) return undefined;
  return atMost(pairs, LISTED);
}

function pairsBy(
  keyOf: (label: string) => string,
  here: readonly string[],
  there: readonly string[],
): string[] | undefined {
  const byKey = (labels: readonly string[]) => new Map(labels.map((label) => [keyOf(label), label]));
  const [a, b] = [byKey(here), byKey(there)];
  if (a.size < here.length || b.size < there.length) return undefined;
  const pairs = [...b].flatMap(([key, label]) => (key !== '' && a.has(key) ? [`${label} for ${a.get(key)}`] : []));
  return pairs.length ? pairs : undefined;
}

/** A label with one number in it, whatever stands around it. */
const ONE_NUMBER = /^\D*(\d+)\D*$/u;

function onlyNumberIn(label: string): string | undefined {
  return ONE_NUMBER.exec(label)?.[1]?.replace(/^0+(?=\d)/, '');
}

interface LabelsOfTable {
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * For each table, the label by which the first table that has a patient's number calls him or her; labels without a
 * number, or with several, stay. Throws a UserError where a table has two patients with one number.
 */
export function labelsByNumber(tables: readonly LabelsOfTable[]): Map<string, string>[] {
  const known = new Map<string, string>();
  return tables.map(({ name, labels }) => {
    const own = new Map<string, string>();
    const found = labels.flatMap((label) => {
      const number = onlyNumberIn(label);
      if (number === undefined) return [];
      const other = own.get(number);
      if (other !== undefined)
        throw new UserError(
          'patient-spelling',
          `\`${name}\` has the labels ${other} and ${label} with the same number: \`matching numbers\` cannot tell which is meant. Write the same labels in all tables.`,
        );
      own.set(number, label);
      if (!known.has(number)) known.set(number, label);
      return [[label, known.get(number)!] as const];
    });
    return new Map(found);
  });
}

/** Whether `matching numbers` would find patients of both. */
export function canMatchNumbers(here: readonly string[], there: readonly string[]): boolean {
  const [a, b] = [here, there].map((labels) => labels.flatMap((label) => onlyNumberIn(label) ?? []));
  return new Set(a).size === a!.length && new Set(b).size === b!.length && a!.some((number) => b!.includes(number));
}
