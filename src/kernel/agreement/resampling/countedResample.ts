/**
 * The resamples of `resample.ts` for statistics that only ask how often each kind of case was drawn. Cases that are equal
 * in everything are one kind, so that a sample of 10 000 patients costs no more steps than there are different readings.
 */
import { createRandom } from '../../base/random.ts';
import { type ObservedStatistic, type Units, unitCount } from './resample.ts';

/** A statistic of kinds of cases, each as often as `times` says; undefined where they do not give one. */
export type CountedStatistic = (times: Int32Array) => number | undefined;

/** What is drawn, and the kind (0 … kinds − 1) of each case. */
export interface CountedUnits {
  readonly units: Units;
  readonly kindOf: readonly number[];
  readonly kinds: number;
}

/** Calls `visit` with how often each kind stands in the samples that `forEachResample` draws. The array is used again. */
export function forEachCountedResample(
  counted: CountedUnits,
  repetitions: number,
  seed: number | string,
  visit: (times: Int32Array) => void,
): void {
  const size = unitCount(counted.units);
  const { starts, kinds } = kindsByUnit(counted);
  const times = new Int32Array(counted.kinds);
  forEachDraw(size, repetitions, seed, (draws, from) => {
    times.fill(0);
    if (kinds.length === size) for (let unit = 0; unit < size; unit++) times[kinds[unit]!]! += draws[from + unit]!;
    else
      for (let unit = 0; unit < size; unit++) {
        const drawn = draws[from + unit]!;
        for (let place = starts[unit]!; place < starts[unit + 1]!; place++) times[kinds[place]!]! += drawn;
      }
    visit(times);
  });
}

/** The statistic of all cases, and without each unit in turn: units of the same one kind change it alike. */
export function observedCounts(counted: CountedUnits, statistic: CountedStatistic): ObservedStatistic {
  const { starts, kinds } = kindsByUnit(counted);
  const all = new Int32Array(counted.kinds);
  for (const kind of kinds) all[kind]!++;
  const without = (own: Int32Array) => {
    for (const kind of own) all[kind]!--;
    const value = statistic(all);
    for (const kind of own) all[kind]!++;
    return value;
  };
  return {
    units: unitCount(counted.units),
    estimate: () => statistic(all),
    leftOut() {
      const known = new Map<number, number | undefined>();
      return Array.from({ length: unitCount(counted.units) }, (_, unit) => {
        const own = kinds.subarray(starts[unit]!, starts[unit + 1]!);
        if (own.length !== 1) return without(own);
        const kind = own[0]!;
        if (!known.has(kind)) known.set(kind, without(own));
        return known.get(kind);
      });
    },
  };
}

/** The kinds of each unit's cases, one unit after the other; those of unit n begin at `starts[n]`. */
function kindsByUnit({ units, kindOf }: CountedUnits): { starts: Int32Array; kinds: Int32Array } {
  const starts = new Int32Array(unitCount(units) + 1);
  if (typeof units === 'number') return { starts: starts.map((_, unit) => unit), kinds: Int32Array.from(kindOf) };
  for (const [unit, cases] of units.entries()) starts[unit + 1] = starts[unit]! + cases.length;
  return { starts, kinds: Int32Array.from(units.flat(), (number) => kindOf[number]!) };
}

type Draws = Uint16Array | Int32Array;

/** Draws of up to this many bytes are kept, since all classes and regions of a study are resampled alike. */
const MOST_KEPT = 64e6;
/** Lives as long as the statement that computes: what a WeakRef gives stays until the end of its job. */
let kept: { readonly key: string; readonly draws: WeakRef<Draws> } | undefined;

/** Calls `visit` for each sample with how often each unit was drawn, beginning at `from`. */
function forEachDraw(
  units: number,
  repetitions: number,
  seed: number | string,
  visit: (draws: Draws, from: number) => void,
): void {
  const key = JSON.stringify([units, repetitions, seed]);
  const known = kept?.key === key ? kept.draws.deref() : undefined;
  if (known) {
    for (let r = 0; r < repetitions; r++) visit(known, r * units);
    return;
  }
  const Counts = units <= 0xffff ? Uint16Array : Int32Array;
  const isKept = units * repetitions * Counts.BYTES_PER_ELEMENT <= MOST_KEPT;
  const draws = new Counts(isKept ? units * repetitions : units);
  const random = createRandom(seed);
  for (let r = 0; r < repetitions; r++) {
    const from = isKept ? r * units : 0;
    if (!isKept) draws.fill(0);
    for (let n = 0; n < units; n++) draws[from + Math.floor(random() * units)]!++;
    visit(draws, from);
  }
  // Only what is whole is kept: an interrupted statement leaves none.
  if (isKept) kept = { key, draws: new WeakRef(draws) };
}
