/** Several readings as one: the category that most of them have, or their median. */
import { from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { quantile } from '../../agreement/resampling/quantile.ts';
import { counted } from '../../base/counted.ts';
import { info } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { categoryNames, type Scale } from '../../tables/scale.ts';
import type { ScoreRow } from '../../tables/scores.ts';
import type { TableValue } from '../../values/value.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import { categoryIn } from './pairing.ts';
import type { Reading } from './readings.ts';

export type ConsensusRule = 'majority' | 'median';

export interface Consensus {
  readonly side: Side;
  readonly remarks: readonly Remark[];
}

export interface ConsensusQuestion {
  readonly rule: ConsensusRule;
  readonly cutPoints: readonly number[];
  readonly scale: Scale;
  /** Whether a region and class is compared at all. */
  readonly isAsked: (place: { readonly region: Region; readonly class: string }) => boolean;
}

/** Fewer readings of a patient are no consensus. */
const FEWEST = 2;

interface Place {
  readonly patient: string;
  readonly region: Region;
  readonly class: string;
}

/**
 * A table of the consensus, a row per patient, region and class that two readers or more have read. Majority: of the
 * categories, with no value where several are the most common. Median: of percentages where all readings are, else of
 * the categories, where between two it goes up to the higher one.
 */
export function consensusOf(
  sides: readonly Side[],
  readers: readonly Reading[],
  { rule, cutPoints, scale, isAsked }: ConsensusQuestion,
): Consensus {
  if (readers.length < FEWEST)
    throw new UserError(
      'too-few',
      `A ${rule} needs ${FEWEST} readings or more behind \`with\`, and there is ${readers.length}.`,
    );
  const inPercent = rule === 'median' && readers.every(({ scores }) => scores.rows.every(isPercent));
  const rows: (Place & { readonly percent?: number; readonly score?: number | string })[] = [];
  /** As the readers write it. */
  const scoreOf = (category: number) => (scale.words ? categoryNames(scale)[category]! : scale.low + category);
  const undecided: Place[] = [];
  const between: Place[] = [];
  for (const { place, values } of readingsAt(readers, (row) =>
    inPercent ? row.percent! : categoryIn(row, cutPoints, scale),
  )) {
    if (values.length < FEWEST || !isAsked(place)) continue;
    if (rule === 'majority') {
      const most = majorityOf(values);
      if (most === undefined) undecided.push(place);
      else rows.push({ ...place, score: scoreOf(most) });
      continue;
    }
    const middle = quantile(Float64Array.from(values).sort(), 0.5);
    if (!inPercent && !Number.isInteger(middle)) between.push(place);
    rows.push({ ...place, ...(inPercent ? { percent: middle } : { score: scoreOf(Math.ceil(middle)) }) });
  }
  if (rows.length === 0)
    throw new UserError(
      'no-scores',
      `No patient has a ${rule} of ${readers.map(({ name }) => name).join(', ')}: two readings of the same patient, region and class are needed.`,
    );
  const name = `${rule} of ${readers.map((reader) => reader.name).join(', ')}`;
  const value: TableValue = {
    kind: 'table',
    table: from(rows),
    cutPoints: sides.find((side) => side.value.cutPoints)?.value.cutPoints,
    provenance: {
      ...sides
        .slice(1)
        .reduce(
          (joined, side) => provenanceOf({ value: { provenance: joined } }, side, {}),
          sides[0]!.value.provenance,
        ),
    },
  };
  return {
    side: { name, value },
    remarks: [
      ...toldBy(
        undecided,
        (places) =>
          `${name}: no value where several categories are the most common, and these are left out as missing: ${places}.`,
      ),
      ...toldBy(between, (places) => `${name}: between two categories the higher one is taken: ${places}.`),
    ],
  };
}

function isPercent({ percent }: ScoreRow): boolean {
  return percent !== undefined;
}

/** Every patient, region and class with what the readers have of it. */
function readingsAt(
  readers: readonly Reading[],
  valueIn: (row: ScoreRow) => number,
): { readonly place: Place; readonly values: number[] }[] {
  const places = new Map<string, { place: Place; values: number[] }>();
  for (const { scores } of readers)
    for (const row of scores.rows) {
      const place = { patient: row.patient, region: row.region, class: row.class };
      const key = JSON.stringify(place);
      const known = places.get(key) ?? { place, values: [] };
      known.values.push(valueIn(row));
      places.set(key, known);
    }
  return [...places.values()];
}

/** Undefined where two values or more are the most common. */
function majorityOf(values: readonly number[]): number | undefined {
  const times = [...Map.groupBy(values, (value) => value)].map(([value, own]) => [value, own.length] as const);
  const most = Math.max(...times.map(([, count]) => count));
  const winners = times.filter(([, count]) => count === most);
  return winners.length === 1 ? winners[0]![0] : undefined;
}

function toldBy(places: readonly Place[], sentence: (places: string) => string): Remark[] {
  if (places.length === 0) return [];
  const byRow = Map.groupBy(places, (place) => `${classLabel(place.class)}, ${regionInText(place.region)}`);
  return [
    info(
      'tied-consensus',
      sentence([...byRow].map(([row, own]) => `${row} (${counted(own.length, 'patient')})`).join('; ')),
    ),
  ];
}
