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
import { type Comparison, compareAgreements, compareIndependent } from '../../agreement/resampling/compare.ts';
import type { Statistic } from '../../agreement/resampling/resample.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import { joinedParameters } from '../../values/provenance.ts';
import { emptyWhere, sentencesOf } from '../../values/remarks.ts';
import { nonInferiorityFigure } from '../../views/figures/nonInferiority.ts';
import { type TableViewParts, tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

/** How the difference is looked at; `margin` is by how much the first may be worse. */
export interface DifferencePlan extends BootstrapPlan {
  readonly confidence: number;
  readonly margin: number | undefined;
}

/** First minus second, a row per region and class that both have, with a seeded bootstrap over patients. */
export function agreeDifference(
  first: Named<'agreement'>,
  second: Named<'agreement'>,
  { margin, ...plan }: DifferencePlan,
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
    return other ? [rowOf([group, other], excluded, weights.weights, { ...plan, margin })] : [];
  });
  if (compared.length === 0)
    throw new UserError('not-compared', `\`${first.name}\` and \`${second.name}\` have no class and region in common.`);
  const rows = compared.map(({ row }) => row);
  const areIndependent = compared.some((own) => own.areIndependent);
  if (areIndependent && !compared.every((own) => own.areIndependent || own.row.n === 0))
    throw new UserError(
      'not-compared',
      `\`${first.name}\` and \`${second.name}\` have the same patients in some classes and regions, and others elsewhere. Compare them class by class.`,
    );
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
  const [names, level] = [{ left: first.name, right: second.name }, Number((100 * plan.confidence).toPrecision(6))];
  const provenance = {
    ...first.value.provenance,
    inputs: { ...first.value.provenance.inputs, ...second.value.provenance.inputs },
    parameters: {
      ...joinedParameters(second.value.provenance.parameters, first.value.provenance.parameters),
      difference: areIndependent ? 'independent groups' : method === 'bca' ? 'bca' : 'percentile',
      repetitions,
      seed,
      level: 100 * plan.confidence,
      ...(margin === undefined ? {} : { margin }),
    },
  };
  return {
    value: {
      kind: 'table',
      table,
      cutPoints: undefined,
      provenance,
      ...(margin !== undefined && {
        figures: {
          'non-inferiority': (shown, asked) =>
            nonInferiorityFigure(shown, asked, { names, margin, confidence: plan.confidence, provenance }),
        },
      }),
    },
    view: () =>
      tableView(table, {
        title: `Difference of ${first.name} and ${second.name}`,
        notes: [
          areIndependent
            ? `First minus second, of groups without a patient in common, n being that of both: p is that of an interaction between group and agreement. ${level} % percentile intervals and p of ${repetitions} bootstrap samples of each group by itself, seed ${seed}.`
            : `First minus second, on the patients of both; ${level} % ${method === 'bca' ? 'BCa' : 'percentile'} intervals and p of ${repetitions} paired bootstrap samples of the patients, seed ${seed}.`,
          ...(margin === undefined ? [] : [marginNote(first.name, second.name, margin, plan.confidence)]),
          ...compared.flatMap(({ remarks }) => remarks.flatMap((remark) => sentencesOf([remark]))),
        ],
        researchOnly: true,
        provenance,
        columns: { ...headings('rho', 'ρ', level), ...headings('kappa', 'κ', level) },
      }),
  };
}

