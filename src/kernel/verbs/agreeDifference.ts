/** `agree` of two agreements: by how much they differ on the same patients, by the paired bootstrap. */
import { from } from 'arquero';
import { holm } from '../agreement/adjustP.ts';
import type { AgreementPairs, AgreementRow } from '../agreement/agreementTable.ts';
import { compareAgreements, type Difference } from '../agreement/compareAgreements.ts';
import { contingencyTable } from '../agreement/contingency.ts';
import { valueIn } from '../agreement/estimate.ts';
import { cohenKappa, type KappaWeights } from '../agreement/kappa.ts';
import { spearmanRho } from '../agreement/spearman.ts';
import { UserError } from '../base/userError.ts';
import type { Named } from './arguments.ts';
import { tableView } from './tableView.ts';
import type { VerbResult } from './verb.ts';

/** First minus second, a row per region and class that both have, with a seeded bootstrap over patients. */
export function agreeDifference(
  first: Named<'agreement'>,
  second: Named<'agreement'>,
  repetitions: number,
  seed: number,
): VerbResult {
  const weights = weightsOf(first);
  if (weights !== weightsOf(second))
    throw new UserError(
      'weights',
      `\`${first.name}\` has κ with weights ${weights}, \`${second.name}\` with ${weightsOf(second)}. Give both the same weights.`,
    );
  const rows = first.value.pairs.flatMap((group) => {
    const other = second.value.pairs.find(({ region, class: name }) => region === group.region && name === group.class);
    return other ? [rowOf(group, other, weights, repetitions, seed)] : [];
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

function rowOf(a: AgreementPairs, b: AgreementPairs, weights: KappaWeights, repetitions: number, seed: number) {
  const others = new Map(b.pairs.map((pair) => [pair.patient, pair]));
  const both = a.pairs.flatMap((pair) => {
    const other = others.get(pair.patient);
    return other ? [[pair, other] as const] : [];
  });
  const rho = (side: 0 | 1) => (sample: readonly number[]) =>
    spearmanRho(
      sample.map((n) => both[n]![side].left),
      sample.map((n) => both[n]![side].right),
    );
  const kappa = (side: 0 | 1) => (sample: readonly number[]) =>
    valueIn(
      cohenKappa(
        contingencyTable(
          sample.map((n) => both[n]![side].leftCategory),
          sample.map((n) => both[n]![side].rightCategory),
          a.categories,
        ),
        weights,
      ).kappa,
    );
  const ofRho = compareAgreements(both.length, rho(0), rho(1), repetitions, seed);
  const ofKappa = compareAgreements(both.length, kappa(0), kappa(1), repetitions, seed);
  return { region: a.region, class: a.class, n: both.length, ...columns('rho', ofRho), ...columns('kappa', ofKappa) };
}

function columns<N extends 'rho' | 'kappa'>(name: N, { value, low, high, p }: Difference) {
  // SAFETY: the keys are those of the type, made from the same name.
  return {
    [`${name}_difference`]: valueIn(value),
    [`${name}_ci_low`]: valueIn(low),
    [`${name}_ci_high`]: valueIn(high),
    [`${name}_p`]: valueIn(p),
  } as Record<`${N}_difference` | `${N}_ci_low` | `${N}_ci_high` | `${N}_p`, number | undefined>;
}
