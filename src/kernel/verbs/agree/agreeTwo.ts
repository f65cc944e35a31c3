/** `agree` of two readings: ρ and κ of each region and class. */
import { from } from 'arquero';
import type { Provenance } from '../../../protocol/view.ts';
import { type AgreementPairs, agreementRow } from '../../agreement/agreementTable.ts';
import { UserError } from '../../base/userError.ts';
import { type Scale, scaleOfCuts } from '../../tables/scale.ts';
import type { Scores } from '../../tables/scores.ts';
import { remarksOf, sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue, MeasurementsValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { cutPointsOf, provenanceOf, type Side } from './agreeSides.ts';
import { comparedBy, confidenceOf, refuseIdleSeed, regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { pairing, pooledLobes } from './pairing.ts';
import { classesCompared, type Reading, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';
import { agreementNotes, scaleRemarks } from './scaleNotes.ts';

/** `parameters` are told beside its own, where one side was made of several readings. */
export function agreeTwo(
  left: Side,
  right: Side,
  asked: AgreeArguments,
  parameters: Provenance['parameters'] = {},
): VerbResult {
  refuseIdleSeed(asked);
  const cutPoints = cutPointsOf(left, right);
  const declared = declaredScale(asked) ?? scaleOfCuts(cutPoints);
  const [a, b] = readingsOfTwo(left, right, declared, asked);
  const { classes, remarks: unread } = classesCompared(asked, [a, b]);
  const inPercent = { left: isPercent(a.scores), right: isPercent(b.scores) };
  const hasPercentages = inPercent.left || inPercent.right;
  const scale = scaleAsked(asked, cutPoints, hasPercentages);
  const regions = regionsOf(asked, [a, b]);
  const weights = weightsOf(asked);
  const ci = confidenceOf(asked);
  const { patients, excluded, remarks: unmatched } = matchPatients(a, b);
  const pairIn = pairing([a.scores, b.scores], patients, cutPoints, scale);
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
  const notes = (of: readonly AgreementPairs[]) => agreementNotes(of, scale, hasPercentages ? cutPoints : [], ci);
  const provenance = provenanceOf(left, right, {
    ...(hasPercentages ? { cutPoints } : {}),
    ...comparedBy(scale, weights, ci, asked),
    ...(asked.pooling ? { pooling: 'lobes' } : {}),
    ...parameters,
  });
  const value: AgreementValue = {
    kind: 'agreement',
    table: from(results.map(({ row }) => row)),
    pairs: groups,
    names: { left: left.name, right: right.name },
    weights,
    ci,
    cutPoints,
    excluded: [...excluded],
    notes,
    measurements: [left, right].map((side) => side.value).find(isMeasured),
    isPercent: inPercent,
    remarks,
    provenance,
  };
  return {
    value,
    remarks: [
      ...unread,
      ...unmatched,
      ...a.scores.remarks,
      ...b.scores.remarks,
      ...scaleRemarks(scale, groups, !hasPercentages),
    ],
    view: () =>
      tableView(value.table, {
        title: `Agreement of ${left.name} with ${right.name}`,
        notes: [...sentencesOf(remarks), ...notes(groups)],
        researchOnly: true,
        provenance,
      }),
  };
}

function readingsOfTwo(left: Side, right: Side, scale: Scale, asked: AgreeArguments): readonly [Reading, Reading] {
  const [a, b] = readingsOf([left, right], scale, asked);
  return [a!, b!];
}

/** Measurements that were read from a table know no CTs. */
function isMeasured(value: Side['value']): value is MeasurementsValue {
  return value.kind === 'measurements' && value.measured.length > 0;
}

function isPercent({ rows }: Scores): boolean {
  return rows.some(({ percent }) => percent !== undefined);
}
