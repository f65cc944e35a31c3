/** What logistic and Cox regression share: when Newton's method has arrived, and whether the likelihood has a maximum at all. */
import { Matrix, solve } from 'ml-matrix';

export const ITERATIONS = 50;
export const CONVERGED = 1e-10;
/** Standard errors of standardised coefficients beyond this are those of a likelihood that has no maximum. */
const ENDLESS = 30;

export interface Maximum {
  readonly beta: number[];
  readonly ses: number[];
}

export function maximumAt(beta: number[], covariance: Matrix): Maximum {
  return { beta, ses: beta.map((_, j) => Math.sqrt(covariance.get(j, j))) };
}

/** The first coefficient that has no end; −1 where all have one, or nothing was found. */
export function endlessIn(found: Maximum | undefined): number {
  return found?.ses.findIndex((se) => !(se < ENDLESS)) ?? -1;
}

/** Undefined where there is none, or not a finite one. */
export function inverseOf(matrix: Matrix): Matrix | undefined {
  try {
    const inverse = solve(matrix, Matrix.eye(matrix.rows));
    return inverse.to1DArray().every(Number.isFinite) ? inverse : undefined;
  } catch (error) {
    // The library's word for a matrix that has no inverse; anything else is a bug.
    if (error instanceof Error && /singular/i.test(error.message)) return undefined;
    throw error;
  }
}
