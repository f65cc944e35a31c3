/** The different values of what outputs say about how they were made, and words for them. */
import type { Provenance } from '../view.ts';
import type { ParameterName, ParameterValue } from '../words/parameters.ts';

export type Parameter = ParameterValue;

/** The different values of a parameter, in the order in which they were first used. */
export function valuesOf(provenances: readonly Provenance[], parameter: ParameterName): Parameter[] {
  const values = new Map<string, Parameter>();
  for (const { parameters } of provenances) {
    const value = parameters[parameter];
    if (value !== undefined && !values.has(String(value))) values.set(String(value), value);
  }
  return [...values.values()];
}

/** The different steps that a parameter lists, in the order in which they were first taken. */
export function stepsOf(provenances: readonly Provenance[], parameter: ParameterName): string[] {
  return [...new Set(valuesOf(provenances, parameter).flatMap(listOf))];
}

export function listOf(value: Parameter): string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}

/** What is said of each output, each way of saying it once. */
export function eachOnce(provenances: readonly Provenance[], words: (of: Provenance) => string): string[] {
  return [...new Set(provenances.map(words))];
}

export function quoted(text: string): string {
  return `“${text}”`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
