/** `export form`: an empty scoring sheet for readers who score in a spreadsheet program. */
import { extname } from 'node:path';
import { fieldsOf } from '../../../protocol/reading/form.ts';
import { counted } from '../../base/counted.ts';
import { info } from '../../base/remarks.ts';
import { SOFTWARE } from '../../base/software.ts';
import { UserError } from '../../base/userError.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import type { Range } from '../../language/clauses/range.ts';
import { writeForm } from '../../tables/form/writeForm.ts';
import type { Named } from '../../values/named.ts';
import { pointingAt } from '../pointingAt.ts';
import { readableIn, shareOf } from '../read/cases.ts';
import type { ReadArguments } from '../read/clauses.ts';
import { formOf, plannedCases } from '../read/design.ts';
import type { VerbContext, VerbResult } from '../verb.ts';

/** In the place of a reader's name, which a form does not know. */
const READER = 'form';
/** What Excel has room for. */
const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;

export interface FormAsked extends Pick<ReadArguments, 'by' | 'scale' | 'at' | 'ask' | 'seed'> {
  readonly for: Placed<Named<'cohort'>> | undefined;
  readonly classes: readonly string[];
  readonly cases: Placed<Range> | undefined;
}

export async function exportForm(asked: FormAsked, to: Placed<string>, context: VerbContext): Promise<VerbResult> {
  const { for: cohort, classes, seed, cases } = asked;
  if (!cohort)
    throw new UserError(
      'missing-clause',
      '`export form` is an empty scoring sheet, and needs the cohort: `export form for cohort to "form.xlsx"`. A result that is called `form` needs another name to be written.',
    );
  if (extname(to.value).toLowerCase() !== '.xlsx')
    throw new UserError('unknown-format', `"${to.value}" should end in .xlsx.`, to.span);
  const form = formOf({ ...asked, for: [...classes] });
  const all = readableIn(cohort.value.value.cohort);
  const share = await pointingAt(cases, () => shareOf(all, cases, READER));
  if (share.length === 0)
    throw new UserError('nobody-left', `\`${cohort.value.name}\` has no case to read.`, cohort.span);
  const fields = fieldsOf(form).length;
  if (fields + 2 > MOST_COLUMNS || share.length + 1 > MOST_ROWS)
    throw new UserError(
      'table-too-large',
      `A sheet has room for ${MOST_COLUMNS} columns and ${MOST_ROWS} rows, and ${counted(share.length, 'case')} with ${counted(fields, 'field')} need more.`,
    );
  const design = { session: 1, seed, repeats: 0 };
  const bytes = writeForm({
    ...design,
    software: SOFTWARE,
    ai: 'hidden',
    form,
    cases: plannedCases([], share, { ...design, reader: READER }),
    read: [],
  });
  await pointingAt(to, () => context.writeFile(to.value, bytes));
  const said = `Wrote a scoring sheet for ${counted(share.length, 'case')} with ${counted(fields, 'field')} each to ${to.value}. Filled in, \`load "${to.value}" as reader1\` reads it.`;
  return { remarks: [info('rows-written', said)] };
}
