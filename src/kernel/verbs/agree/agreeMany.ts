/** `agree` of three readings or more, from their tables. */
import { UserError } from '../../base/userError.ts';
import { scaleOfCuts } from '../../tables/scale.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';
import { isPlace } from '../places.ts';
import type { VerbResult } from '../verb.ts';
import { agreeReaders } from './agreeReaders.ts';
import { cutPointsOf, provenanceOf, type Side } from './agreeSides.ts';
import { bootstrapOf, comparedBy, confidenceOf, regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { classesCompared, excludedRemarks, patientsOfReadings, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';

export function agreeMany(sides: readonly Side[], asked: AgreeArguments): VerbResult {
  const ci = confidenceOf(asked);
  if (asked.pooling || ci.kind === 'jackknife' || ci.kind === 'bca')
    throw new UserError(
      'two-readings-only',
      `\`${asked.pooling ? 'pooling lobes' : `ci ${ci.kind}`}\` is for two readings, and there are ${sides.length} (${sides.map(({ name }) => name).join(', ')}).`,
      asked.pooling ? undefined : asked.ci.span,
    );
  const scored = sides.find(({ value }) => value.cutPoints) ?? sides[0]!;
  const cutPoints = sides.map((side) => cutPointsOf(scored, side))[0]!;
  const readers = readingsOf(sides, declaredScale(asked) ?? scaleOfCuts(cutPoints), asked);
  const { classes, remarks: unread } = classesCompared(asked, readers);
  const percent = readers.filter(({ scores }) => scores.rows.some((row) => row.percent !== undefined));
  const scale = scaleAsked(asked, cutPoints, percent.length > 0);
  const { patients, excluded } = patientsOfReadings(readers);
  const grouping = asked.by === undefined || isPlace(asked.by) ? undefined : groupsIn(sides, asked.by);
  const weights = weightsOf(asked);
  const bootstrap = bootstrapOf(asked);
  const parameters = {
    ...(percent.length ? { cutPoints } : {}),
    ...comparedBy(scale, weights, { kind: 'bootstrap', ...bootstrap }, asked),
    ci: 'of several readers',
    readings: sides.length,
    ...(percent.length === readers.length ? { compared: 'percentages' } : {}),
    ...(grouping ? { groupsBy: grouping.name, groups: grouping.groups.length } : {}),
  };
  const provenance = sides
    .slice(1)
    .reduce(
      (joined, side) => provenanceOf({ value: { provenance: joined } }, side, parameters),
      sides[0]!.value.provenance,
    );
  const result = agreeReaders({
    readers,
    patients,
    ...(grouping ? { grouping } : {}),
    regions: regionsOf(asked, readers),
    classes,
    cutPoints,
    scale,
    weights,
    bootstrap,
    provenance,
  });
  return {
    ...result,
    remarks: [
      ...(grouping ? ungroupedRemarks(grouping, patients) : []),
      ...unread,
      ...excludedRemarks(readers, excluded),
      ...readers.flatMap(({ scores }) => scores.remarks),
      ...(result.remarks ?? []),
    ],
  };
}
