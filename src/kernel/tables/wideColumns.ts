/** Columns of a sheet with one row per patient: which class and region each holds, and whether scores or percentages. */
import type { Region } from '../../protocol/names.ts';
import { classOf, ownClassOf, regionOf } from '../base/labels.ts';
import { numberInCell } from './cellNumber.ts';
import { isOnScale, type Scale } from './scale.ts';

export interface WideColumn {
  readonly column: string;
  readonly class: string;
  readonly region: Region;
  /** Undefined where neither its name nor its file says. */
  readonly holds: 'percent' | 'score' | undefined;
}

const PERCENT_ENDING =
  /(?:[\s_.-]*[([]?\s*%\s*[)\]]?|[\s_.-]+\(?(?:percent(?:age)?|pct|prozent|pourcentage|porcentaje|percentuale)\)?)$/iu;
const SCORE_ENDING = /[\s_.-]+\(?(?:score|cat|category)\)?$/iu;
const SEPARATORS = /[\s_.-]/gu;

/** `own` are classes beside the six that are asked for; columns of anything else are passed over. */
export function wideColumns(
  columns: readonly string[],
  own: readonly string[],
  percentColumns: readonly string[],
): WideColumn[] {
  const named = (text: string) => classOf(text) ?? own.find((c) => c === ownClassOf(text));
  return columns.flatMap((column) => {
    const name = column.trim();
    const bare = name.replace(PERCENT_ENDING, '').replace(SCORE_ENDING, '');
    const place = placeOf(bare, named);
    if (!place) return [];
    const isPercent = percentColumns.includes(column) || PERCENT_ENDING.test(name);
    return [{ column, ...place, holds: isPercent ? 'percent' : SCORE_ENDING.test(name) ? 'score' : undefined }];
  });
}

/** `<class>_<region>` first, in any other way of writing both, or a class alone. */
function placeOf(text: string, named: (text: string) => string | undefined) {
  const splits = Array.from(
    text.matchAll(SEPARATORS),
    ({ index }) => [text.slice(0, index), text.slice(index + 1)] as const,
  );
  const [classFirst] = splits.toReversed().flatMap(([before, after], n) => {
    const [found, region] = [named(before), regionOf(after)];
    const isUsual = n === 0 && text.at(before.length) === '_';
    return found && region && (isUsual || isTelling(before)) ? [{ class: found, region }] : [];
  });
  const alone = named(text);
  if (classFirst ?? alone) return classFirst ?? { class: alone!, region: 'total' as const };
  const [regionFirst] = splits.flatMap(([before, after]) => {
    const [found, region] = [named(after), regionOf(before)];
    return found && region && isTelling(after) ? [{ class: found, region }] : [];
  });
  return regionFirst;
}

/** The letter of a class beside a word is not surely one. */
function isTelling(word: string): boolean {
  return word.length > 2;
}

/** Fewer numbers beside the scale may be mistakes. */
const FEW = 3;
/** Whole numbers up to this may be scores of a longer scale. */
const LONG_SCALE = 20;

/** Whether most of what is not 0, in the columns that do not say what they hold, are percentages and none of the scale. */
export function holdPercentages(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly WideColumn[],
  scale: Scale,
): boolean {
  if (scale.words) return false;
  let [beside, others] = [0, 0];
  let canBeScores = true;
  for (const { column, holds } of columns)
    if (holds === undefined)
      for (const row of rows) {
        const number = numberInCell(row[column]);
        if (number === undefined || number === 0) continue;
        if (number === 'other' || number < 0 || number > 100) return false;
        if (isOnScale(number, scale)) others++;
        else beside++;
        canBeScores &&= Number.isInteger(number) && number <= LONG_SCALE;
      }
  return beside >= FEW && beside > others && !canBeScores;
}
