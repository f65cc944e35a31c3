/** The results of a notebook by name, and the selection of patients, which cells use as they use a name. */
import { SELECTED } from '../language/expression.ts';
import type { Scalar, Value } from '../values/value.ts';
import type { NamedRun } from './staleness.ts';

export interface NamedResult {
  /** Undefined as long as it waits for patients to be selected. */
  readonly value: Value | undefined;
  readonly cellId: string;
  /** Number of the run that made it. */
  readonly run: number;
  /** Another one for each result. */
  readonly made: number;
  /** When, in milliseconds of the clock. */
  readonly madeAtMs: number;
}

export type Results = ReturnType<typeof createResults>;

/** `now` is a clock in milliseconds. */
export function createResults(firstSelected: Iterable<string>, now: () => number) {
  const results = new Map<string, NamedResult>();
  /** Which names each cell has defined since it last began, so that a name may move to another cell. */
  const definedIn = new Map<string, Set<string>>();
  let madeCount = 0;
  let selected: ReadonlySet<string> = new Set(firstSelected);
  /** Changes with the selection as a name's run does with its value. */
  let selectionRun = 0;

  return {
    get: (name: string) => results.get(name),
    /** In the order in which they were made. */
    values: () => new Map([...results].flatMap(([name, { value }]) => (value ? [[name, value] as const] : []))),
    /** Names of results that wait for patients to be selected. */
    waiting: (): ReadonlySet<string> => new Set([...results].flatMap(([name, { value }]) => (value ? [] : [name]))),
    /** The values of all parameters by name. */
    parameters: (): Record<string, Scalar> =>
      Object.fromEntries(
        [...results].flatMap(([name, { value }]) => (value?.kind === 'parameter' ? [[name, value.value]] : [])),
      ),
    /** A cell starts anew, and has defined nothing yet. */
    beginCell: (cellId: string) => void definedIn.delete(cellId),
    /** Another cell that defined the name when it last ran. */
    otherOwner(name: string, cellId: string): string | undefined {
      const owner = results.get(name)?.cellId;
      return owner !== undefined && owner !== cellId && definedIn.get(owner)?.has(name) ? owner : undefined;
    },
    define(name: string, { value, cellId, run }: Omit<NamedResult, 'made' | 'madeAtMs'>): void {
      results.set(name, { value, cellId, run, made: ++madeCount, madeAtMs: now() });
      definedIn.set(cellId, (definedIn.get(cellId) ?? new Set()).add(name));
    },
    /** By the new names of old ones; a result that had one of them is nobody's any more, and goes. */
    rename(names: ReadonlyMap<string, string>): void {
      const moved = [...results].filter(([name]) => names.has(name));
      for (const [name] of moved) results.delete(name);
      for (const [name, result] of moved) results.set(names.get(name)!, result);
      for (const [cellId, own] of definedIn)
        definedIn.set(cellId, new Set([...own].map((name) => names.get(name) ?? name)));
    },
    /** How long ago a result was made, in milliseconds. */
    ageMs(name: string): number | undefined {
      const result = results.get(name);
      return result && now() - result.madeAtMs;
    },
    /** What each name stands for now, the selection among them. */
    runs: (): ReadonlyMap<string, NamedRun> =>
      new Map(
        [...results].map(
          ([name, { run, made, value }]) => [name, { run, made, isParameter: value?.kind === 'parameter' }] as const,
        ),
      ).set(SELECTED, { run: 0, made: selectionRun, isParameter: true }),
    selected: () => selected,
    select(patients: Iterable<string>): void {
      selected = new Set(patients);
      selectionRun++;
    },
  };
}
