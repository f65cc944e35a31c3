/** An agreement laid out like a paper's table: ρ with its p, the patients in each category on both sides, κ, and the words for both. */
import type { CellValue, TableView } from '../../protocol/view.ts';
import { classLabel, regionInText } from '../../protocol/words/displayNames.ts';
import { benjaminiHochberg, holm } from '../agreement/adjustedP.ts';
import { type AgreementPairs, type AgreementRow, categoryName, tableOf } from '../agreement/agreementTable.ts';
import { sentencesOf } from '../values/remarks.ts';
import type { AgreementValue } from '../values/value.ts';
import { withInterval } from './figures/panels.ts';
import { levelIn } from './level.ts';

export function agreementSummary(
  name: string,
  { table, pairs, names, remarks, notes, provenance }: AgreementValue,
): TableView {
  // SAFETY: the table of an agreement is made of such rows, and `filter` takes some of them as they are.
  const rows = table.objects() as AgreementRow[];
  const scale = pairs[0] ? categoriesOf(pairs[0]).join(' / ') : '';
  const weights = rows[0]?.weights ?? 'none';
  const regions = [...new Set(rows.map((row) => row.region))];
  const oneRegion = regions.length === 1 ? regions[0] : undefined;
  const p = rows.map((row) => row.rho_p);
  const [byHolm, byRate] = [holm(p), benjaminiHochberg(p)];
  return {
    type: 'table',
    title: `Summary of ${name}: ${names.left} and ${names.right}${oneRegion ? `, ${regionInText(oneRegion)}` : ''}`,
    columns: [
      { name: 'class', label: 'Class', kind: 'text' },
      ...(oneRegion ? [] : [{ name: 'region', label: 'Region', kind: 'text' } as const]),
      { name: 'n', label: 'n', kind: 'number', digits: 0 },
      { name: 'missing', label: 'Missing', kind: 'number', digits: 0 },
      { name: 'rho', label: `ρ [${levelIn(provenance)} CI]`, kind: 'text' },
      { name: 'rho_p', label: 'p (ρ)', kind: 'p-value', digits: 3 },
      { name: 'strength_rho', label: 'Correlation', kind: 'text' },
      {
        name: 'kappa',
        label: `κ (${weights === 'none' ? 'unweighted' : weights}) [${levelIn(provenance)} CI]`,
        kind: 'text',
      },
      { name: 'strength_kappa', label: 'Agreement', kind: 'text' },
      { name: 'left', label: `${names.left} ${scale}`, kind: 'text', description: 'Patients in each category' },
      { name: 'right', label: `${names.right} ${scale}`, kind: 'text', description: 'Patients in each category' },
      { name: 'rho_p_holm', label: 'p (ρ, Holm)', kind: 'p-value', digits: 3, description: 'Adjusted for the rows' },
      { name: 'rho_p_bh', label: 'p (ρ, BH)', kind: 'p-value', digits: 3, description: 'Benjamini–Hochberg' },
    ],
    rows: rows.map((row, n) => lineOf(row, pairs[n]!, oneRegion === undefined, [byHolm[n], byRate[n]])),
    totalRows: rows.length,
    notes: [
      'Patients that one side lacks are left out and counted as missing. p by Holm and by Benjamini–Hochberg are those of ρ, adjusted for the rows of this table.',
      `κ ${weights === 'none' ? 'without weights' : `with ${weights} weights`}.`,
      ...notes(pairs),
      'ρ: weak below 0.40, moderate below 0.60, strong below 0.80, very strong from there on, negative below 0. κ: poor below 0, slight up to 0.20, fair up to 0.40, moderate up to 0.60, substantial up to 0.80, almost perfect above. Words go by the unrounded values.',
      ...sentencesOf(remarks),
    ],
    messages: [],
    researchOnly: true,
    provenance,
  };
}

function categoriesOf(group: AgreementPairs): string[] {
  return Array.from({ length: group.categories }, (_, category) => categoryName(group, category));
}

function lineOf(
  row: AgreementRow,
  group: AgreementPairs,
  withRegion: boolean,
  adjusted: readonly (number | undefined)[],
): CellValue[] {
  const counts = tableOf(group);
  const left = counts.map((own) => own.reduce((a, b) => a + b, 0));
  const right = counts.map((_, j) => counts.reduce((sum, own) => sum + own[j]!, 0));
  return [
    classLabel(row.class),
    ...(withRegion ? [row.region] : []),
    row.n,
    row.missing,
    row.rho === undefined ? null : withInterval(row.rho, row.rho_ci_low, row.rho_ci_high),
    row.rho_p ?? null,
    row.strength_rho ?? null,
    row.kappa === undefined ? null : withInterval(row.kappa, row.kappa_ci_low, row.kappa_ci_high),
    row.strength_kappa ?? null,
    left.join(' / '),
    right.join(' / '),
    ...adjusted.map((p) => p ?? null),
  ];
}
