/** `agree … by COLUMN`: two readings in groups of patients, and whether their agreement differs between the groups. */
import { from } from 'arquero';
import { type AgreementPairs, type AgreementResult, agreementRow, tableOf } from '../../agreement/agreementTable.ts';
import { cohenKappa } from '../../agreement/categories/kappa.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { fisherCoefficient, homogeneity } from '../../agreement/homogeneity.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import { scaleOfCuts } from '../../tables/scale.ts';
import { emptyWhere, remarksOf, sentencesOf } from '../../values/remarks.ts';
import { tableView } from '../../views/tableView.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';
import type { VerbResult } from '../verb.ts';
import { cutPointsOf, provenanceOf, type Side } from './agreeSides.ts';
import { comparedBy, confidenceOf, refuseIdleSeed, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { pairing } from './pairing.ts';
import { classesCompared, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';
import { agreementNotes, scaleRemarks } from './scaleNotes.ts';

export function agreeGroups(left: Side, right: Side, column: string, asked: AgreeArguments): VerbResult {
  refuseIdleSeed(asked);
  const grouping = groupsIn([left, right], column);
  const { groupOf, groups } = grouping;
  const cutPoints = cutPointsOf(left, right);
  const [a, b] = readingsOf([left, right], declaredScale(asked) ?? scaleOfCuts(cutPoints), asked);
  const { classes: names, remarks: unread } = classesCompared(asked, [a!, b!]);
  const hasPercentages = [a!, b!].some(({ scores }) => scores.rows.some((row) => row.percent !== undefined));
  const scale = scaleAsked(asked, cutPoints, hasPercentages);
  const { patients, remarks: unmatched } = matchPatients(a!, b!);
  const [weights, ci] = [weightsOf(asked), confidenceOf(asked)];
  const classes = names.map((name) => {
    const pairs = groups.map((group) =>
      pairing(
        [a!.scores, b!.scores],
        patients.filter((patient) => groupOf.get(patient) === group),
        cutPoints,
        scale,
      )('total', name),
    );
    const results = pairs.map((own) => agreementRow(own, weights, ci));
    return { name, pairs, results, ...interaction(pairs, weights) };
  });
  if (classes.every(({ results }) => results.every(({ row }) => row.n === 0)))
    throw new UserError(
      'no-pairs',
      `\`${left.name}\` and \`${right.name}\` have no score in common of patients with a ${column}.`,
    );
  const table = from(
    classes.flatMap(({ results, rho, kappa }) =>
      results.map(({ row: { region, class: name, n: patients, missing, ...rest } }, n) => ({
        region,
        class: name,
        group: groups[n],
        n: patients,
        missing,
        rho_p_groups: valueIn(rho.p),
        kappa_p_groups: valueIn(kappa.p),
        ...rest,
      })),
    ),
  );
  const whose = groups.map((group) => `${column} ${group}`);
  const allPairs = classes.flatMap(({ pairs }) => pairs);
  const provenance = provenanceOf(left, right, {
    ...(hasPercentages ? { cutPoints } : {}),
    ...comparedBy(scale, weights, ci, asked),
    groupsBy: column,
    groups: groups.length,
  });
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    remarks: [
      ...ungroupedRemarks(grouping, patients),
      ...unread,
      ...unmatched,
      ...[a!, b!].flatMap(({ scores }) => scores.remarks),
      ...scaleRemarks(scale, allPairs, !hasPercentages),
    ],
    view: () =>
      tableView(table, {
        title: `Agreement of ${left.name} with ${right.name} by ${column}`,
        notes: [
          'p between groups: χ² test of homogeneity of κ with its large-sample variances (Fleiss, Levin and Paik 2003), and of ρ on Fisher’s z scale; small p say that agreement differs between the groups.',
          ...classes.flatMap((compared) => notesOf(compared, whose)),
          ...agreementNotes(allPairs, scale, hasPercentages ? cutPoints : [], ci),
        ],
        researchOnly: true,
        provenance,
        columns: {
          group: { label: column, kind: 'text' },
          rho_p_groups: { label: 'p (ρ between groups)', kind: 'p-value', digits: 3 },
          kappa_p_groups: { label: 'p (κ between groups)', kind: 'p-value', digits: 3 },
        },
      }),
  };
}

/** One class in all groups, and whether they differ. */
interface Compared extends ReturnType<typeof interaction> {
  readonly name: string;
  readonly pairs: readonly AgreementPairs[];
  readonly results: readonly AgreementResult[];
}

function notesOf({ name, results, pairs, rho, kappa }: Compared, whose: readonly string[]): string[] {
  const between = [['p of ρ between groups', rho.p] as const, ['p of κ between groups', kappa.p] as const];
  return [
    ...sentencesOf(remarksOf(results, pairs, whose)),
    ...between.flatMap(([what, p]) => {
      const reason = undefinedReason([p]);
      return reason ? sentencesOf([emptyWhere(reason, { region: 'total', class: name }, what)]) : [];
    }),
  ];
}

function interaction(pairs: readonly AgreementPairs[], { weights }: ReturnType<typeof weightsOf>) {
  const kappas = pairs.map((group) => {
    const { kappa, se } = cohenKappa(tableOf(group), weights);
    const deviation = valueIn(se);
    return { value: valueIn(kappa), variance: deviation === undefined ? undefined : deviation ** 2 };
  });
  const rhos = pairs.map((group) =>
    fisherCoefficient(
      agreementRow(group, { name: 'none', weights: 'none' }, { kind: 'asymptotic' }).row.rho,
      group.pairs.length,
    ),
  );
  return { kappa: homogeneity(kappas), rho: homogeneity(rhos) };
}
