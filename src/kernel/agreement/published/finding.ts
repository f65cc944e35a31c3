/** What does not fit in a published table. */

export type Check =
  | 'count'
  | 'counts-total'
  | 'totals-differ'
  | 'count-percent'
  | 'percents-total'
  | 'coefficient-range'
  | 'kappa-margins'
  | 'interval-order'
  | 'interval-asymmetry'
  | 'kappa-interval'
  | 'rho-p';

export interface Finding {
  readonly check: Check;
  /** Row, and side where there are two: "consolidation, AI". */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  /** The whole, for people. */
  readonly sentence: string;
}
