/** `agree` of two agreements: by how much they differ on the same patients, by the paired bootstrap. */
import { from } from 'arquero';
import { benjaminiHochberg, holm } from '../../agreement/adjustedP.ts';
import {
  type AgreementPairs,
  caseOf,
  pairedCategories,
  pairedValues,
  patientClusters,
  timesOf,
} from '../../agreement/agreementTable.ts';
import { kappaStatistic } from '../../agreement/categories/kappaValue.ts';
import type { Weights } from '../../agreement/categories/weights.ts';
import { spearmanStatistic } from '../../agreement/correlation/spearman.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { BootstrapPlan } from '../../agreement/resampling/bootstrap.ts';
import { type Comparison, compareAgreements } from '../../agreement/resampling/compare.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import { joinedParameters } from '../../values/provenance.ts';
import { emptyWhere, sentencesOf } from '../../values/remarks.ts';
import { type TableViewParts, tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

/** First minus second, a row per region and class that both have, with a seeded bootstrap over patients. */
export function agreeDifference(
  first: Named<'agreement'>,
  second: Named<'agreement'>,
  plan: BootstrapPlan,
  classes: readonly string[] | undefined,
): VerbResult {
  const { repetitions, seed, method } = plan;
  const { weights } = first.value;
  if (weights.name !== second.value.weights.name)
    throw new UserError(
      'weights',
      `\`${first.name}\` has κ with weights ${weights.name}, \`${second.name}\` with ${second.value.weights.name}. Give both the same weights.`,
    );
  refuseOtherScale(first, second);
  const unknown = classes?.find((own) => !first.value.pairs.some((group) => group.class === own));
  if (unknown !== undefined) throw new UserError('not-compared', `\`${first.name}\` does not compare ${unknown}.`);
  const excluded = new Set([...first.value.excluded, ...second.value.excluded]);
  const compared = first.value.pairs.flatMap((group) => {
    if (classes && !classes.includes(group.class)) return [];
    const other = second.value.pairs.find(({ region, class: name }) => region === group.region && name === group.class);
    return other ? [rowOf([group, other], excluded, weights.weights, plan)] : [];
  });
  if (compared.length === 0)
    throw new UserError('not-compared', `\`${first.name}\` and \`${second.name}\` have no class and region in common.`);
  const rows = compared.map(({ row }) => row);
  const [rhoP, kappaP] = [rows.map((row) => row.rho_p), rows.map((row) => row.kappa_p)];
  const adjusted = {
    rho_p_holm: holm(rhoP),
    rho_p_bh: benjaminiHochberg(rhoP),
    kappa_p_holm: holm(kappaP),
    kappa_p_bh: benjaminiHochberg(kappaP),
  };
  const table = from(
    rows.map((row, n) => ({
      ...row,
      ...Object.fromEntries(Object.entries(adjusted).map(([column, values]) => [column, values[n]])),
    })),
  );
  const provenance = {
    ...first.value.provenance,
    inputs: { ...first.value.provenance.inputs, ...second.value.provenance.inputs },
    parameters: {
      ...joinedParameters(second.value.provenance.parameters, first.value.provenance.parameters),
      difference: method === 'bca' ? 'bca' : 'percentile',
      repetitions,
      seed,
    },
  };
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    view: () =>
      tableView(table, {
        title: `Difference of ${first.name} and ${second.name}`,
        notes: [
          `First minus second, on the patients of both; ${method === 'bca' ? 'BCa' : 'percentile'} intervals and p of ${repetitions} paired bootstrap samples of the patients, seed ${seed}.`,
          ...compared.flatMap(({ remarks }) => remarks.flatMap((remark) => sentencesOf([remark]))),
        ],
        researchOnly: true,
        provenance,
        columns: { ...headings('rho', 'ρ'), ...headings('kappa', 'κ') },
      }),
  };
}

/** κ of two scales differ by more than the readers do. */
function refuseOtherScale(first: Named<'agreement'>, second: Named<'agreement'>): void {
  const [a, b] = [first, second].map(({ value }) => {
    const { categories, categoryNames } = value.pairs[0]!;
    return categoryNames?.join(', ') ?? `0 to ${categories - 1}`;
  });
  if (a !== b)
    throw new UserError(
      'scale',
      `\`${first.name}\` is on the scale ${a}, \`${second.name}\` on ${b}. Give both the same scale.`,
    );
}

