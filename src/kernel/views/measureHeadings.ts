/** Headings of the table that compares a column of two sides. */
import type { TableViewParts } from './tableView.ts';

const COEFFICIENTS = {
  pearson: { sign: 'r', description: 'Pearson’s correlation' },
  rho: { sign: 'ρ', description: 'Spearman’s rank correlation' },
  icc: { sign: 'ICC(2,1)', description: 'Intraclass correlation, absolute agreement of single measurements' },
  ccc: { sign: 'CCC', description: 'Lin’s concordance correlation' },
  bias: { sign: 'Bias', description: 'Mean of left minus right' },
  lower_limit: { sign: 'Lower limit', description: 'Lower 95 % limit of agreement' },
  upper_limit: { sign: 'Upper limit', description: 'Upper 95 % limit of agreement' },
} as const;

/** `level` is that of the intervals, in percent. */
export function measureHeadings(level: number): NonNullable<TableViewParts['columns']> {
  const number = { kind: 'number', digits: 2 } as const;
  const shown = Number(level.toPrecision(6));
  return {
    ...Object.fromEntries(
      Object.entries(COEFFICIENTS).flatMap(([name, { sign, description }]) => [
        [name, { ...number, label: sign, description }],
        [
          `${name}_ci_low`,
          { ...number, label: `${sign} low`, description: `Lower bound of the ${shown} % confidence interval` },
        ],
        [
          `${name}_ci_high`,
          { ...number, label: `${sign} high`, description: `Upper bound of the ${shown} % confidence interval` },
        ],
      ]),
    ),
    bias_p: { kind: 'p-value', label: 'p (bias)', digits: 3, description: 'Is the bias 0?' },
  };
}
