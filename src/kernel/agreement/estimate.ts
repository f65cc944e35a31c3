/** A statistic, or the reason why it has no value for these data. */
export type Estimate = { readonly value: number } | { readonly undefinedBecause: string };

export function defined(value: number): Estimate {
  return { value };
}

export function undefinedBecause(reason: string): Estimate {
  return { undefinedBecause: reason };
}

/** The value, or undefined. */
export function valueIn(estimate: Estimate): number | undefined {
  return 'value' in estimate ? estimate.value : undefined;
}