function rowOf(
  [a, b]: readonly [AgreementPairs, AgreementPairs],
  excluded: ReadonlySet<string>,
  weights: Weights,
  plan: BootstrapPlan,
) {
  if (timesOf(a) || timesOf(b))
    throw new UserError(
      'not-compared',
      'Counts do not say which patient is which, so that their agreements cannot be compared pair by pair.',
    );
  const both = onSameCases(a, b);
  const patients = patientClusters(both[0]);
  const [rhoFirst, rhoSecond] = both.map((group) => spearmanStatistic(...pairedValues(group)));
  const [kappaFirst, kappaSecond] = both.map((group) =>
    kappaStatistic(...pairedCategories(group), group.categories, weights),
  );
  const rho = compareAgreements(patients, rhoFirst!, rhoSecond!, plan);
  const kappa = compareAgreements(patients, kappaFirst!, kappaSecond!, plan);
  const emptyRemarks = (name: string, { difference, ciLow }: Comparison) => {
    const reason = undefinedReason([difference, ciLow]);
    return reason === undefined ? [] : [emptyWhere(reason, a, name)];
  };
  return {
    row: {
      region: a.region,
      class: a.class,
      n: both[0].pairs.length,
      missing: missingIn(a, b, excluded, both[0].pairs.length),
      ...columns('rho', rho),
      ...columns('kappa', kappa),
    },
    remarks: [...emptyRemarks('ρ', rho), ...emptyRemarks('κ', kappa)],
  };
}

/** Cases of either agreement, or lacking in either, that are not in both; who was left out before is not missing. */
function missingIn(a: AgreementPairs, b: AgreementPairs, excluded: ReadonlySet<string>, inBoth: number): number {
  const all = [a, b].flatMap(({ pairs, lacking = [] }) => [...pairs, ...lacking]);
  return new Set(all.filter(({ patient }) => !excluded.has(patient)).map(caseOf)).size - inBoth;
}

/** Both with the cases (patients, or lobes of patients) that both have, in the same order. */
function onSameCases(a: AgreementPairs, b: AgreementPairs): [AgreementPairs, AgreementPairs] {
  const others = new Map(b.pairs.map((pair) => [caseOf(pair), pair]));
  const both = a.pairs.flatMap((pair) => {
    const other = others.get(caseOf(pair));
    return other ? [[pair, other] as const] : [];
  });
  return [
    { ...a, pairs: both.map(([pair]) => pair) },
    { ...b, pairs: both.map(([, pair]) => pair) },
  ];
}

function columns<N extends 'rho' | 'kappa'>(name: N, { difference, ciLow, ciHigh, p }: Comparison) {
  // SAFETY: the keys are those of the type, made from the same name.
  return {
    [`${name}_difference`]: valueIn(difference),
    [`${name}_ci_low`]: valueIn(ciLow),
    [`${name}_ci_high`]: valueIn(ciHigh),
    [`${name}_p`]: valueIn(p),
  } as Record<`${N}_difference` | `${N}_ci_low` | `${N}_ci_high` | `${N}_p`, number | undefined>;
}

/** Intervals and p of a difference carry the same names as those of a coefficient, and are headed as what they are. */
function headings(name: 'rho' | 'kappa', sign: string): TableViewParts['columns'] {
  const bound = (end: 'low' | 'high', word: string) => ({
    label: `Δ${sign} ${end}`,
    kind: 'number' as const,
    digits: 2,
    description: `${word} bound of the 95 % confidence interval of the difference in ${sign}`,
  });
  const p = (adjusted = '') => ({ label: `p (Δ${sign}${adjusted})`, kind: 'p-value' as const, digits: 3 });
  return {
    [`${name}_ci_low`]: bound('low', 'Lower'),
    [`${name}_ci_high`]: bound('high', 'Upper'),
    [`${name}_p`]: p(),
    [`${name}_p_holm`]: p(', Holm'),
    [`${name}_p_bh`]: p(', BH'),
  };
}
