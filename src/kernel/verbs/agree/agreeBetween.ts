/** `agree … between COLUMN`: each reader with himself or herself, of cases that were read twice. */
import { from } from 'arquero';
import { UserError } from '../../base/userError.ts';
import { sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import type { AgreeArguments } from './clauses.ts';
import { conditionsOf, type ReaderConditions } from './conditions.ts';

/** Of one reader an agreement like any other; of several a table with a row for each. */
export function agreeBetween(sides: readonly Side[], column: string, asked: AgreeArguments): VerbResult {
  const { readers, remarks, names } = conditionsOf(sides, column);
  const results = readers.map((reader) => ({ reader, ...withItself(reader, column, asked) }));
  const [only] = results;
  if (results.length === 1) return { ...only!.result, remarks: [...remarks, ...(only!.result.remarks ?? [])] };
  const table = from(
    results.flatMap(({ reader, value }) =>
      // SAFETY: the rows that `agreeTwo` made.
      (value.table.objects() as { region: string; class: string }[]).map(({ region, class: name, ...row }) => ({
        region,
        class: name,
        reader: reader.name,
        ...row,
      })),
    ),
  );
  const provenance = results
    .slice(1)
    .reduce(
      (joined, { value }) => provenanceOf({ value: { provenance: joined } }, { value }, {}),
      only!.value.provenance,
    );
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    remarks: [...remarks, ...results.flatMap(({ result }) => result.remarks ?? [])],
    view: () =>
      tableView(table, {
        title: `Agreement of each reader between ${names[0]} and ${names[1]}`,
        notes: [
          ...results.flatMap(({ reader, value }) =>
            sentencesOf(value.remarks).map((said) => `${reader.name}: ${said}`),
          ),
          ...only!.value.notes(results.flatMap(({ value }) => value.pairs)),
        ],
        researchOnly: true,
        provenance,
      }),
  };
}

function withItself(
  { name, sides: [first, second] }: ReaderConditions,
  column: string,
  asked: AgreeArguments,
): { readonly result: VerbResult; readonly value: AgreementValue } {
  const empty = [first, second].find(({ value }) => value.table.numRows() === 0);
  if (empty)
    throw new UserError(
      'no-pairs',
      `There is no reading of ${empty.name}, so that \`${name}\` cannot be compared with itself.`,
    );
  const result = agreeTwo(first, second, asked, { between: column });
  if (result.value?.kind !== 'agreement') throw new Error('two readings give an agreement');
  return { result, value: result.value };
}
