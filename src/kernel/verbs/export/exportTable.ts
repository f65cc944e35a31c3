/** `export` of a table, in the format that the file's name ends in. */
import { extname } from 'node:path';
import type { ColumnTable } from 'arquero';
import { handInWords } from '../../../protocol/words/byHand.ts';
import { counted } from '../../base/counted.ts';
import { interruptible } from '../../base/interruptible.ts';
import { info } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import { type TableFormat, writeTable } from '../../tables/tableFile.ts';
import { type Named, ofKind } from '../../values/named.ts';
import { countsOf, statisticsOf } from '../../values/statistics.ts';
import { pointingAt } from '../pointingAt.ts';
import type { VerbContext, VerbResult } from '../verb.ts';
import { WORD_ENDING, wordTable } from './exportWord.ts';

const FORMATS: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.json': 'json',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
};

export type TablePart = 'density' | 'structures' | 'levels' | 'statistics' | 'counts' | undefined;

export async function exportTable(
  subject: Named<'table' | 'measurements' | 'agreement'>,
  part: TablePart,
  to: Placed<string>,
  context: VerbContext,
): Promise<VerbResult> {
  const { value: written, span } = to;
  const table = tableOf(subject, part);
  const ending = extname(written).toLowerCase();
  const format = FORMATS[ending];
  if (!format && ending !== WORD_ENDING)
    throw new UserError(
      'unknown-format',
      `"${written}" should end in ${[...Object.keys(FORMATS), WORD_ENDING].join(', ')}.${ending === '.svg' || ending === '.png' ? ' A picture is written by `export figure`, below its `plot` or `flow` in the same cell.' : ''}`,
      span,
    );
  // Before it is written: an interrupt ends it, and is no failure to write.
  const byHand = handInWords(subject.value.provenance);
  const notes = byHand === undefined ? {} : { lungnb_by_hand: byHand };
  const contents = format
    ? interruptible(() => writeTable(table, format, notes))
    : await interruptible(() => wordTable({ subject, part, table }, to));
  await pointingAt(to, () => context.writeFile(written, contents));
  const said = byHand === undefined ? '' : ` ${byHand}`;
  return { remarks: [info('rows-written', `Wrote ${counted(table.numRows(), 'row')} to ${written}.${said}`)] };
}

function tableOf(subject: Named<'table' | 'measurements' | 'agreement'>, part: TablePart): ColumnTable {
  switch (part) {
    case 'density':
      return ofKind(subject, 'measurements').value.density;
    case 'structures':
      return structuresIn(ofKind(subject, 'measurements'));
    case 'levels':
      return levelsIn(ofKind(subject, 'measurements'));
    case 'counts':
      return countsOf(ofKind(subject, 'agreement').value);
    case 'statistics':
      return statisticsIn(ofKind(subject, 'agreement', 'table'));
    default:
      return subject.value.table;
  }
}

function statisticsIn({ name, value }: Named<'agreement' | 'table'>): ColumnTable {
  if (value.kind === 'agreement') return statisticsOf(value);
  if (value.statistics) return value.statistics(value.table);
  throw new UserError('wrong-kind', `\`${name}\` is a table, and only agreements have statistics.`);
}

function levelsIn({ name, value }: Named<'measurements'>): ColumnTable {
  if (value.levels) return value.levels;
  throw new UserError('wrong-kind', `\`${name}\` has no levels: \`quantify … by level\` finds them.`);
}

function structuresIn({ name, value }: Named<'measurements'>): ColumnTable {
  if (value.structures) return value.structures;
  throw new UserError(
    'wrong-kind',
    `\`${name}\` has no structures beside the lobes: masks with airways, vessels or nodules give them.`,
  );
}
