/** Headings of the table that `relate` gives. */
import { EFFECTS, type Outcome } from '../agreement/association/relation.ts';
import type { TableViewParts } from './tableView.ts';

const RANKS: Readonly<Record<Outcome['kind'], { readonly label: string; readonly description: string }>> = {
  number: { label: 'ρ', description: 'Spearman’s rank correlation' },
  'yes-no': { label: 'r', description: 'Rank-biserial correlation' },
  groups: { label: 'ε²', description: 'Share of the ranks’ variance between groups' },
  survival: { label: 'χ²', description: 'Log-rank test of thirds' },
};

const SHORT: Readonly<Record<Outcome['kind'], string>> = { number: 'β', 'yes-no': 'OR', groups: '', survival: 'HR' };

export function relationHeadings({
  kinds,
  level,
  groupsBy,
}: {
  readonly kinds: readonly Outcome['kind'][];
  /** Of the intervals, in percent. */
  readonly level: number;
  readonly groupsBy: string | undefined;
}): NonNullable<TableViewParts['columns']> {
  const [kind] = kinds;
  const isOne = kind !== undefined && kinds.every((own) => own === kind);
  const rank = isOne ? RANKS[kind] : { label: 'Rank statistic', description: 'As the column before says' };
  const effect = isOne
    ? { label: SHORT[kind], description: `${EFFECTS[kind]}, by regression` }
    : { label: 'Effect', description: 'By regression' };
  return {
    outcome: { label: 'Outcome', kind: 'text' },
    group: { label: groupsBy ?? 'Group', kind: 'text' },
    n: { label: 'n', kind: 'number', digits: 0, description: 'Patients who have every value' },
    missing: { label: 'Missing', kind: 'number', digits: 0, description: 'Patients who lack a value' },
    events: { label: 'Events', kind: 'number', digits: 0 },
    rank_test: { label: 'By ranks', kind: 'text' },
    ...statisticHeadings('rank', rank, 2, level),
    effect_of: { label: 'By regression', kind: 'text' },
    ...statisticHeadings('effect', effect, 3, level),
    effect_p_groups: {
      label: `p (${effect.label} between groups)`,
      kind: 'p-value',
      digits: 3,
      description: 'Test of homogeneity of the effect',
    },
  };
}

function statisticHeadings(
  prefix: string,
  { label, description }: { readonly label: string; readonly description: string },
  digits: number,
  level: number,
): NonNullable<TableViewParts['columns']> {
  const bound = (which: string) => `${which} bound of the ${Number(level.toPrecision(6))} % confidence interval`;
  return {
    [prefix]: { label, kind: 'number', digits, description },
    [`${prefix}_ci_low`]: { label: `${label} low`, kind: 'number', digits, description: bound('Lower') },
    [`${prefix}_ci_high`]: { label: `${label} high`, kind: 'number', digits, description: bound('Upper') },
    [`${prefix}_p`]: { label: `p (${label})`, kind: 'p-value', digits: 3 },
    [`${prefix}_p_holm`]: { label: `p (${label}, Holm)`, kind: 'p-value', digits: 3 },
    [`${prefix}_p_bh`]: { label: `p (${label}, BH)`, kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg' },
  };
}
