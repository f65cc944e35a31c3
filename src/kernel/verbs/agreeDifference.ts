/** `agree` of two agreements: by how much they differ on the same patients, by the paired bootstrap. */
import { from } from 'arquero';
import { holm } from '../agreement/adjustedP.ts';
import { type AgreementPairs, type AgreementRow, categoriesOf, valuesOf } from '../agreement/agreementTable.ts';
import { kappaStatistic } from '../agreement/categories/kappaValue.ts';
import type { KappaWeights } from '../agreement/categories/weights.ts';
import { spearmanStatistic } from '../agreement/correlation/spearman.ts';
import { valueIn } from '../agreement/estimate.ts';
import type { BootstrapPlan } from '../agreement/resampling/bootstrap.ts';
import { type Comparison, compareAgreements } from '../agreement/resampling/compare.ts';
import { UserError } from '../base/userError.ts';
import type { Named } from './arguments.ts';
import { tableView } from './tableView.ts';
import type { VerbResult } from './verb.ts';

/** First minus second, a row per region and class that both have, with a seeded bootstrap over patients. */
export function agreeDifference(
  first: Named<'agreement'>,
  second: Named<'agreement'>,
  plan: BootstrapPlan,
): VerbResult {
  const { repetitions, seed } = plan;
  const weights = weightsOf(first);
  if (weights !== weightsOf(second))
    throw new UserError(
      'weights',
      `\`${first.name}\` has κ with weights ${weights}, \`${second.name}\` with ${weightsOf(second)}. Give both the same weights.`,
    );
  const rows = first.value.pairs.flatMap((group) => {
    const other = second.value.pairs.find(({ region, class: name }) => region === group.region && name === group.class);
    return other ? [rowOf(group, other, weights, plan)] : [];
  });
  if (rows.length === 0)
    throw new UserError('not-compared', `\`${first.name}\` and \`${second.name}\` have no class and region in common.`);
  const adjusted = holm(rows.map((row) => row.kappa_p));
  const table = from(rows.map((row, n) => ({ ...row, kappa_p_holm: adjusted[n] })));
  const provenance = {
    ...first.value.provenance,
    inputs: { ...first.value.provenance.inputs, ...second.value.provenance.inputs },
    parameters: { ...first.value.provenance.parameters, repetitions, seed },
  };
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    view: () =>
      tableView(table, {
        title: `Difference of ${first.name} and ${second.name}`,
        notes: [
          `First minus second, on the patients of both; percentile intervals and p of ${repetitions} paired bootstrap samples of the patients, seed ${seed}.`,
        ],
        researchOnly: true,
        provenance,
      }),
  };
}

function weightsOf({ value }: Named<'agreement'>): KappaWeights {
  return (value.table.objects() as AgreementRow[])[0]!.weights;
}

function rowOf(a: AgreementPairs, b: AgreementPairs, weights: KappaWeights, plan: BootstrapPlan) {
  const both = onSamePatients(a, b);
  const n = both[0].pairs.length;
  const [rhoFirst, rhoSecond] = both.map((group) => spearmanStatistic(...valuesOf(group)));
  const [kappaFirst, kappaSecond] = both.map((group) =>
    kappaStatistic(...categoriesOf(group), group.categories, weights),
  );
  const rho = compareAgreements(n, rhoFirst!, rhoSecond!, plan);
  const kappa = compareAgreements(n, kappaFirst!, kappaSecond!, plan);
  return { region: a.region, class: a.class, n, ...columns('rho', rho), ...columns('kappa', kappa) };
}

/** Both with the patients that both have, in the same order. */
function onSamePatients(a: AgreementPairs, b: AgreementPairs): [AgreementPairs, AgreementPairs] {
  const others = new Map(b.pairs.map((pair) => [pair.patient, pair]));
  const both = a.pairs.flatMap((pair) => {
    const other = others.get(pair.patient);
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
