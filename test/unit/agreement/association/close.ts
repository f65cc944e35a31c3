/** How close our values must be to R's. */
import { expect } from 'vitest';

/** A printed value; null where there is none. */
export type Reference = number | null;

type Nested<T> = T | readonly Nested<T>[];

/** Equal to six digits, each within each: R takes the standard errors of logistic and Cox models from the step before its last. */
export function close(own: Nested<number | undefined>, reference: Nested<Reference>): void {
  if (Array.isArray(reference)) {
    // SAFETY: both are of one shape, which the length says where they are not.
    const parts = own as readonly Nested<number | undefined>[];
    expect(parts).toHaveLength(reference.length);
    for (const [n, part] of parts.entries()) close(part, reference[n]!);
    return;
  }
  if (reference === null) {
    expect(own).toBeUndefined();
    return;
  }
  const [value, wanted] = [Number(own), Number(reference)];
  expect(Math.abs(value - wanted), `${value} is not ${wanted}`).toBeLessThanOrEqual(
    1e-6 * Math.max(Math.abs(wanted), 1e-3),
  );
}
