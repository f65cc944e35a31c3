/** `agree` of two readings: ρ and κ of each region and class. */
import { from } from 'arquero';
import type { Provenance } from '../../../protocol/view.ts';
import { agreementRow } from '../../agreement/agreementTable.ts';
import { UserError } from '../../base/userError.ts';
import type { Scores } from '../../tables/scores.ts';
import { remarksOf, sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue, MeasurementsValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { cutPointsOf, provenanceOf, type Side, scoresOfSide } from './agreeSides.ts';
import { confidenceOf, regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { pairing, pooledLobes } from './pairing.ts';

/** `parameters` are told beside its own, where one side was made of several readings. */
export function agreeTwo(
  left: Side,
  right: Side,
  asked: AgreeArguments,
  parameters: Provenance['parameters'] = {},
): VerbResult {
  const cutPoints = cutPointsOf(left, right);
  const classes = asked.for;
  const readings = [scoresOfSide(left, cutPoints, classes), scoresOfSide(right, cutPoints, classes)] as const;
  const regions = regionsOf(asked);
  const weights = weightsOf(asked);
  const ci = confidenceOf(asked);
  const { patients, remarks: unmatched } = matchPatients(left.name, right.name, readings);
  const pairIn = pairing(readings, patients, cutPoints);
  const groups = asked.pooling
    ? classes.map((name) => pooledLobes((lobe) => pairIn(lobe, name)))
    : regions.flatMap((region) => classes.map((name) => pairIn(region, name)));
  const results = groups.map((group) => agreementRow(group, weights, ci));
  if (results.every(({ row }) => row.n === 0))
    throw new UserError(
      'no-pairs',
      `\`${left.name}\` and \`${right.name}\` share patients but no score of ${classes.join(', ')} in ${regions.join(', ')}.`,
    );
  const remarks = remarksOf(results, groups);
  const provenance = provenanceOf(left, right, {
    cutPoints,
    weights: weights.name,
    ci: ci.kind,
    ...('seed' in ci ? { repetitions: ci.repetitions, seed: ci.seed } : {}),
    ...(asked.pooling ? { pooling: 'lobes' } : {}),
    ...parameters,
  });
  const value: AgreementValue = {
    kind: 'agreement',
    table: from(results.map(({ row }) => row)),
    pairs: groups,
    names: { left: left.name, right: right.name },
    weights,
    cutPoints,
    measurements: [left, right].map((side) => side.value).find(isMeasured),
    isPercent: { left: isPercent(readings[0]), right: isPercent(readings[1]) },
    remarks,
    provenance,
  };
  return {
    value,
    remarks: [...unmatched, ...readings.flatMap((reading) => reading.remarks)],
    view: () =>
      tableView(value.table, {
        title: `Agreement of ${left.name} with ${right.name}`,
        notes: sentencesOf(remarks),
        researchOnly: true,
        provenance,
      }),
  };
}

/** Measurements that were read from a table know no CTs. */
function isMeasured(value: Side['value']): value is MeasurementsValue {
  return value.kind === 'measurements' && value.measured.length > 0;
}

function isPercent({ rows }: Scores): boolean {
  return rows.some(({ percent }) => percent !== undefined);
}
