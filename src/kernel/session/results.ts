/** The results of a notebook by name, and the selection of patients and what is drawn, which cells use as they use a name. */
import type { Annotation } from '../../protocol/annotations/annotation.ts';
import { DRAWN } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import type { Scalar, Value } from '../values/value.ts';
import type { NamedRun } from './staleness.ts';

export interface NamedResult {
  readonly value: Value;
  readonly cellId: string;
  /** Number of the run that made it. */
  readonly run: number;
  /** When, in milliseconds of the clock. */
  readonly madeAtMs: number;
}

export type Results = ReturnType<typeof createResults>;

/** `now` is a clock in milliseconds. */
export function createResults(firstSelected: Iterable<string>, now: () => number) {
  const results = new Map<string, NamedResult>();
  /** Which names each cell has defined since it last began, so that a name may move to another cell. */
  const definedIn = new Map<string, Set<string>>();
  let selected: ReadonlySet<string> = new Set(firstSelected);
  /** Changes with the selection as a name's run does with its value. */
  let selectionRun = 0;
  let drawn: readonly Annotation[] = [];
  /** Likewise. */
  let drawnRun = 0;

  return {
    get: (name: string) => results.get(name),
    /** In the order in which they were made. */
    all: (): readonly (readonly [string, NamedResult])[] => [...results],
    values: () => new Map([...results].map(([name, { value }]) => [name, value] as const)),
    /** The values of all parameters by name. */
    parameters: (): Record<string, Scalar> =>
      Object.fromEntries(
        [...results].flatMap(([name, { value }]) => (value.kind === 'parameter' ? [[name, value.value]] : [])),
      ),
    /** A cell starts anew, and has defined nothing yet. */
    beginCell: (cellId: string) => void definedIn.delete(cellId),
    /** Another cell that defined the name when it last ran. */
    otherOwner(name: string, cellId: string): string | undefined {
      const owner = results.get(name)?.cellId;
      return owner !== undefined && owner !== cellId && definedIn.get(owner)?.has(name) ? owner : undefined;
    },
    define(name: string, { value, cellId, run }: Omit<NamedResult, 'madeAtMs'>): void {
      results.set(name, { value, cellId, run, madeAtMs: now() });
      definedIn.set(cellId, (definedIn.get(cellId) ?? new Set()).add(name));
    },
    /** How long ago a result was made, in milliseconds. */
    ageMs(name: string): number | undefined {
      const result = results.get(name);
      return result && now() - result.madeAtMs;
    },
    /** What each name stands for now, the selection among them. */
    runs: (): ReadonlyMap<string, NamedRun> =>
      new Map(
        [...results].map(([name, { run, value }]) => [name, { run, isParameter: value.kind === 'parameter' }] as const),
      )
        .set(SELECTED, { run: selectionRun, isParameter: true })
        .set(DRAWN, { run: drawnRun, isParameter: true }),
    selected: () => selected,
    select(patients: Iterable<string>): void {
      selected = new Set(patients);
      selectionRun++;
    },
    /** On the slices of the notebook. */
    drawn: () => drawn,
    draw(annotations: readonly Annotation[]): void {
      drawn = annotations;
      drawnRun++;
    },
  };
}