/** What the verdict says, and by which bound. */
function marginNote(first: string, second: string, margin: number, confidence: number): string {
  const shown = Number((100 * confidence).toPrecision(6));
  const oneSided = Number((50 * (1 - confidence)).toPrecision(6));
  return `${first} may be worse than ${second} by up to ${margin}: non-inferior where the lower end of the ${shown} % interval is above −${margin} (one-sided p, to be compared with ${oneSided} %), inferior where its upper end is below −${margin}, else not shown.`;
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
  plan: DifferencePlan,
) {
  if (timesOf(a) || timesOf(b))
    throw new UserError(
      'not-compared',
      'Counts do not say which patient is which, so that their agreements cannot be compared pair by pair.',
    );
  const both = onSameCases(a, b);
  const areIndependent = both[0].pairs.length === 0 && a.pairs.length > 0 && b.pairs.length > 0;
  const groups = areIndependent ? [a, b] : both;
  const compared = (statisticOf: (group: AgreementPairs) => Statistic): Comparison => {
    const [first, second] = groups.map(statisticOf);
    if (!areIndependent) return compareAgreements(patientClusters(both[0]), first!, second!, plan);
    const of = (group: AgreementPairs, statistic: Statistic) => ({ units: patientClusters(group), statistic });
    return compareIndependent(of(a, first!), of(b, second!), plan);
  };
  const rho = compared((group) => spearmanStatistic(...pairedValues(group)));
  const kappa = compared((group) => kappaStatistic(...pairedCategories(group), group.categories, weights));
  const emptyRemarks = (name: string, { difference, ciLow }: Comparison) => {
    const reason = undefinedReason([difference, ciLow]);
    return reason === undefined ? [] : [emptyWhere(reason, a, name)];
  };
  return {
    areIndependent,
    row: {
      region: a.region,
      class: a.class,
      n: areIndependent ? a.pairs.length + b.pairs.length : both[0].pairs.length,
      // Of groups, each lacks the other's patients by intent.
      missing: areIndependent ? undefined : missingIn(a, b, excluded, both[0].pairs.length),
      ...columns('rho', rho, plan.margin),
      ...columns('kappa', kappa, plan.margin),
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

function columns<N extends 'rho' | 'kappa'>(name: N, comparison: Comparison, margin: number | undefined) {
  const { difference, ciLow, ciHigh, p, pNotWorse } = comparison;
  const [low, high] = [valueIn(ciLow), valueIn(ciHigh)];
  // SAFETY: the keys are those of the type, made from the same name; the last two are there with a margin alone.
  return {
    [`${name}_difference`]: valueIn(difference),
    [`${name}_ci_low`]: low,
    [`${name}_ci_high`]: high,
    [`${name}_p`]: valueIn(p),
    ...(pNotWorse &&
      margin !== undefined && {
        [`${name}_not_worse_p`]: valueIn(pNotWorse),
        [`${name}_verdict`]: verdictOf(low, high, margin),
      }),
  } as Record<`${N}_difference` | `${N}_ci_low` | `${N}_ci_high` | `${N}_p`, number | undefined>;
}

function verdictOf(low: number | undefined, high: number | undefined, margin: number): string | undefined {
  if (low === undefined || high === undefined) return undefined;
  if (low > -margin) return low > 0 ? 'superior' : 'non-inferior';
  return high < -margin ? 'inferior' : 'not shown';
}

/** Intervals and p of a difference carry the same names as those of a coefficient, and are headed as what they are. */
function headings(name: 'rho' | 'kappa', sign: string, level: number): TableViewParts['columns'] {
  const bound = (end: 'low' | 'high', word: string) => ({
    label: `Δ${sign} ${end}`,
    kind: 'number' as const,
    digits: 2,
    description: `${word} bound of the ${level} % confidence interval of the difference in ${sign}`,
  });
  const p = (adjusted = '') => ({ label: `p (Δ${sign}${adjusted})`, kind: 'p-value' as const, digits: 3 });
  return {
    [`${name}_ci_low`]: bound('low', 'Lower'),
    [`${name}_ci_high`]: bound('high', 'Upper'),
    [`${name}_p`]: p(),
    [`${name}_not_worse_p`]: {
      ...p(', not worse'),
      description: 'One-sided, against being worse by the margin or more',
    },
    [`${name}_verdict`]: { label: `Verdict (${sign})`, kind: 'text' },
    [`${name}_p_holm`]: p(', Holm'),
    [`${name}_p_bh`]: p(', BH'),
  };
}
