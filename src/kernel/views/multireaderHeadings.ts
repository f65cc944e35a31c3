/** Headings of the table that compares readers under two conditions. */
import type { TableViewParts } from './tableView.ts';

/** `level` is that of the intervals, in percent. */
export function multireaderHeadings(
  [first, second]: readonly [string, string],
  level: number,
): NonNullable<TableViewParts['columns']> {
  const number = { kind: 'number', digits: 2 } as const;
  const shown = Number(level.toPrecision(6));
  const withInterval = (name: string, label: string, description: string) => ({
    [name]: { ...number, label, description },
    [`${name}_ci_low`]: {
      ...number,
      label: `${label} low`,
      description: `Lower bound of the ${shown} % confidence interval`,
    },
    [`${name}_ci_high`]: {
      ...number,
      label: `${label} high`,
      description: `Upper bound of the ${shown} % confidence interval`,
    },
  });
  return {
    statistic: {
      label: 'Statistic',
      kind: 'text',
      description:
        'With the truth: ρ (Spearman), κ (Cohen), or the area under the ROC curve; in files and expressions rho, kappa and auc',
    },
    readers: { label: 'Readers', kind: 'number', digits: 0, description: 'Who have read under both conditions' },
    n: {
      label: 'n',
      kind: 'number',
      digits: 0,
      description: 'Cases that a reader or more has read under both conditions',
    },
    missing: {
      label: 'Missing',
      kind: 'number',
      digits: 0,
      description: 'Readings of such a case that a reader lacks',
    },
    ...withInterval('first', capitalised(first), 'Mean of the readers'),
    ...withInterval('second', capitalised(second), 'Mean of the readers'),
    ...withInterval('difference', 'Difference', `${capitalised(second)} minus ${first}`),
    df: { label: 'df', kind: 'number', digits: 1, description: 'Hillis’s degrees of freedom; none where z is used' },
    p: { label: 'p', kind: 'p-value', digits: 3 },
    p_holm: { label: 'p (Holm)', kind: 'p-value', digits: 3 },
    p_bh: { label: 'p (BH)', kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg' },
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
