/** Who was left out of a study on the way, and why: kept with cohorts and tables from step to step (STROBE 2007, item 13). */
import { naturally } from '../base/naturally.ts';
import type { Value } from './value.ts';

export interface FlowStep {
  readonly reason: string;
  /** Labels of the patients who were left out. */
  readonly excluded: readonly string[];
  /** Visits that were left out of patients who stay, as `P07, visit 2`; absent where whole patients went alone. */
  readonly visitsExcluded?: readonly string[];
  /** What is left, and what the notebook calls it. */
  readonly name: string | undefined;
  readonly remaining: number;
}

export interface StudyFlow {
  readonly start: { readonly name: string; readonly patients: number };
  readonly steps: readonly FlowStep[];
}

export type FlowingValue = Extract<Value, { kind: 'cohort' | 'measurements' | 'table' }>;

/** Labels of the patients of a value, in natural order; none where a table has no patients. */
export function patientsOf(value: FlowingValue): string[] | undefined {
  if (value.kind === 'cohort') return value.cohort.patients.map(({ id }) => id);
  const column = value.table.columnNames().find((name) => name.trim().toLowerCase() === 'patient');
  if (column === undefined) return undefined;
  const labels = Array.from(value.table.array(column), String);
  return [...new Set(labels)].sort(naturally);
}

/** The flow with one more step; a first step begins it. */
export function withStep(flow: StudyFlow | undefined, start: StudyFlow['start'], step: FlowStep): StudyFlow {
  const begun = flow ?? { start, steps: [] };
  return { ...begun, steps: [...begun.steps, step] };
}
